using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Consensus.Batches;
using Consensus.Clients;
using Consensus.Evaluation;
using Consensus.Ledger;
using Consensus.Limits;
using Consensus.Networks;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Workshop.Ledger.Mechanism;
using Workshop.Ledger.Networks;
using Workshop.Replicas;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Inference;
using Workshop.ServiceDefaults.Tokens;

namespace Consensus.Predict;

/// <summary>The Open Inference Protocol v2 over the consensus: a model of its own, named as its network.</summary>
internal static class ProtocolEndpoints
{
    private const string Version = NetworkMetadata.Version;

    /// <summary>A thousand rows of <c>housing</c> are about 400 KB.</summary>
    private const int MaximumBodyBytes = 2 * 1024 * 1024;

    internal static void MapProtocol(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v2").WithTags("Predict").OpenTo("anybody");
        group
            .MapGet("/", () => new ServerMetadata("consensus", Version, []))
            .WithSummary("The server's name and version, in the inference protocol");
        group.MapGet("/health/live", () => new Liveness(true)).WithSummary("Whether the server runs");
        group
            .MapGet(
                "/health/ready",
                (LedgerWriter ledger) =>
                {
                    var ready = Schema.All.All(schema => IsReady(schema, ledger));
                    return Answer(ready, new ServerReadiness(ready, ready));
                }
            )
            .WithSummary("Whether every model can answer");
        foreach (var path in new[] { "/models/{model}", "/models/{model}/versions/{version}" })
        {
            group
                .MapGet(path, (string model, string? version) => Find(model, version, NetworkMetadata.Answer))
                .WithSummary("A model's inputs with their domains, and its outputs");
            group
                .MapGet(
                    path + "/ready",
                    (string model, string? version, LedgerWriter ledger) =>
                        Find(model, version, schema => Readiness(schema, ledger))
                )
                .WithSummary("Whether a model can answer");
            group
                .MapPost(
                    path + "/infer",
                    async (
                        string model,
                        string? version,
                        InferRequest request,
                        Inferring inferring,
                        CancellationToken ct
                    ) =>
                    {
                        var schema = Schema.Find(model);
                        return schema is null || !IsVersion(version)
                            ? Unknown(model, version)
                            : await inferring.Infer(schema, request, ct);
                    }
                )
                .WithSummary("Answers rows, which are not scored")
                .WithMetadata(new RequestSizeLimitAttribute(MaximumBodyBytes), new AnsweredByEveryReplica())
                .RefusesHops()
                .RequireRateLimiting(QueueLimits.Questions);
        }
    }

    private static IResult Find(string model, string? version, Func<Schema, IResult> answer) =>
        Schema.Find(model) is { } schema && IsVersion(version) ? answer(schema) : Unknown(model, version);

    private static ProblemHttpResult Unknown(string model, string? version) =>
        Problems.Of(
            StatusCodes.Status404NotFound,
            Schema.Find(model) is null
                ? UnknownNetwork.Detail(model)
                : $"{model} has no version '{version}'. Versions: {Version}."
        );

    private static bool IsVersion(string? version) =>
        version is null || string.Equals(version, Version, StringComparison.Ordinal);

    /// <summary>Whether a member with influence is there to answer.</summary>
    private static bool IsReady(Schema schema, LedgerWriter ledger) =>
        Electorate.Of(ledger.Now.State, schema.Network.Name).Count > 0;

    private static JsonHttpResult<ModelReadiness> Readiness(Schema schema, LedgerWriter ledger)
    {
        var ready = IsReady(schema, ledger);
        return Answer(ready, new ModelReadiness(schema.Network.Name, ready));
    }

    private static JsonHttpResult<T> Answer<T>(bool ready, T readiness) =>
        TypedResults.Json(
            readiness,
            statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable
        );
}

/// <summary>Answers an inference request. Its rows are not scored: a batch is for that.</summary>
internal sealed class Inferring(PredictorClients clients, LedgerWriter ledger)
{
    private const double CentsPerUnit = 100;

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
        var answers = await Task.WhenAll(electors.Select(member => clients.For(member, schema).AskUnscored(lines, ct)));
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
                            rows.Select(row => row[0] / CentsPerUnit).ToArray(),
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

/// <summary>The answer of <c>GET /v2/health/live</c>.</summary>
/// <param name="Live">Always true: what does not live does not answer.</param>
internal sealed record Liveness(bool Live);

/// <summary>The answer of <c>GET /v2/health/ready</c>.</summary>
/// <param name="Live">The protocol's own name for it.</param>
/// <param name="Ready">Whether inferences of all models are answered.</param>
internal sealed record ServerReadiness(bool Live, bool Ready);

/// <summary>The answer of a model's readiness route.</summary>
/// <param name="Name">Of the model.</param>
/// <param name="Ready">Whether its inferences are answered.</param>
internal sealed record ModelReadiness(string Name, bool Ready);

/// <summary>The answer of <c>GET /v2</c>.</summary>
/// <param name="Name">Of the server.</param>
/// <param name="Version">Of its models.</param>
/// <param name="Extensions">Of the protocol: none.</param>
internal sealed record ServerMetadata(string Name, string Version, IReadOnlyList<string> Extensions);
