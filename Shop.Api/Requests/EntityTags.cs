using System.Globalization;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Workshop.ServiceDefaults.Errors;

namespace Shop.Api.Requests;

/// <summary>Entity tags over version numbers (RFC 9110, 8.8.3 and 13.1).</summary>
internal static class EntityTags
{
    /// <summary>The tag of a version, such as <c>"7"</c>.</summary>
    public static string Of(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>The versions that <c>If-Match</c> allows; null when any will do.</summary>
    /// <exception cref="InvalidRequestException">The header cannot be read.</exception>
    public static long[]? Allowed(HttpRequest request) =>
        request.Headers.IfMatch is { Count: > 0 } header ? Versions(Parse("If-Match", header), weakToo: false) : null;

    /// <summary>True if <c>If-None-Match</c> says that the client has <paramref name="version"/> already.</summary>
    /// <exception cref="InvalidRequestException">The header cannot be read.</exception>
    public static bool IsKnown(HttpRequest request, long version) =>
        request.Headers.IfNoneMatch is { Count: > 0 } header
        && (Versions(Parse("If-None-Match", header), weakToo: true)?.Contains(version) ?? true);

    private static IList<EntityTagHeaderValue> Parse(string name, StringValues header) =>
        EntityTagHeaderValue.TryParseStrictList(header, out var tags)
            ? tags
            : throw new InvalidRequestException(name, "Must be a list of entity tags such as \"7\", or *.");

    /// <summary>
    /// Tags that are no version of ours match nothing. A weak tag matches no precondition of a write.
    /// </summary>
    private static long[]? Versions(IList<EntityTagHeaderValue> tags, bool weakToo)
    {
        if (tags.Contains(EntityTagHeaderValue.Any))
        {
            return null;
        }

        var versions = new List<long>();
        foreach (var tag in tags)
        {
            var text = tag.Tag.AsSpan().Trim('"');
            if (
                (weakToo || !tag.IsWeak)
                && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            )
            {
                versions.Add(version);
            }
        }

        return [.. versions];
    }
}
