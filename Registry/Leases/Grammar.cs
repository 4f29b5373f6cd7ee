using System.Globalization;
using System.Text.RegularExpressions;

namespace Registry.Leases;

/// <summary>What may stand in a registration and in a query.</summary>
internal static partial class Grammar
{
    /// <summary>Longest time that a long poll waits; a longer wish is cut to it.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    private const int MaxHostLength = 253;
    private const int MaxPort = 65535;

    /// <summary>1 to 64 letters, digits, dots, hyphens or underscores; the first is a letter or a digit.</summary>
    public static bool IsName(string text) => Name().IsMatch(text);

    /// <summary>
    /// <c>host:port</c>: a DNS name, an IPv4 address or an IPv6 address in brackets, and a port of 1 to 65535.
    /// </summary>
    public static bool IsAddress(string text) =>
        Address().Match(text) is { Success: true } match
        && match.Groups["host"].Value is { Length: <= MaxHostLength } host
        && Uri.CheckHostName(host) is not UriHostNameType.Unknown
        && int.Parse(match.Groups["port"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) <= MaxPort;

    /// <summary>A time such as <c>30s</c>, <c>500ms</c> or <c>1m</c>, cut to <see cref="MaxWait"/>.</summary>
    /// <returns>The time, or null when the text is no such time.</returns>
    public static TimeSpan? ReadWait(string text)
    {
        if (Wait().Match(text) is not { Success: true } match)
        {
            return null;
        }

        var number = int.Parse(match.Groups["number"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
        var wait = match.Groups["unit"].Value switch
        {
            "ms" => TimeSpan.FromMilliseconds(number),
            "s" => TimeSpan.FromSeconds(number),
            _ => TimeSpan.FromMinutes(number),
        };
        return wait < MaxWait ? wait : MaxWait;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Name();

    [GeneratedRegex(
        @"\A(?<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):(?<port>[1-9][0-9]{0,4})\z",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Address();

    [GeneratedRegex(@"\A(?<number>[0-9]{1,6})(?<unit>ms|s|m)\z", RegexOptions.NonBacktracking)]
    private static partial Regex Wait();
}
