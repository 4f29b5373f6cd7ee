using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace Shop.Api.Storage.AsynchronousReplication;

/// <summary>What its holder has seen: everything of a timeline up to a position in the log.</summary>
public static class ReadToken
{
    /// <summary>The header that carries the token, both ways.</summary>
    public const string Header = "X-Read-Token";

    private const string Cookie = "read-token";

    /// <summary>Longest text that is looked at: eight digits, a hyphen, and a position.</summary>
    private const int MaxLength = 8 + 1 + 17;

    /// <summary>
    /// The cookie that carries it for browsers. A browser shares cookies among all ports of a machine, and tokens of two
    /// shops say nothing about one another; the port of the first database is one shop's own, and all its instances know it.
    /// </summary>
    /// <param name="connectionString">The first server's, as the host gave it.</param>
    /// <returns>For example <c>read-token-5433</c>.</returns>
    public static string CookieOf(string connectionString) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Cookie}-{new NpgsqlConnectionStringBuilder(connectionString).Port}"
        );

    /// <summary>
    /// Writes a token, for example <c>3-0/16B3748</c>: the timeline, and the position as PostgreSQL writes it.
    /// </summary>
    /// <param name="seen">What was seen.</param>
    /// <returns>Visible ASCII.</returns>
    public static string Write(CommitPosition seen) =>
        string.Create(CultureInfo.InvariantCulture, $"{seen.Timeline:X}-{seen.Position}");

    /// <summary>Reads a token. What is no token is as good as none: the reader is then served by the primary.</summary>
    /// <param name="text">From the client.</param>
    /// <returns>What the holder has seen; null when that cannot be told.</returns>
    public static CommitPosition? Read(string? text)
    {
        if (
            text is null
            || text.Length > MaxLength
            || text.IndexOf('-', StringComparison.Ordinal) is not (> 0 and var at)
        )
        {
            return null;
        }

        return
            uint.TryParse(
                text.AsSpan(0, at),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out var timeline
            ) && NpgsqlLogSequenceNumber.TryParse(text.AsSpan(at + 1), out var position)
            ? new(timeline, position)
            : null;
    }

    /// <summary>
    /// Whether a replica that has replayed up to <paramref name="replayed"/> shows its reader all that the reader has seen.
    /// Positions of different timelines say nothing about one another.
    /// </summary>
    /// <param name="seen">The reader's token.</param>
    /// <param name="replayed">How far the replica is.</param>
    /// <returns>True when the replica may answer.</returns>
    public static bool IsCovered(CommitPosition seen, CommitPosition replayed) =>
        seen.Timeline == replayed.Timeline && seen.Position <= replayed.Position;

    /// <summary>The later of two: the newer timeline, and on the same one the greater position.</summary>
    /// <param name="one">A token.</param>
    /// <param name="other">Another, or none.</param>
    /// <returns>The later.</returns>
    public static CommitPosition Later(CommitPosition one, CommitPosition? other) =>
        other is null
        || one.Timeline > other.Timeline
        || (one.Timeline == other.Timeline && one.Position > other.Position)
            ? one
            : other;
}
