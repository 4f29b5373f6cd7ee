using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Shop.Web.Predictions;

/// <summary>Where a copy of the ledger stops being one, and why.</summary>
/// <param name="Height">The first block that does not fit.</param>
/// <param name="Reason">For a person.</param>
public sealed record LedgerFault(long Height, string Reason);

/// <summary>
/// Checks a copy of the ledger by itself, without trusting the service, and block by block, so that it may be of any length:
/// each line's hash is SHA-256 over the line without its hash, and each names the hash before it.
/// </summary>
public sealed partial class LedgerCheck
{
    private const string Head = "{\"hash\":\"";

    private const int HashLength = 64;

    private string before = new('0', HashLength);

    /// <summary>The height of the next block.</summary>
    public long Height { get; private set; }

    /// <summary>Checks the next block.</summary>
    /// <param name="line">The block.</param>
    /// <returns>Why it does not fit; null where it does.</returns>
    public LedgerFault? Take(string line)
    {
        if (!line.StartsWith(Head, StringComparison.Ordinal) || line.Length < Head.Length + HashLength + 2)
        {
            return new(Height, "The line does not begin with a hash.");
        }

        var written = line.Substring(Head.Length, HashLength);
        if (!string.Equals(written, HashOf(line), StringComparison.Ordinal))
        {
            return new(Height, "The hash is not that of the content: one of the two was changed.");
        }

        if (!string.Equals(Previous().Match(line).Groups["hash"].Value, before, StringComparison.Ordinal))
        {
            return new(Height, "It does not follow the block before: a block was changed, removed or added.");
        }

        before = written;
        Height++;
        return null;
    }

    /// <summary>
    /// Changes the last digit of an amount of money in a block, or else of its height, as a cheat would, and leaves the hash.
    /// </summary>
    /// <param name="line">The block.</param>
    /// <returns>The block with another amount; null where it holds no number.</returns>
    public static string? ChangeNumber(string line) =>
        Numbers().Matches(line, Head.Length + HashLength).MaxBy(number => number.Groups["money"].Length)
            is { Groups: var groups }
            ? string.Concat(
                line.AsSpan(0, groups["digit"].Index),
                groups["digit"].Value is "9" ? "1" : "9",
                line.AsSpan(groups["digit"].Index + 1)
            )
            : null;

    /// <summary>Gives a changed block the hash that it ought to have, as a cleverer cheat would.</summary>
    /// <param name="line">The block.</param>
    /// <returns>The block with a hash that fits.</returns>
    public static string Rehash(string line) =>
        string.Concat(Head, HashOf(line), line.AsSpan(Head.Length + HashLength));

    /// <summary>
    /// Makes a block follow another one, as an operator would who rewrites history: all hashes behind a change fit again.
    /// </summary>
    /// <param name="line">The block.</param>
    /// <param name="previous">Hash of the block before, as it is now.</param>
    /// <returns>The block with both hashes made again.</returns>
    public static string Follow(string line, string previous) =>
        Previous().Match(line) is { Success: true, Groups: var groups }
            ? Rehash(
                string.Concat(
                    line.AsSpan(0, groups["hash"].Index),
                    previous,
                    line.AsSpan(groups["hash"].Index + HashLength)
                )
            )
            : line;

    /// <summary>The hash that a block begins with.</summary>
    public static string HashIn(string line) => line.Substring(Head.Length, HashLength);

    private static string HashOf(string line) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("{" + line[(Head.Length + HashLength + 2)..])));

    [GeneratedRegex("\"previous\":\"(?<hash>[0-9a-f]{64})\"", RegexOptions.RightToLeft, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Previous();

    [GeneratedRegex(
        "\"(?:(?<money>[a-zA-Z]*[cC]ents)|height)\":[0-9]*(?<digit>[0-9])",
        RegexOptions.None,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Numbers();
}
