using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Workshop.ServiceDefaults.Description;

namespace Shop.Api.Wire.Description;

/// <summary>What the shop's description says beyond those of the other services.</summary>
internal static class ShopDocument
{
    private const string Text = """
        Products, orders and carts of the workshop. Every instance is stateless; a request may go to any of them.
        Money is EUR with two fraction digits.
        """;

    public static void AddDescription(this IHostApplicationBuilder builder) =>
        builder.Services.AddOpenApi(options =>
        {
            options.AddSchemaTransformer(SchemaBounds.Apply);
            options.AddOperationTransformer(Operations.Apply);
            options.AddDocumentTransformer(Complete);
        });

    private static Task Complete(
        OpenApiDocument document,
        OpenApiDocumentTransformerContext context,
        CancellationToken ct
    )
    {
        document.Introduce("Shop API", Text);
        document.AddComponent(ServiceDescription.ProblemSchema, ProblemAnswers.Schema(document));
        document.AddProbes("the database answers", ParameterTable.Text(1, 16), HeaderTable.Describe([]));
        return Task.CompletedTask;
    }
}
