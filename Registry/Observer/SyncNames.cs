using System.Globalization;
using System.Text.RegularExpressions;

namespace Registry.Observer;

/// <summary>What <c>synchronous_standby_names</c> makes a commit wait for.</summary>
/// <param name="Count">How many standbys; 0 when it waits for nobody.</param>
/// <param name="IsQuorum">Any so many of those that are named, and not the first ones.</param>
internal sealed partial record SyncNames(int Count, bool IsQuorum)
{
    /// <summary>
    /// Reads the setting as PostgreSQL does: <c>FIRST n (...)</c>, <c>ANY n (...)</c>, <c>n (...)</c> or names alone.
    /// </summary>
    public static SyncNames Parse(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return new(0, IsQuorum: false);
        }

        var form = Form().Match(text);
        return form.Success
            ? new(int.Parse(form.Groups["count"].ValueSpan, CultureInfo.InvariantCulture), form.Groups["any"].Success)
            : new(1, IsQuorum: false);
    }

    [GeneratedRegex(
        @"^\s*(?:(?<any>ANY\s)|FIRST\s)?\s*(?<count>[0-9]{1,6})\s*\(",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Form();
}
