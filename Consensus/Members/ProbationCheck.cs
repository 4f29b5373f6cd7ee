using Consensus.Clients;
using Consensus.Predict;
using Workshop.Ledger.Mechanism;
using Workshop.Ledger.Networks;

namespace Consensus.Members;

/// <summary>What a newcomer answered to its first question of a network.</summary>
/// <param name="Network">For example <c>iris</c>.</param>
/// <param name="Question">Path and query that it was asked.</param>
/// <param name="Prediction">A label or a value.</param>
internal sealed record FirstAnswer(string Network, string Question, object Prediction);

/// <summary>How a newcomer's first questions went.</summary>
/// <param name="Problem">What is wrong with the first answer that is none, for people; null where all are.</param>
/// <param name="Answers">One per network, where there is no problem.</param>
internal sealed record ProbationResult(string? Problem, IReadOnlyList<FirstAnswer> Answers);

/// <summary>
/// The first questions to a new member, which nobody scores. The first of each network is a probe: what does not answer it is
/// no member. The others pay what first questions cost once (code that is not compiled yet on either side, connections that
/// are not open yet), which would make the member's first answers late.
/// </summary>
internal sealed class ProbationCheck(PredictorTransport transport, PredictorClients clients, TimeProvider time)
{
    /// <summary>For all of it; a registration does not wait longer.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private const int Rounds = 3;

    /// <summary>The answer to a row of each network, in one line.</summary>
    private const string RightForm =
        "{\"outputs\":[{\"name\":\"probabilities\",\"shape\":[1,3],\"datatype\":\"FP64\",\"data\":[0.98,0.015,0.005],"
        + "\"parameters\":{\"labels\":[\"setosa\",\"versicolor\",\"virginica\"]}}]}";

    private const string RightValue =
        "{\"outputs\":[{\"name\":\"value\",\"shape\":[1],\"datatype\":\"FP64\",\"data\":[181000]}]}";

    /// <summary>Asks each of its networks in each way that it will be asked; its answers have no consequence.</summary>
    internal async Task<ProbationResult> Check(Member member, IEnumerable<string> networks, CancellationToken ct)
    {
        using var timer = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, ct);
        var met = await Task.WhenAll(
            networks.Select(network => CheckNetwork(member, Schema.Find(network)!, either.Token))
        );
        var problem = met.Select(one => one.Problem).FirstOrDefault(problem => problem is not null);
        return new(problem, problem is null ? [.. met.Select(one => one.Answer!)] : []);
    }

    private async Task<(string? Problem, FirstAnswer? Answer)> CheckNetwork(
        Member member,
        Schema schema,
        CancellationToken limit
    )
    {
        var row = RowQuestion.Of(schema, schema.HeldOut[0].Line);
        var (answer, problem) = await transport.Probe(member.Url, schema.Network, row, limit);
        if (problem is not null)
        {
            var words =
                $"GET {member.Url}/{schema.Network.Name}/predict?... came back as {problem} "
                + $"Right is, for example: {(schema.Network.IsRegression ? RightValue : RightForm)}";
            return (words, null);
        }

        var client = clients.ForNewcomer(member, schema);
        for (var round = 0; round < Rounds && !limit.IsCancellationRequested; round++)
        {
            await client.WarmUp(row, limit);
        }

        return (null, new(schema.Network.Name, row.Path, ConsensusAnswer.Prediction(schema.Network, answer)));
    }
}
