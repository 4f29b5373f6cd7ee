using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace Workshop.ServiceDefaults.Errors;

/// <summary>
/// 406 for a client that accepts nothing of what a route says it answers with (RFC 9110, 12.5.1). Routes that do not say
/// are left alone.
/// </summary>
internal static class Negotiation
{
    /// <summary>Of all that is answered as text; a client may ask for it by name.</summary>
    private const string Utf8 = "utf-8";

    internal static void UseNegotiation(this WebApplication app) =>
        app.Use(
            (context, next) =>
            {
                if (IsAcceptable(context))
                {
                    return next(context);
                }

                context.Response.StatusCode = StatusCodes.Status406NotAcceptable;
                return Task.CompletedTask;
            }
        );

    private static bool IsAcceptable(HttpContext context)
    {
        var accept = context.Request.Headers.Accept;
        if (accept.Count == 0 || accept is [null or "" or "*/*" or "application/json"])
        {
            return true;
        }

        var answers = context.GetEndpoint()?.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>();
        var types = answers?.SelectMany(answer => answer.ContentTypes).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (types is null or { Count: 0 } || !MediaTypeHeaderValue.TryParseList(accept, out var ranges))
        {
            return true;
        }

        foreach (var range in ranges.Where(range => range.Charset.HasValue))
        {
            range.Charset = HeaderUtilities.RemoveQuotes(range.Charset);
        }

        return types
            .Select(type => new MediaTypeHeaderValue(type) { Charset = Utf8 })
            .Any(type => Accepts(ranges, type));
    }

    /// <summary>The most specific range that matches decides; a weight of 0 means "not this".</summary>
    private static bool Accepts(IEnumerable<MediaTypeHeaderValue> ranges, MediaTypeHeaderValue type) =>
        ranges
            .Where(type.IsSubsetOf)
            .OrderBy(range => range.MatchesAllTypes)
            .ThenBy(range => range.MatchesAllSubTypes)
            .FirstOrDefault()
            is { } range
        && range.Quality != 0;
}
