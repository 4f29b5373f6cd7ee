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
            if (await ledger.Append(_ => missing, leadership) is Refused refused)
            {
                throw new InvalidOperationException($"The ledger cannot begin as it is configured: {refused.Reason}");
            }
        }

        log.Open();
        ReplicaLog.Leads(logger, log.Term, ledger.Now.Count);
        await Task.Delay(Timeout.InfiniteTimeSpan, leadership).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
