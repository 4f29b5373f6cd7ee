using Consensus.Ledger;
using Workshop.Replicas;

namespace Consensus.Replicas;

/// <summary>Blocks that this replica proposed.</summary>
/// <param name="draft">What follows the ledger with them.</param>
internal sealed class BlockProposal(Draft draft) : Proposal(LogEntryText.Of(draft))
{
    internal Draft Draft => draft;
}

/// <summary>
/// Blocks are final once a majority of replicas holds them and the leader has them in its file. Proposals go one at a time:
/// while one is in doubt, the next could not know what it follows.
/// </summary>
internal sealed class MajorityCommit(MajorityLog log, LedgerChain chain) : IBlockCommit
{
    public bool IsOpen => log.IsOpen;

    public async ValueTask Commit(IReadOnlyList<Pending> group)
    {
        await log.WaitForDoubt();
        Draft draft;
        lock (chain.Gate)
        {
            draft = chain.Fold(group);
        }

        if (draft.Blocks.Count > 0)
        {
            await log.Propose(new BlockProposal(draft));
        }
    }
}
