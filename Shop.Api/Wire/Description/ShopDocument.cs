using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Scalar.AspNetCore;
using Workshop.ServiceDefaults.Description;
using Workshop.ServiceDefaults.Health;

namespace Shop.Api.Wire.Description;

/// <summary>The shop's description: <c>/openapi/v1.json</c> for programs, <c>/scalar</c> for people.</summary>
internal static class ShopDocument
{
    private const string Text = """
        Products, orders and carts of the workshop. Every instance is stateless; a request may go to any of them.
        Money is EUR with two fraction digits. Errors are problem documents (RFC 9457).
        """;

    public static void AddDescription(this IHostApplicationBuilder builder) =>
        builder.Services.AddOpenApi(options =>
        {
            options.AddSchemaTransformer(SchemaBounds.Apply);
            options.AddOperationTransformer(Operations.Apply);
            options.AddDocumentTransformer(Complete);
        });

    /// <summary>Scalar's script is served from here; nothing on the page comes from elsewhere.</summary>
    public static void MapDescription(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi();
        routes.MapScalarApiReference(options =>
            options
                .WithTitle("Workshop: the shop")
                .DisableDefaultFonts()
                .DisableTelemetry()
                .DisableAgent()
                .HideDeveloperTools()
                .WithDynamicBaseServerUrl()
                .WithDefaultHttpClient(ScalarTarget.Shell, ScalarClient.Curl)
        );
    }

    private static Task Complete(
        OpenApiDocument document,
        OpenApiDocumentTransformerContext context,
        CancellationToken ct
    )
    {
        document.Info = new()
        {
            Title = "Shop API",
            Version = "1",
            Description = Text,
            License = new() { Name = "MIT", Identifier = "MIT" },
            Contact = new() { Name = "Workshop" },
        };
        document.Servers = [ServiceDescription.Here()];
        document.AddComponent(ProblemAnswers.SchemaName, ProblemAnswers.Schema(document));
        document.Paths[HealthDefaults.AlivePath] = Probe("get-alive", "Liveness: the process answers", document);
        document.Paths[HealthDefaults.ReadyPath] = Probe("get-health", "Readiness: the database answers", document);
        return Task.CompletedTask;
    }

    private static OpenApiPathItem Probe(string id, string summary, OpenApiDocument document)
    {
        OpenApiResponse Answer(string description) =>
            new()
            {
                Description = description,
                Headers = HeaderTable.Describe([]),
                Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                {
                    ["text/plain"] = new OpenApiMediaType { Schema = ParameterTable.Text(1, 16) },
                },
            };

        document.Tags ??= new HashSet<OpenApiTag>();
        return new()
        {
            Operations = new()
            {
                [HttpMethod.Get] = new()
                {
                    OperationId = id,
                    Summary = summary,
                    Description = summary + ".",
                    Tags = new HashSet<OpenApiTagReference> { new("Operations", document) },
                    Responses = new() { ["200"] = Answer("Healthy."), ["503"] = Answer("Unhealthy.") },
                },
            },
        };
    }
}
