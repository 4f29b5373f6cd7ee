using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Tokens;

namespace Workshop.ServiceDefaults.Inference;

/// <summary>What the routes of the Open Inference Protocol v2 ask their server. A model is named as its network.</summary>
public interface IInferenceServer
{
    /// <summary>Of the instance.</summary>
    string Name { get; }

    /// <summary>The names of all models.</summary>
    IReadOnlyList<string> Models { get; }

    /// <summary>What one of its models takes and answers.</summary>
    ModelMetadata Describe(string model);

    /// <summary>Whether one of its models can answer.</summary>
    bool IsReady(string model);
}

/// <summary>The Open Inference Protocol v2: <c>/v2</c> and below.</summary>
public static class InferenceRoutes
{
    /// <summary>Version of every model: the protocol wants one.</summary>
    public const string Version = "1";

    /// <summary>A thousand rows of <c>housing</c> are about 400 KB.</summary>
    private const int MaxBodyBytes = 2 * 1024 * 1024;

    /// <summary>Maps the protocol's routes over the service's <see cref="IInferenceServer"/>.</summary>
    /// <param name="routes">Of the service.</param>
    /// <param name="infer">Answers rows: what handles <c>POST …/infer</c>.</param>
    /// <param name="complete">Says the rest of that route.</param>
    public static void MapInference(
        this IEndpointRouteBuilder routes,
        Delegate infer,
        Action<RouteHandlerBuilder> complete
    )
    {
        var group = routes.MapGroup("/v2").WithTags("Predict").OpenTo("anybody");
        group
            .MapGet("/", (IInferenceServer server) => new ServerMetadata(server.Name, Version, []))
            .WithSummary("The server's name and version, in the inference protocol");
        group.MapGet("/health/live", () => new Liveness(true)).WithSummary("Whether the server runs");
        group
            .MapGet("/health/ready", Ready)
            .WithSummary("Whether every model can answer")
            .Produces<ServerReadiness>()
            .Produces<ServerReadiness>(StatusCodes.Status503ServiceUnavailable);
        foreach (var path in new[] { "/models/{model}", "/models/{model}/versions/{version}" })
        {
            group.MapGet(path, Describe).WithSummary("A model's inputs with their domains, and its outputs");
            group
                .MapGet(path + "/ready", ReadyModel)
                .WithSummary("Whether a model can answer")
                .Produces<ModelReadiness>()
                .Produces<ModelReadiness>(StatusCodes.Status503ServiceUnavailable);
            complete(group.MapPost(path + "/infer", infer).WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes)));
        }
    }

    /// <summary>404 for a model or a version that a server does not have; null for those it has.</summary>
    public static ProblemHttpResult? Refusal(this IInferenceServer server, string model, string? version) =>
        !server.Models.Contains(model, StringComparer.Ordinal) ? UnknownNetwork(model, server.Models)
        : version is null or Version ? null
        : Problems.Of(StatusCodes.Status404NotFound, $"{model} has no version '{version}'. Versions: {Version}.");

    /// <summary>404 for a network that is none.</summary>
    /// <param name="network">As it was asked for.</param>
    /// <param name="known">Those that are there.</param>
    public static ProblemHttpResult UnknownNetwork(string network, IEnumerable<string> known) =>
        Problems.Of(
            StatusCodes.Status404NotFound,
            $"There is no network '{network}'. Networks: {string.Join(", ", known)}."
        );

    private static JsonHttpResult<ServerReadiness> Ready(IInferenceServer server)
    {
        var ready = server.Models.All(server.IsReady);
        return Answer(ready, new ServerReadiness(ready, ready));
    }

    private static IResult Describe(string model, string? version, IInferenceServer server) =>
        server.Refusal(model, version) is { } refusal ? refusal : TypedResults.Ok(server.Describe(model));

    private static IResult ReadyModel(string model, string? version, IInferenceServer server)
    {
        if (server.Refusal(model, version) is { } refusal)
        {
            return refusal;
        }

        var ready = server.IsReady(model);
        return Answer(ready, new ModelReadiness(model, ready));
    }

    private static JsonHttpResult<T> Answer<T>(bool ready, T readiness) =>
        TypedResults.Json(
            readiness,
            statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable
        );
}

// The protocol's own words, undocumented: what is said of a type here would be said of it in every description.
internal sealed record Liveness(bool Live);

internal sealed record ServerReadiness(bool Live, bool Ready);

internal sealed record ModelReadiness(string Name, bool Ready);

internal sealed record ServerMetadata(string Name, string Version, IReadOnlyList<string> Extensions);
