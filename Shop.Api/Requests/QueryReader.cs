using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Text;

namespace Shop.Api.Requests;

/// <summary>
/// Reads a query string by the names that a route knows. Every parameter is read by one call; <see cref="Done"/> then
/// throws if any was malformed, given twice, or never asked for.
/// </summary>
/// <param name="request">The request.</param>
internal sealed class QueryReader(HttpRequest request)
{
    private readonly IQueryCollection query = request.Query;
    private readonly Dictionary<string, string[]> errors = new(StringComparer.Ordinal);
    private readonly HashSet<string> read = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Uniform text of 1 to <paramref name="maxLength"/> characters; empty means not given.</summary>
    public string? Text(string name, int maxLength) =>
        Value(name) is not { } value || UniformText.Of(value) is not { Length: > 0 } text ? null
        : UniformText.Length(text) <= maxLength && UniformText.IsPlain(text, mayHaveLines: false) ? text
        : Malformed<string>(name, $"Must be at most {maxLength} characters, without control characters.");

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public bool? Boolean(string name) =>
        Value(name) is not { } value ? null
        : value.Equals("true", StringComparison.OrdinalIgnoreCase) ? true
        : value.Equals("false", StringComparison.OrdinalIgnoreCase) ? false
        : Malformed<bool?>(name, "Must be true or false.");

    /// <summary>A number from 0, such as <c>12.50</c>.</summary>
    public decimal? Amount(string name) =>
        Value(name) is not { } value ? null
        : decimal.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var parsed) ? parsed
        : Malformed<decimal?>(name, "Must be a number from 0, such as 12.50.");

    /// <summary>A whole number in a range.</summary>
    public int? Whole(string name, int min, int max) =>
        Value(name) is not { } value ? null
        : int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed)
        && parsed >= min
        && parsed <= max
            ? parsed
        : Malformed<int?>(name, $"Must be a whole number from {min} to {max}.");

    /// <summary>One of the words of <paramref name="choices"/>.</summary>
    public T? Choice<T>(string name, IReadOnlyDictionary<string, T> choices)
        where T : struct =>
        Value(name) is not { } value ? null
        : choices.TryGetValue(value, out var choice) ? choice
        : Malformed<T?>(name, $"Must be one of {string.Join(", ", choices.Keys)}.");

    /// <summary>A place in a list, as <c>Link</c> gave it for this <paramref name="list"/>.</summary>
    public PagePlace? Place(string name, string list, Predicate<string> isKey) =>
        Value(name) is not { } value ? null
        : PagePlace.TryDecode(value, list, out var place) && isKey(place.Key) ? place
        : Malformed<PagePlace>(name, "Must be the value that Link gave for the same list and order.");

    /// <summary>Ends the reading.</summary>
    /// <exception cref="InvalidRequestException">Something in the query string is wrong.</exception>
    public void Done()
    {
        foreach (var name in query.Keys.Where(name => !read.Contains(name)))
        {
            errors[name] = ["No such parameter."];
        }

        foreach (var given in new QueryStringEnumerable(request.QueryString.Value))
        {
            if (!Escapes.AreText(given.EncodedValue.ToString()))
            {
                errors[given.DecodeName().ToString()] = ["Must be text in UTF-8; a percent sign is written %25."];
            }
        }

        if (errors.Count > 0)
        {
            throw new InvalidRequestException(errors);
        }
    }

    private string? Value(string name)
    {
        read.Add(name);
        if (query.Count == 0 || !query.TryGetValue(name, out var values))
        {
            return null;
        }

        return values.Count > 1 ? Malformed<string>(name, "Given more than once.")
            // Parsers of numbers pass over it.
            : values[0]?.Contains('\0', StringComparison.Ordinal) is true
                ? Malformed<string>(name, "Must not hold U+0000.")
            : values[0];
    }

    private T? Malformed<T>(string name, string rule)
    {
        errors[name] = [rule];
        return default;
    }
}
