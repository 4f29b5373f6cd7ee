using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Workshop.Ledger.Mechanism;
using Workshop.Ledger.Networks;

namespace Workshop.Ledger.Blocks;

/// <summary>Which rows of a network's pool are gold in a batch: those with the least HMAC-SHA256(seed, row).</summary>
internal static class GoldDraw
{
    private const int SeedDigits = 64;

    /// <summary>SHA-256 of a seed's bytes, hexadecimal.</summary>
    internal static string Commit(string seed) =>
        Convert.ToHexStringLower(SHA256.HashData(Convert.FromHexString(seed)));

    /// <summary>The pool in the order in which a seed draws from it; every row once.</summary>
    /// <param name="pool">Rows whose truth is known.</param>
    /// <param name="seed">Hexadecimal.</param>
    internal static ImmutableArray<HeldOutRow> Order(ImmutableArray<HeldOutRow> pool, string seed)
    {
        var key = Convert.FromHexString(seed);
        return
        [
            .. pool.DistinctBy(row => row.Line, StringComparer.Ordinal)
                .Select(row =>
                    (Row: row, Rank: Convert.ToHexString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(row.Line))))
                )
                .OrderBy(ranked => ranked.Rank, StringComparer.Ordinal)
                .Select(ranked => ranked.Row),
        ];
    }

    /// <summary>
    /// What in an entry contradicts the commitment before it, in words, or null. A network without a commitment has no
    /// seeds: ledgers of tests, and those that a service has not opened yet.
    /// </summary>
    /// <param name="state">Before the entry.</param>
    /// <param name="entry">Any entry.</param>
    internal static string? Violation(State state, Entry entry) =>
        entry switch
        {
            SeedEntry seed when !IsHash(seed.Commitment) => "A commitment is 64 hexadecimal digits.",
            BatchEntry batch when state.Networks.TryGetValue(batch.Network, out var network) => Violation(
                network.Commitment,
                batch
            ),
            _ => null,
        };

    private static string? Violation(string? commitment, BatchEntry batch)
    {
        if (commitment is null)
        {
            return batch.Seed is null && batch.Commitment is null ? null : "Nobody has committed to a seed.";
        }

        if (!IsHash(batch.Seed) || !IsHash(batch.Commitment))
        {
            return "A batch reveals its seed and commits to the next one, 64 hexadecimal digits each.";
        }

        if (!string.Equals(Commit(batch.Seed!), commitment, StringComparison.Ordinal))
        {
            return "The seed is not the one that was committed to.";
        }

        var drawn = Order(Schema.Find(batch.Network)!.HeldOut, batch.Seed!).Take(batch.Gold.Length);
        return batch
            .Gold.Select(gold => (batch.Rows[gold.Row], gold.Truth))
            .Order()
            .SequenceEqual(drawn.Select(row => (row.Line, row.Truth)).Order())
            ? null
            : "The gold rows are not those that the seed draws.";
    }

    private static bool IsHash(string? text) =>
        text is { Length: SeedDigits } && text.All(digit => char.IsAsciiHexDigitLower(digit));
}
