using Consensus.Mechanism;
using Consensus.Networks;

namespace Consensus.Members;

/// <summary>
/// The first questions to a new member, which nobody scores. The first of each network is a probe: what does not answer it is
/// no member. The others pay what first questions cost once (code that is not compiled yet on either side, connections that
/// are not open yet), which would make the member's first answers late.
/// </summary>
internal sealed class Introduction(MemberGateway gateway, TimeProvider time)
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
    /// <returns>Null, or what is wrong with the first that did not answer, for people.</returns>
    internal async Task<string?> Meet(Member member, IEnumerable<string> networks, CancellationToken ct)
    {
        using var timer = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, ct);
        var problems = await Task.WhenAll(
            networks.Select(network => Meet(member, Schema.Find(network)!, either.Token))
        );
        return problems.FirstOrDefault(problem => problem is not null);
    }

    private async Task<string?> Meet(Member member, Schema schema, CancellationToken limit)
    {
        string[] lines = [schema.HeldOut[0].Line];
        if (await gateway.Probe(member.Url, schema, lines[0], limit) is { } problem)
        {
            return $"GET {member.Url}/{schema.Network.Name}/predict?... came back as {problem} "
                + $"Right is, for example: {(schema.Network.IsRegression ? RightValue : RightForm)}";
        }

        for (var round = 0; round < Rounds && !limit.IsCancellationRequested; round++)
        {
            var reply = await gateway.Ask(member, schema.Network, MemberGateway.QuestionOf(schema, lines[0]), limit);
            if (reply.Miss is null && string.Equals(member.Protocol, Registration.V2, StringComparison.Ordinal))
            {
                await gateway.AskManyBy(member, schema, lines, limit);
            }
        }

        return null;
    }
}
