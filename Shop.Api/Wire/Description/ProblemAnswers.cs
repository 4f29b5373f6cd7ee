using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;
using Workshop.ServiceDefaults.Description;

namespace Shop.Api.Wire.Description;

/// <summary>The one shape of all errors, and what each status means here.</summary>
internal static class ProblemAnswers
{
    private const int MaxText = 16_384;

    private static readonly Dictionary<int, string> Meanings = new()
    {
        [400] = "Something in the request breaks a rule; `errors` names it.",
        [403] = "A page of another origin may not write here.",
        [404] = "There is no such product or order.",
        [406] = "The client accepts nothing of what this route answers with.",
        [408] = "The body did not come within 5 s.",
        [409] =
            "The state of the shop does not allow it: stock is short (`shortages` lists all, nothing is reserved), the "
            + "cart is empty or another than the one that was seen (`cart` has it as it is), or the first request with "
            + "this key is not done yet.",
        [412] = "The product is another than the client saw; `differs` has the members that are others now.",
        [413] = "The body is over 64 KiB.",
        [415] = "The body is not JSON.",
        [421] = "The `Host` is not a name of this machine.",
        [422] = "Products that do not exist (`missing` lists them), or a key that was used for another request.",
        [429] = "Too many requests from one client.",
        [500] = "A defect here. The trace id finds it in the logs.",
        [503] =
            "The database cannot take the request now. A write with a key is found again by it; of one without, it may not be "
            + "known whether it happened, and `detail` says so.",
    };

    /// <summary>The answer with that status.</summary>
    public static OpenApiResponse Describe(int status, OpenApiDocument document) =>
        new()
        {
            Description = Meanings.GetValueOrDefault(status) ?? ReasonPhrases.GetReasonPhrase(status),
            Headers = HeaderTable.Describe(status is 409 or 429 or 503 ? ["Retry-After"] : []),
            Content = ServiceDescription.ProblemContent(document),
        };

    private static OpenApiSchema Number() =>
        new()
        {
            Type = JsonSchemaType.Number,
            Format = "double",
            Minimum = "0",
            Maximum = "2147483647",
        };

    /// <summary>RFC 9457, with the members that the contract adds.</summary>
    public static OpenApiSchema Schema(OpenApiDocument document) =>
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
                ["type"] = ParameterTable.Text(1, MaxText),
                ["title"] = ParameterTable.Text(1, MaxText),
                ["status"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Integer,
                    Format = "int32",
                    Minimum = "400",
                    Maximum = "599",
                },
                ["detail"] = ParameterTable.Text(1, MaxText),
                ["instance"] = ParameterTable.Text(1, MaxText),
                ["traceId"] = ParameterTable.Text(1, 32, "^[0-9a-f]{32}$"),
                ["errors"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Description = "Member path to what is wrong with it.",
                    AdditionalProperties = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Array,
                        MaxItems = 100,
                        Items = ParameterTable.Text(1, MaxText),
                    },
                },
                ["shortages"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    MaxItems = 1000,
                    Items = new OpenApiSchemaReference("Shortage", document),
                },
                ["differs"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Description = "Members that are others than the client saw, as they are now.",
                    AdditionalProperties = new OpenApiSchema { OneOf = [ParameterTable.Text(0, MaxText), Number()] },
                },
                ["cart"] = new OpenApiSchemaReference("Cart", document),
                ["missing"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    MaxItems = 1000,
                    Items = ParameterTable.Uuid(),
                },
            },
        };
}
