using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Consensus.Batches;
using Consensus.Clients;
using Consensus.Evaluation;
using Consensus.Ledger;
using Consensus.Limits;
using Consensus.Networks;
using Workshop.Ledger.Mechanism;
using Workshop.Ledger.Networks;
using Workshop.Replicas;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Inference;

namespace Consensus.Predict;

/// <summary>The Open Inference Protocol v2 over the consensus: a model of its own, named as its network.</summary>
internal static class ProtocolEndpoints
{
    internal static void MapProtocol(this IEndpointRouteBuilder routes) =>
        routes.MapInference(
            async (
                string model,
                string? version,
                InferRequest request,
                Inferring inferring,
                IInferenceServer server,
                CancellationToken ct
            ) =>
                server.Refusal(model, version) is { } refusal
                    ? refusal
                    : await inferring.Infer(Schema.Find(model)!, request, ct),
            route =>
                route
                    .WithSummary("Answers rows, which are not scored")
                    .WithMetadata(new AnsweredByEveryReplica())
                    .RefusesHops()
                    .RequireRateLimiting(QueueLimits.Questions)
        );
}

/// <summary>The consensus on each network, as the protocol sees it.</summary>
internal sealed class InferenceServer(LedgerWriter ledger) : IInferenceServer
{
    public string Name => "consensus";

    public IReadOnlyList<string> Models { get; } = [.. Schema.All.Select(schema => schema.Network.Name)];

    public ModelMetadata Describe(string model) => NetworkMetadata.Of(Schema.Find(model)!);

    /// <summary>Whether a member with influence is there to answer.</summary>
    public bool IsReady(string model) => Electorate.Of(ledger.Now.State, model).Count > 0;
}

/// <summary>Answers an inference request. Its rows are not scored: a batch is for that.</summary>
internal sealed class Inferring(PredictorClients clients, LedgerWriter ledger, TimeProvider time)
{
    /// <summary>
    /// What a member has not answered by then is a miss: a slow one must not hold the place of a question for minutes.
    /// </summary>
    private static readonly TimeSpan LongestAsking = TimeSpan.FromSeconds(5);

    /// <summary>Asks all members all rows, and combines the answers under the weights in force.</summary>
    internal async Task<IResult> Infer(Schema schema, InferRequest request, CancellationToken ct)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var lines = TensorRows.Read(schema, request.Inputs, errors);
        var wanted = Wanted(schema.Network, request, errors);
        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        var state = ledger.Now.State;
        var electorate = Electorate.Of(state, schema.Network.Name);
        var members = FanOut.MembersOf(state, schema.Network.Name);
        var electors = members
            .Where(member => electorate.Names.Contains(member.Name, StringComparer.Ordinal))
            .ToArray();
        using var limit = new CancellationTokenSource(LongestAsking, time);
        var answers = await Task.WhenAll(
            electors.Select(member => clients.For(member, schema).AskUnscored(lines, ct, limit.Token))
        );
        var rows = new ImmutableArray<long>[lines.Length];
        for (var row = 0; row < rows.Length; row++)
        {
            var at = row;
            var byMember = electors
                .Select((member, index) => (member.Name, Answer: answers[index][at]))
                .ToDictionary(StringComparer.Ordinal);
            rows[row] = Aggregate.Of(schema.Network, electorate.Tally(byMember), state.Parameters);
        }

        return Array.Exists(rows, row => row.IsEmpty)
            ? Problems.Of(
                StatusCodes.Status503ServiceUnavailable,
                "No member with influence answered every row in time."
            )
            : TypedResults.Ok(Answer(schema.Network, request.Id, rows, wanted));
    }

    private static string[] Wanted(Network network, InferRequest request, Dictionary<string, string[]> errors)
    {
        string[] known = network.IsRegression ? ["value"] : ["label", "probabilities"];
        var outputs = request.Outputs ?? [];
        InferRequest.CheckOutputs(outputs, known, errors);
        return outputs.Count == 0 ? known : [.. outputs.Select(output => output.Name)];
    }

    private static InferAnswer Answer(
        Network network,
        string? id,
        ImmutableArray<long>[] rows,
        IReadOnlyList<string> wanted
    ) =>
        new(
            network.Name,
            "1",
            id ?? Guid.CreateVersion7().ToString(),
            [
                .. wanted.Select(name =>
                    name switch
                    {
                        "value" => new Output(
                            name,
                            [rows.Length],
                            "FP64",
                            rows.Select(row => Units.FromCents(row[0])).ToArray(),
                            null
                        ),
                        "label" => new Output(
                            name,
                            [rows.Length],
                            "BYTES",
                            rows.Select(row => ConsensusAnswer.Prediction(network, row)).ToArray(),
                            null
                        ),
                        _ => new Output(
                            name,
                            [rows.Length, network.AnswerLength],
                            "FP64",
                            rows.SelectMany(row => row.Select(Units.FromMillionths)).ToArray(),
                            new(network.Classes)
                        ),
                    }
                ),
            ]
        );
}

/// <summary>The protocol's inference response.</summary>
/// <param name="ModelName">The network.</param>
/// <param name="ModelVersion">Of the format.</param>
/// <param name="Id">Of the request, or made for it.</param>
/// <param name="Outputs">Those that were wanted.</param>
internal sealed record InferAnswer(
    [property: JsonPropertyName("model_name")] string ModelName,
    [property: JsonPropertyName("model_version")] string ModelVersion,
    string Id,
    IReadOnlyList<Output> Outputs
);
