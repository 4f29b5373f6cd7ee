using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Predictors.Data;
using Predictors.Models;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Identity;
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

    internal static IEndpointRouteBuilder MapProtocol(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v2").OpenTo("anybody");
        group.MapGet("/", Server);
        group.MapGet("/health/live", () => new Liveness(true));
        group.MapGet("/health/ready", Ready);
        group.MapGet("/models/{model}", Model);
        group.MapGet("/models/{model}/ready", ModelReady);
        group
            .MapPost("/models/{model}/infer", Infer)
            .WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes))
            .AnsweredAtOnce();
        return routes;
    }

    private static ServerMetadata Server(IConfiguration configuration, IHostEnvironment environment) =>
        new(ServedBy.InstanceName(configuration, environment), Inference.ModelVersion, []);

    private static Results<Ok<Readiness>, JsonHttpResult<Readiness>> Ready(ModelHost models) =>
        Readiness(models.Ready.IsCompletedSuccessfully);

    private static Results<Ok<ModelMetadata>, ProblemHttpResult> Model(string model, ModelHost models) =>
        Networks.Find(model) is { } network
            ? TypedResults.Ok(ModelMetadata.Of(network, models.Learner.Name))
            : PredictEndpoints.NotFound(model);

    private static IResult ModelReady(string model, ModelHost models) =>
        Networks.Find(model) is { } network
            ? Readiness(models.Find(network) is not null)
            : PredictEndpoints.NotFound(model);

    private static Results<Ok<Readiness>, JsonHttpResult<Readiness>> Readiness(bool ready) =>
        ready
            ? TypedResults.Ok(new Readiness(ready))
            : TypedResults.Json(new Readiness(ready), statusCode: StatusCodes.Status503ServiceUnavailable);

    private static async Task Infer(string model, InferRequest request, HttpContext http, Answering answering)
    {
        if (Networks.Find(model) is not { } network)
        {
            await PredictEndpoints.NotFound(model).ExecuteAsync(http);
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
        string[] known = Inference.OutputsOf(network);
        var errors = (request.Outputs ?? [])
            .Select((output, index) => (output.Name, Path: $"outputs[{index}].name"))
            .Where(output => !known.Contains(output.Name, StringComparer.Ordinal))
            .ToDictionary(
                output => output.Path,
                _ => new[] { $"Must be one of: {string.Join(", ", known)}." },
                StringComparer.Ordinal
            );
        return errors.Count > 0 ? errors : null;
    }
}

/// <summary>The answer of <c>GET /v2/health/live</c>.</summary>
/// <param name="Live">Always true: what does not live does not answer.</param>
internal sealed record Liveness(bool Live);

/// <summary>The answer of the readiness routes.</summary>
/// <param name="Ready">Whether inferences are answered.</param>
internal sealed record Readiness(bool Ready);

/// <summary>The answer of <c>GET /v2</c>.</summary>
/// <param name="Name">Of the instance.</param>
/// <param name="Version">Of its models.</param>
/// <param name="Extensions">Of the protocol: none.</param>
internal sealed record ServerMetadata(string Name, string Version, IReadOnlyList<string> Extensions);
