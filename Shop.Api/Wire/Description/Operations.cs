using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Shop.Api.Orders;
using Workshop.ServiceDefaults.Description;

namespace Shop.Api.Wire.Description;

/// <summary>Completes operations: parameters, headers, examples, and every status that they answer with.</summary>
internal static class Operations
{
    /// <summary>Problems that any route may answer with; a body may come along everywhere.</summary>
    private static readonly int[] OfAll = [406, 408, 413, 421, 429, 500];

    /// <summary>Problems of routes that write: who asks is looked at, and what the body is.</summary>
    private static readonly int[] OfWrites = [403, 415];

    /// <summary>Completes one operation.</summary>
    public static async Task Apply(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken ct
    )
    {
        var document = context.Document ?? throw new InvalidOperationException("An operation is part of a document.");
        var facts = context.Description.ActionDescriptor.EndpointMetadata.OfType<RouteFacts>().FirstOrDefault();
        operation.OperationId = ServiceDescription.IdOf(
            context.Description.HttpMethod,
            context.Description.RelativePath
        );
        operation.Parameters = [.. Parameters(context.Description.RelativePath, facts)];
        operation.Responses ??= [];
        foreach (var response in operation.Responses.Values.OfType<OpenApiResponse>())
        {
            response.Headers = HeaderTable.Describe(facts?.Headers ?? []);
        }

        if (facts is null)
        {
            operation.Description ??= operation.Summary is { } summary ? $"{summary}." : null;
            AddProblems(operation, OfAll, document);
            return;
        }

        operation.Summary = facts.Summary;
        operation.Description ??= facts.Summary + ".";
        var hasBody = operation.RequestBody is OpenApiRequestBody;
        if (operation.RequestBody is OpenApiRequestBody { Content: { } content } body && facts.Example is { } example)
        {
            body.Required = context.Description.ParameterDescriptions.Any(one =>
                one.Source == BindingSource.Body && one.IsRequired
            );
            foreach (var media in content.Values.OfType<OpenApiMediaType>())
            {
                media.Example = JsonNode.Parse(example);
                // A body that may be left out may still not be null; the framework describes both as one.
                if (media.Schema?.OneOf is { Count: > 0 } choices)
                {
                    media.Schema = choices.Single(choice => choice.Type is not JsonSchemaType.Null);
                }
            }
        }

        document.AddComponent(
            nameof(Shortage),
            await context.GetOrCreateSchemaAsync(typeof(Shortage), parameterDescription: null, ct)
        );
        var isWrite = !HttpMethods.IsGet(context.Description.HttpMethod ?? HttpMethods.Get);
        int[] own = [.. facts.Problems, .. hasBody || operation.Parameters.Count > 0 ? [400] : Array.Empty<int>()];
        AddProblems(operation, [.. own, .. isWrite ? OfWrites : [], .. OfAll, 503], document);
    }

    private static void AddProblems(OpenApiOperation operation, IEnumerable<int> statuses, OpenApiDocument document)
    {
        foreach (var status in statuses.Distinct().Order())
        {
            var key = status.ToString(System.Globalization.CultureInfo.InvariantCulture);
            operation.Responses!.TryAdd(key, ProblemAnswers.Describe(status, document));
        }
    }

    private static IEnumerable<IOpenApiParameter> Parameters(string? path, RouteFacts? facts)
    {
        var inPath = (path ?? "").Split('/').Where(part => part.StartsWith('{')).Select(part => part.Trim('{', '}'));
        return inPath.Concat(facts?.Parameters ?? []).Select(ParameterTable.Describe);
    }
}
