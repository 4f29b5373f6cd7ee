using System.Globalization;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Workshop.ServiceDefaults.Errors;

namespace Shop.Api.Requests;

/// <summary>
/// Entity tags (RFC 9110, 8.8.3): the timeline that wrote a version, and the version. A version counter goes back when a
/// failover loses writes; with its timeline it never stands for two states.
/// </summary>
internal static class EntityTags
{
    /// <summary>The tag of a version, such as <c>"1-7"</c>.</summary>
    public static string Of(long timeline, long version) =>
        string.Create(CultureInfo.InvariantCulture, $"\"{timeline}-{version}\"");
}

/// <summary>What a request says of the state that it is about (RFC 9110, 13.1).</summary>
internal sealed class Precondition
{
    private readonly IList<EntityTagHeaderValue>? match;
    private readonly IList<EntityTagHeaderValue>? noneMatch;

    private Precondition(IList<EntityTagHeaderValue>? match, IList<EntityTagHeaderValue>? noneMatch) =>
        (this.match, this.noneMatch) = (match, noneMatch);

    /// <summary>Reads <c>If-Match</c> and <c>If-None-Match</c>.</summary>
    /// <exception cref="InvalidRequestException">One of them cannot be read.</exception>
    public static Precondition Of(HttpRequest request) =>
        new(Parse("If-Match", request.Headers.IfMatch), Parse("If-None-Match", request.Headers.IfNoneMatch));

    /// <summary>Whether a write may change what has this tag.</summary>
    public bool AllowsWrite(string tag) => IsMatched(tag) && !IsKnown(tag);

    /// <summary>Whether <c>If-Match</c>, where there is one, names this tag. A weak tag never does.</summary>
    public bool IsMatched(string tag) => match?.Any(one => IsAny(one) || (!one.IsWeak && IsSame(one, tag))) ?? true;

    /// <summary>Whether the client says that it has what has this tag already.</summary>
    public bool IsKnown(string tag) => noneMatch?.Any(one => IsAny(one) || IsSame(one, tag)) ?? false;

    private static bool IsAny(EntityTagHeaderValue tag) => tag.Equals(EntityTagHeaderValue.Any);

    private static bool IsSame(EntityTagHeaderValue given, string tag) =>
        given.Tag.Equals(tag, StringComparison.Ordinal);

    private static IList<EntityTagHeaderValue>? Parse(string name, StringValues header) =>
        header.Count == 0 ? null
        : EntityTagHeaderValue.TryParseStrictList(header, out var tags) ? tags
        : throw new InvalidRequestException(name, "Must be a list of entity tags such as \"1-7\", or *.");
}
