using Consensus.Ledger;
using Workshop.Ledger.Mechanism;
using Workshop.Replicas;

namespace Consensus.Replicas;

/// <summary>What this replica does when it is elected: it says where the ledger is, begins a new one, and opens.</summary>
internal sealed class LedgerLeader(
    MajorityLog log,
    ReplicatedLedger replicated,
    LedgerChain chain,
    LedgerWriter ledger,
    LedgerBeginning beginning,
    GoldKey key,
    ServiceEnding ending,
    ILogger<LedgerLeader> logger
) : ILeader
{
    public async Task Lead(CancellationToken leadership)
    {
        await replicated.Arrive(leadership);
        var now = chain.Now;
        var mark = new LedgerMark(now.Count, now.Head?.Hash ?? "", key.Known ?? GoldKey.Make());
        await log.Propose(new(LogEntryText.Of(mark)));
        while (beginning.Next() is { } missing)
        {
            if (await RefusalOf(missing, leadership) is { } reason)
            {
                // Every leader would be refused the same.
                ending.End($"The ledger cannot begin as it is configured: {reason}");
                return;
            }
        }

        log.Open();
        ReplicaLog.Leads(logger, log.Term, ledger.Now.Count);
        await Task.Delay(Timeout.InfiniteTimeSpan, leadership).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<string?> RefusalOf(Entry entry, CancellationToken leadership)
    {
        try
        {
            return await ledger.Append(_ => entry, leadership) is Refused refused ? refused.Reason : null;
        }
        catch (InvalidOperationException broken)
        {
            // What would break the ledger has ended its writer.
            return broken.Message;
        }
    }
}
