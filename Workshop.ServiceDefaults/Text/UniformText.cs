using System.Buffers;
using System.Globalization;
using System.Text;

namespace Workshop.ServiceDefaults.Text;

/// <summary>
/// The one ruler for text: how it is made uniform at the door of a service, how long it is, and what may stand in it. Pages,
/// services and the database measure with it alike.
/// </summary>
public static class UniformText
{
    /// <summary>Letters and symbols that show nothing: fillers of Hangul, and the empty Braille cell.</summary>
    private static readonly SearchValues<char> Blank = SearchValues.Create("\u115F\u1160\u3164\uFFA0\u2800");

    /// <summary>Uniform text: Unicode NFC, line ends as line feeds, no white space around it.</summary>
    /// <param name="text">As it was sent.</param>
    /// <returns>Uniform; text with half a surrogate pair comes back as it is, for <see cref="IsPlain"/> to refuse.</returns>
    public static string Of(string text) =>
        IsWhole(text)
            ? CanonicalForm.Of(text.Trim().Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n'))
            : text;

    /// <summary>The same for text that may be missing.</summary>
    /// <param name="text">As it was sent, or null.</param>
    /// <returns>Uniform, or null.</returns>
    public static string? OfOptional(string? text) => text is null ? null : Of(text);

    /// <summary>Length in Unicode code points, as PostgreSQL's <c>char_length</c> counts.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The number of code points.</returns>
    public static int Length(string text)
    {
        var length = 0;
        foreach (var _ in text.EnumerateRunes())
        {
            length++;
        }

        return length;
    }

    /// <summary>Whether a database can store the text: no NUL, and no half of a surrogate pair.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>True when it can.</returns>
    public static bool IsWhole(string text)
    {
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var used) != OperationStatus.Done || rune.Value == 0)
            {
                return false;
            }

            rest = rest[used..];
        }

        return true;
    }

    /// <summary>
    /// Whether the text holds nothing that works on the text around it: no control characters, no line or paragraph
    /// separators, no bidirectional controls (U+202A-202E, U+2066-2069), no half of a surrogate pair.
    /// </summary>
    /// <param name="text">Uniform text.</param>
    /// <param name="mayHaveLines">Whether line feeds, and the separators of lines and paragraphs, are allowed.</param>
    /// <returns>True when it holds nothing of the kind.</returns>
    public static bool IsPlain(string text, bool mayHaveLines) =>
        IsWhole(text)
        && text.All(letter => (mayHaveLines && letter is '\n' or '\u2028' or '\u2029') || !IsControl(letter));

    /// <summary>Whether the text shows anything: a letter, digit, sign or symbol that is not blank by design.</summary>
    /// <param name="text">Uniform text.</param>
    /// <returns>False for white space, marks without a letter, joiners, fillers, and the like.</returns>
    public static bool IsVisible(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsVisible(rune))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsControl(char letter) =>
        char.IsControl(letter) || letter is (>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    private static bool IsVisible(Rune rune) =>
        !(rune.IsBmp && Blank.Contains((char)rune.Value))
        && Rune.GetUnicodeCategory(rune)
            is not (
                UnicodeCategory.SpaceSeparator
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.Surrogate
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.NonSpacingMark
                or UnicodeCategory.EnclosingMark
            );
}
