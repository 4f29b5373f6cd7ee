namespace Consensus.Ledger;

/// <summary>Where blocks become final: flushed by the one process that keeps the ledger, or held by a majority.</summary>
internal interface IBlockCommit
{
    /// <summary>Whether this process writes the ledger now; others may answer from it.</summary>
    bool IsOpen { get; }

    /// <summary>
    /// Folds entries one after another, and makes their blocks final. What became of each stands in the group. Not for several
    /// threads.
    /// </summary>
    /// <exception cref="IOException">The disk refuses; nothing was stored.</exception>
    /// <exception cref="Workshop.ServiceDefaults.Errors.ServiceUnavailableException">
    /// No majority; its words say whether something may have been stored.
    /// </exception>
    ValueTask Commit(IReadOnlyList<Pending> group);
}

/// <summary>One process keeps the ledger: what is on its disk is final.</summary>
internal sealed class FlushedCommit(LedgerChain chain) : IBlockCommit
{
    public bool IsOpen => true;

    public ValueTask Commit(IReadOnlyList<Pending> group)
    {
        chain.Commit(group);
        return ValueTask.CompletedTask;
    }
}
