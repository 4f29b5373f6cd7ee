using System.Globalization;

namespace Shop.Web.Storefront;

/// <summary>One server, and whether an order is on its disk.</summary>
/// <param name="Server">Its name.</param>
/// <param name="Role">Primary or standby.</param>
/// <param name="HasIt">Null where nobody can tell.</param>
/// <param name="Words">Why that is known, in one sentence.</param>
public sealed record StoredCopy(string Server, string Role, bool? HasIt, string Words);

/// <summary>
/// On which disks a confirmed order is, from what the shop says of its databases. Nothing is claimed that does not follow from
/// it: PostgreSQL tells no server's part of one single row.
/// </summary>
public static class StoredCopies
{
    /// <summary>Clocks of two programs differ, and a reported lag is a little old.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(2);

    /// <summary>The disks, the primary's first. Pure.</summary>
    /// <param name="facts">What the shop said just now.</param>
    /// <param name="placedAt">When the order was made.</param>
    /// <param name="now">The time of the facts.</param>
    /// <returns>Empty where no server is known to take writes.</returns>
    public static IReadOnlyList<StoredCopy> Of(StorageFacts? facts, DateTimeOffset placedAt, DateTimeOffset now)
    {
        if (facts is not { Primary: { } primary, Mode: { } mode })
        {
            return [];
        }

        var first = new StoredCopy(primary, "primary", HasIt: true, "On disk. It takes every write.");
        return (mode, facts.Standby) switch
        {
            ("basic", _) => [first with { Words = OnlyCopy(facts.LastBackupAt, placedAt) }],
            (_, null) => [first with { Words = "On disk. There is no standby right now, so this is the only copy." }],
            ("synchronous", { } standby) => [first, Synchronous(facts, standby)],
            (_, { } standby) => [first, Asynchronous(facts, standby, now - placedAt)],
        };
    }

    private static StoredCopy Synchronous(StorageFacts facts, string standby) =>
        facts is { InSync: true, Quorum: [_, _, ..] quorum }
            ? new(
                string.Join(" or ", quorum),
                "standby",
                HasIt: true,
                "On disk of one of them at least: a write waits for any so many, and not for one by its name."
            )
        : facts.InSync
            ? new(standby, "standby", HasIt: true, "On disk. It is in sync, so it has every confirmed order.")
        : new(
            standby,
            "standby",
            HasIt: null,
            $"Not certain: it is not in sync right now{(facts.NotInSyncBecause is { } why ? $" ({why})" : "")}."
        );

    private static StoredCopy Asynchronous(StorageFacts facts, string standby, TimeSpan age) =>
        facts.LagMilliseconds is not { } lag
            ? new(standby, "standby", HasIt: null, "Not certain: nobody can tell how far it is behind.")
        : age > TimeSpan.FromMilliseconds(lag) + Margin
            ? new(
                standby,
                "standby",
                HasIt: true,
                $"On disk. It is {Milliseconds(lag)} behind, and this order is older."
            )
        : new(standby, "standby", HasIt: null, $"Not yet certain: it is {Milliseconds(lag)} behind.");

    private static string OnlyCopy(DateTimeOffset? backup, DateTimeOffset placedAt) =>
        backup is not { } at ? "On disk. This is the only copy: basic storage has no standby."
        : placedAt < at - Margin ? $"On disk. The only other copy is the backup of {Time(at)}."
        : $"On disk. This is the only copy: the last backup, of {Time(at)}, is older.";

    private static string Milliseconds(double lag) => lag.ToString("#,##0 'ms'", CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
