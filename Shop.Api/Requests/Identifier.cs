using System.Buffers;

namespace Shop.Api.Requests;

/// <summary>
/// Ids as text: 36 characters with hyphens, in either case, as in JSON bodies. <see cref="Guid"/> also reads ids without
/// hyphens, in braces, with outer blanks and with signs inside; one thing would have many addresses.
/// </summary>
internal static class Identifier
{
    /// <summary>Length of an id, in characters.</summary>
    public const int Length = 36;

    /// <summary>The rule, for a person.</summary>
    public const string Rule = "Must be a UUID of 36 characters, such as 01941f2a-6660-7000-8000-000000000001.";

    private static readonly SearchValues<char> Allowed = SearchValues.Create("0123456789abcdefABCDEF-");

    /// <summary>Reads text that keeps the rule.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Guid id)
    {
        if (text.Length == Length && !text.ContainsAnyExcept(Allowed))
        {
            return Guid.TryParseExact(text, "D", out id);
        }

        id = default;
        return false;
    }
}
