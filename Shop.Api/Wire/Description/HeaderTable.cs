using Microsoft.OpenApi;

namespace Shop.Api.Wire.Description;

/// <summary>All response headers of the shop, each described once.</summary>
internal static class HeaderTable
{
    /// <summary>Longest value of a header that holds a link or a trace.</summary>
    private const int MaxLength = 8192;

    private static readonly Dictionary<string, string> Table = new(StringComparer.Ordinal)
    {
        ["X-Served-By"] = "The instance that answered.",
        ["traceresponse"] = "The W3C trace of this answer.",
        ["X-RateLimit-Limit"] = "Requests per second that one client may keep up.",
        ["Retry-After"] = "When to ask again, in whole seconds.",
        ["ETag"] = "The version, as an entity tag.",
        ["Location"] = "Where what was made is found.",
        ["Link"] = "Where the next page is, while there is more.",
        ["X-Total-Count"] = "How many entries there are in all, when paging.",
        ["Idempotency-Replayed"] = "`true` when this is the stored answer to an earlier request.",
        ["Allow"] = "The methods that the address takes.",
    };

    private static readonly string[] OfAll = ["X-Served-By", "traceresponse", "X-RateLimit-Limit"];

    /// <summary>The headers that all answers have, and <paramref name="more"/>.</summary>
    public static Dictionary<string, IOpenApiHeader> Describe(IEnumerable<string> more) =>
        OfAll
            .Concat(more)
            .ToDictionary(
                name => name,
                name =>
                    (IOpenApiHeader)
                        new OpenApiHeader { Description = Table[name], Schema = ParameterTable.Text(0, MaxLength) },
                StringComparer.Ordinal
            );
}
