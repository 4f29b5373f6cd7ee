using System.Globalization;
using System.Net.Mime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.OpenApi;
using Scalar.AspNetCore;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Health;

namespace Workshop.ServiceDefaults.Description;

/// <summary>A service's description: <c>/openapi/v1.json</c> for programs, <c>/scalar</c> for people.</summary>
public static class ServiceDescription
{
    /// <summary>Name of the schema of errors.</summary>
    public const string ProblemSchema = "Problem";

    /// <summary>Another name matches no route and gets the common 404; the framework's own is plain text.</summary>
    private const string Route = "/openapi/{documentName:regex(^v1$)}.json";

    private const string Operations = "Operations";

    private const int LongestAnswer = 64;

    /// <summary>Has the routes of the service described.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="title">The service's name.</param>
    /// <param name="text">What it is, in a sentence or two.</param>
    public static void AddDescription(this IHostApplicationBuilder builder, string title, string text) =>
        builder.Services.AddOpenApi(options =>
        {
            options.AddOperationTransformer(AddProblems);
            options.AddDocumentTransformer(
                (document, _, _) =>
                {
                    Complete(document, title, text);
                    return Task.CompletedTask;
                }
            );
        });

    /// <summary>Maps both addresses. Scalar's script is served from here; nothing on its page comes from elsewhere.</summary>
    /// <param name="app">The application.</param>
    /// <param name="title">The service's name.</param>
    public static void MapDescription(this WebApplication app, string title)
    {
        app.MapOpenApi(Route);
        app.MapScalarApiReference(options =>
            options
                .WithTitle($"Workshop: {title}")
                .DisableDefaultFonts()
                .DisableTelemetry()
                .DisableAgent()
                .HideDeveloperTools()
                .WithDynamicBaseServerUrl()
                .WithDefaultHttpClient(ScalarTarget.Shell, ScalarClient.Curl)
        );
    }

    /// <summary>
    /// Says what the service is, and where. That is relative: whatever address the reader came by is where requests go, and
    /// what examples say.
    /// </summary>
    /// <param name="document">The description.</param>
    /// <param name="title">The service's name.</param>
    /// <param name="text">What it is, in a sentence or two.</param>
    public static void Introduce(this OpenApiDocument document, string title, string text)
    {
        document.Info = new()
        {
            Title = title,
            Version = "1",
            Description = text + " Errors are problem documents (RFC 9457).",
            License = new() { Name = "MIT", Identifier = "MIT" },
            Contact = new() { Name = "Workshop" },
        };
        document.Servers =
        [
            new() { Url = "/", Description = "The local workshop, at the address that this description comes from." },
        ];
    }

    private static void Complete(OpenApiDocument document, string title, string text)
    {
        document.Introduce(title, text);
        document.AddComponent(ProblemSchema, Problem());
        // Every answer that names the framework's own was given ours.
        document.Components?.Schemas?.Remove(nameof(Microsoft.AspNetCore.Mvc.ProblemDetails));
        document.AddProbes("all checks are good", new() { Type = JsonSchemaType.String, MaxLength = LongestAnswer });
        document.Tags!.Add(new() { Name = Operations, Description = "Is it there, and is it well?" });
    }

    /// <summary>Describes the probes.</summary>
    /// <param name="document">The description.</param>
    /// <param name="ready">What readiness means.</param>
    /// <param name="word">The schema of what they answer when all is well.</param>
    /// <param name="headers">Of their answers.</param>
    public static void AddProbes(
        this OpenApiDocument document,
        string ready,
        OpenApiSchema word,
        IDictionary<string, IOpenApiHeader>? headers = null
    )
    {
        document.Tags ??= new HashSet<OpenApiTag>();
        Add(HealthDefaults.AlivePath, "get-alive", "Liveness: the process answers");
        Add(HealthDefaults.ReadyPath, "get-health", $"Readiness: {ready}");

        void Add(string path, string id, string summary) =>
            document.Paths[path] = new OpenApiPathItem
            {
                Operations = new()
                {
                    [HttpMethod.Get] = new()
                    {
                        OperationId = id,
                        Summary = summary,
                        Description = summary + ".",
                        Tags = new HashSet<OpenApiTagReference> { new(Operations, document) },
                        Responses = new()
                        {
                            ["200"] = Answer(
                                "Healthy.",
                                new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                                {
                                    ["text/plain"] = new OpenApiMediaType { Schema = word },
                                }
                            ),
                            ["503"] = Answer(
                                "Unhealthy; the problem names the checks that failed.",
                                ProblemContent(document)
                            ),
                        },
                    },
                },
            };

        OpenApiResponse Answer(string description, IDictionary<string, OpenApiMediaType> content) =>
            new()
            {
                Description = description,
                Headers = headers,
                Content = content,
            };
    }

    /// <summary>
    /// Any route may answer with a problem; the statuses that a route names keep their own words. What a route does not say
    /// of itself is said from its address and its summary.
    /// </summary>
    private static Task AddProblems(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken ct
    )
    {
        operation.OperationId ??= IdOf(context.Description.HttpMethod, context.Description.RelativePath);
        operation.Description ??= operation.Summary is { } summary ? $"{summary}." : null;
        operation.Responses ??= [];
        foreach (
            var (status, response) in operation.Responses.Where(pair =>
                int.TryParse(pair.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status >= 400
            )
        )
        {
            // "Not ready" is an answer of the protocol's own.
            if (response.Content?.ContainsKey(MediaTypeNames.Application.Json) is not true)
            {
                (response as OpenApiResponse)!.Content = ProblemContent(context.Document);
            }
        }

        operation.Responses.TryAdd(
            "default",
            new OpenApiResponse { Description = "A problem.", Content = ProblemContent(context.Document) }
        );
        return Task.CompletedTask;
    }

    /// <summary>The name of an operation; for example <c>put-cart-userId-item-productId</c>.</summary>
    /// <param name="method">GET where it is null.</param>
    /// <param name="path">Its route.</param>
    public static string IdOf(string? method, string? path) =>
        string.Join(
            '-',
            (path ?? "")
                .Split('/', StringSplitOptions.RemoveEmptyEntries)
                .Select(part => part.Trim('{', '}'))
                .Prepend((method ?? "GET").ToLowerInvariant())
        );

    /// <summary>What an error answers.</summary>
    /// <param name="document">The description.</param>
    public static IDictionary<string, OpenApiMediaType> ProblemContent(OpenApiDocument? document) =>
        new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
        {
            [Problems.MediaType] = new OpenApiMediaType
            {
                Schema = new OpenApiSchemaReference(ProblemSchema, document),
            },
        };

    private static OpenApiSchema Problem() =>
        new()
        {
            Type = JsonSchemaType.Object,
            Description = "A problem document (RFC 9457).",
            Required = new HashSet<string>(
                ["type", "title", "status", "detail", "instance", "traceId"],
                StringComparer.Ordinal
            ),
            Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
            {
                ["type"] = Text(),
                ["title"] = Text(),
                ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" },
                ["detail"] = Text(),
                ["instance"] = Text(),
                ["traceId"] = Text(),
                ["errors"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Description = "Member path to what is wrong with it.",
                    AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = Text() },
                },
            },
        };

    private static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };
}
