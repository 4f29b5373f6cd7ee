using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Workshop.ServiceDefaults.Text;

namespace Shop.Api.Requests;

/// <summary>
/// A place in a list that is read page by page: the sort key and the id of the last entry seen. What comes after it is
/// found by comparison, so entries that come and go meanwhile neither repeat nor hide others.
/// </summary>
/// <param name="Key">The sort key as text.</param>
/// <param name="Id">The entry.</param>
internal sealed record PagePlace(string Key, Guid Id)
{
    /// <summary>Longest encoded place: a name of 200 characters of four bytes, in base 64, and some.</summary>
    private const int MaxEncodedLength = 1400;

    /// <summary>Writes the place for a client to hand back.</summary>
    /// <param name="list">Which list, in which order; a place of another one is refused.</param>
    /// <returns>Characters that need no escaping in a query.</returns>
    public string Encode(string list) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{list}|{Id:D}|{Key}"));

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <param name="text">What the client handed back.</param>
    /// <param name="list">Which list, in which order.</param>
    /// <param name="place">The place.</param>
    /// <returns>False for anything else.</returns>
    public static bool TryDecode(string text, string list, [NotNullWhen(true)] out PagePlace? place)
    {
        place = null;
        if (text.Length > MaxEncodedLength || !Base64Url.IsValid(text))
        {
            return false;
        }

        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split('|', 3);
        if (
            parts.Length != 3
            || !string.Equals(parts[0], list, StringComparison.Ordinal)
            || !Identifier.TryParse(parts[1], out var id)
            || !UniformText.IsWhole(parts[2])
        )
        {
            return false;
        }

        place = new(parts[2], id);
        return true;
    }

    /// <summary>The value of <c>Link</c> (RFC 8288) that leads to the page after this place.</summary>
    /// <param name="request">The request for the page before.</param>
    /// <param name="list">Which list, in which order.</param>
    /// <returns>A reference relative to the host, so that any instance may answer it.</returns>
    public string LinkNext(HttpRequest request, string list)
    {
        var rest = request.Query.Where(pair => !pair.Key.Equals("after", StringComparison.OrdinalIgnoreCase));
        var query = QueryString.Create(rest).Add("after", Encode(list));
        return $"<{request.PathBase}{request.Path.ToUriComponent()}{query.ToUriComponent()}>; rel=\"next\"";
    }
}
