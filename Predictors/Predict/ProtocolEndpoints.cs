using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Predictors.Data;
using Predictors.Models;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Identity;
using Workshop.ServiceDefaults.Inference;
using Workshop.ServiceDefaults.Sockets;
using Workshop.ServiceDefaults.Tokens;

namespace Predictors.Predict;

/// <summary>The Open Inference Protocol v2: <c>/v2</c> and below. A model is named as its network.</summary>
internal static class ProtocolEndpoints
{
    /// <summary>A thousand rows of <c>housing</c> are about 400 KB.</summary>
    private const int MaxBodyBytes = 2 * 1024 * 1024;

    /// <summary>Rows of one request that are answered on the socket's thread at most; more would keep others waiting.</summary>
    private const int RowsOnSocketThread = 64;

    internal static void MapProtocol(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v2").WithTags("Predict").OpenTo("anybody");
        group.MapGet("/", Server).WithSummary("The server's name and version, in the inference protocol");
        group.MapGet("/health/live", () => new Liveness(true)).WithSummary("Whether the server runs");
        group.MapGet("/health/ready", Ready).WithSummary("Whether every model can answer");
        foreach (var path in new[] { "/models/{model}", "/models/{model}/versions/{version}" })
        {
            group
                .MapGet(
                    path,
                    (string model, string? version, ModelHost models) =>
                        Find(
                            model,
                            version,
                            network => TypedResults.Ok(NetworkMetadata.Of(network, models.Learner.Name))
                        )
                )
                .WithSummary("A model's inputs with their domains, and its outputs");
            group
                .MapGet(
                    path + "/ready",
                    (string model, string? version, ModelHost models) =>
                        Find(model, version, network => Readiness(network, models))
                )
                .WithSummary("Whether a model can answer");
            group
                .MapPost(path + "/infer", Infer)
                .WithSummary("Answers rows")
                .WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes))
                .AnsweredAtOnce();
        }
    }

    private static ServerMetadata Server(IConfiguration configuration, IHostEnvironment environment) =>
        new(ServedBy.InstanceName(configuration, environment), Inference.ModelVersion, []);

    private static JsonHttpResult<ServerReadiness> Ready(ModelHost models)
    {
        var ready = models.Ready.IsCompletedSuccessfully;
        return Answer(ready, new ServerReadiness(ready, ready));
    }

    private static JsonHttpResult<ModelReadiness> Readiness(Network network, ModelHost models)
    {
        var ready = models.Find(network) is not null;
        return Answer(ready, new ModelReadiness(network.Name, ready));
    }

    private static JsonHttpResult<T> Answer<T>(bool ready, T readiness) =>
        TypedResults.Json(
            readiness,
            statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable
        );

    private static IResult Find(string model, string? version, Func<Network, IResult> answer) =>
        Networks.Find(model) is { } network && IsVersion(version) ? answer(network) : Unknown(model, version);

    private static ProblemHttpResult Unknown(string model, string? version) =>
        Networks.Find(model) is null
            ? PredictEndpoints.NotFound(model)
            : Problems.Of(
                StatusCodes.Status404NotFound,
                $"{model} has no version '{version}'. Versions: {Inference.ModelVersion}."
            );

    private static bool IsVersion(string? version) =>
        version is null || string.Equals(version, Inference.ModelVersion, StringComparison.Ordinal);

    private static async Task Infer(
        string model,
        string? version,
        InferRequest request,
        HttpContext http,
        Answering answering
    )
    {
        if (Networks.Find(model) is not { } network || !IsVersion(version))
        {
            await Unknown(model, version).ExecuteAsync(http);
            return;
        }

        var errors = TensorRows.Read(network, request.Inputs, out var rows) ?? CheckOutputs(network, request);
        if (errors is not null)
        {
            await Problems.Invalid(errors).ExecuteAsync(http);
            return;
        }

        if (rows.Length > RowsOnSocketThread)
        {
            // On, in the thread pool.
            await Task.Yield();
        }

        await answering.Answer(
            http,
            network,
            rows,
            request.Id,
            [.. request.Outputs?.Select(output => output.Name) ?? []]
        );
    }

    private static Dictionary<string, string[]>? CheckOutputs(Network network, InferRequest request)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        InferRequest.CheckOutputs(request.Outputs ?? [], Inference.OutputsOf(network), errors);
        return errors.Count > 0 ? errors : null;
    }
}

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
/// <param name="Name">Of the instance.</param>
/// <param name="Version">Of its models.</param>
/// <param name="Extensions">Of the protocol: none.</param>
internal sealed record ServerMetadata(string Name, string Version, IReadOnlyList<string> Extensions);
