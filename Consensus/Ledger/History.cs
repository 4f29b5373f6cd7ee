using Consensus.Members;
using Workshop.Ledger.Blocks;
using Workshop.Ledger.Mechanism;

namespace Consensus.Ledger;

/// <summary>Something that happened to a member.</summary>
/// <param name="Height">Block.</param>
/// <param name="Time">Of the block.</param>
/// <param name="What"><c>registered</c>, <c>declared</c>, <c>exit</c>, <c>batch</c>, <c>truth</c> or <c>paidOut</c>.</param>
/// <param name="Network">Which network; null where all are meant.</param>
/// <param name="Batch">Batch number; null where there was none.</param>
/// <param name="Events">What the batch brought, as in <see cref="MemberSettlement.Events"/>.</param>
/// <param name="Paid">Euros.</param>
/// <param name="Slashed">Euros.</param>
/// <param name="AccuracyEstimate">After it.</param>
/// <param name="Weight">After it.</param>
public sealed record HistoryItem(
    long Height,
    string Time,
    string What,
    string? Network = null,
    long? Batch = null,
    IReadOnlyList<string>? Events = null,
    decimal Paid = 0,
    decimal Slashed = 0,
    double? AccuracyEstimate = null,
    double? Weight = null
);

/// <summary>What became of a member's money, over all networks and blocks; also of one that has left.</summary>
/// <param name="EarnedCents">Rewards.</param>
/// <param name="SlashedCents">Taken from its stakes.</param>
internal sealed record MemberTotals(long EarnedCents, long SlashedCents);

/// <summary>
/// The last things that happened to each member, newest first. What only says that a batch went by is kept shorter
/// than what changed something.
/// </summary>
internal sealed class History
{
    private const int BatchesKept = 50;

    private const int EventsKept = 100;

    private readonly Dictionary<string, LinkedList<HistoryItem>> batches = new(StringComparer.Ordinal);

    private readonly Dictionary<string, LinkedList<HistoryItem>> events = new(StringComparer.Ordinal);

    private readonly Dictionary<string, MemberTotals> totals = new(StringComparer.Ordinal);

    internal void Clear()
    {
        batches.Clear();
        events.Clear();
        totals.Clear();
    }

    internal void Add(Block block)
    {
        switch (block.Payload)
        {
            case RegistrationEntry registration:
                Keep(events, registration.Name, new(block.Height, block.Time, "registered"), EventsKept);
                break;
            case ClaimEntry claim:
                Keep(events, claim.Name, new(block.Height, block.Time, "declared"), EventsKept);
                break;
            case MoveEntry move:
                Keep(events, move.Name, new(block.Height, block.Time, move.Key is null ? "moved" : "key"), EventsKept);
                break;
            case ExitEntry exit:
                Keep(events, exit.Name, new(block.Height, block.Time, "exit"), EventsKept);
                break;
            case BatchEntry { Settlement: { } settlement } batch:
                Add(block, batch, settlement);
                break;
            case TruthEntry { Settlement: { } settlement } truth:
                Add(block, truth, settlement);
                break;
            default:
                break;
        }
    }

    /// <summary>What all blocks together paid and took.</summary>
    internal MemberTotals TotalsOf(string member) => totals.GetValueOrDefault(member, new(0, 0));

    internal IReadOnlyList<HistoryItem> Of(string member) =>
        [
            .. batches
                .GetValueOrDefault(member, [])
                .Concat(events.GetValueOrDefault(member, []))
                .OrderByDescending(item => item.Height),
        ];

    private void Add(Block block, BatchEntry batch, Settlement settlement)
    {
        foreach (var member in settlement.Members)
        {
            var item = new HistoryItem(
                block.Height,
                block.Time,
                "batch",
                batch.Network,
                batch.Number,
                member.Events,
                Euro.From(member.PaidCents),
                Euro.From(member.SlashedCents),
                Units.FromMillionths(member.Estimate),
                Units.FromMillionths(member.Weight)
            );
            Count(member.Member, member.PaidCents, member.SlashedCents);
            var changed = member.Events.Length > 0;
            Keep(changed ? events : batches, member.Member, item, changed ? EventsKept : BatchesKept);
        }

        PayOut(block, settlement.PaidOut);
    }

    private void Add(Block block, TruthEntry truth, TruthSettlement settlement)
    {
        foreach (var member in settlement.Members)
        {
            var item = new HistoryItem(
                block.Height,
                block.Time,
                "truth",
                truth.Network,
                truth.Number,
                member.Events,
                Slashed: Euro.From(member.SlashedCents),
                Weight: Units.FromMillionths(member.Weight)
            );
            Count(member.Member, 0, member.SlashedCents);
            Keep(events, member.Member, item, EventsKept);
        }

        PayOut(block, settlement.PaidOut);
    }

    private void Count(string member, long paidCents, long slashedCents)
    {
        var before = TotalsOf(member);
        totals[member] = new(before.EarnedCents + paidCents, before.SlashedCents + slashedCents);
    }

    private void PayOut(Block block, IEnumerable<Payout> payouts)
    {
        foreach (var payout in payouts)
        {
            var item = new HistoryItem(block.Height, block.Time, "paidOut", Paid: Euro.From(payout.Cents));
            Keep(events, payout.Member, item, EventsKept);
        }
    }

    private static void Keep(
        Dictionary<string, LinkedList<HistoryItem>> items,
        string member,
        HistoryItem item,
        int most
    )
    {
        if (!items.TryGetValue(member, out var own))
        {
            items[member] = own = new();
        }

        own.AddFirst(item);
        if (own.Count > most)
        {
            own.RemoveLast();
        }
    }
}
