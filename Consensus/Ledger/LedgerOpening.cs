using Microsoft.Extensions.Options;
using Workshop.Ledger.Blocks;
using Workshop.Ledger.Mechanism;

namespace Consensus.Ledger;

/// <summary>What a ledger begins with: its rules, its treasury and the first commitments. Also after a change of these.</summary>
internal sealed class LedgerBeginning(
    LedgerChain chain,
    GoldKey key,
    IOptions<ConsensusOptions> options,
    ILogger<LedgerBeginning> logger
)
{
    /// <summary>The next entry that is missing; null once there is nothing.</summary>
    internal Entry? Next()
    {
        var (state, isNew) = (chain.Now.State, chain.Now.Head is null);
        if (isNew || state.Parameters != options.Value.Mechanism)
        {
            return new RulesEntry(options.Value.Mechanism);
        }

        if (state.DepositedCents == 0)
        {
            return new TreasuryEntry(options.Value.TreasuryCents);
        }

        foreach (var (name, network) in state.Networks)
        {
            var commitment = GoldDraw.Commit(key.SeedOf(name, network.Batches));
            if (network.Commitment is null)
            {
                return new SeedEntry(name, commitment, "The network's seeds begin.");
            }

            if (!string.Equals(network.Commitment, commitment, StringComparison.Ordinal))
            {
                LogMessages.KeyLost(logger, name);
                return new SeedEntry(name, commitment, "The key was lost; a new one begins.");
            }
        }

        return null;
    }
}

/// <summary>Opens the ledger before anything is served. One that this process alone keeps is begun at once.</summary>
internal sealed class LedgerOpening(
    IServiceProvider services,
    IBlockCommit commits,
    TimeProvider time,
    ILogger<LedgerOpening> logger
) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var chain = services.GetRequiredService<LedgerChain>();
        if (chain.File.CutBytes > 0)
        {
            LogMessages.TornLineCut(logger, chain.File.CutBytes);
        }

        if (chain.Now.Head is { } head && string.CompareOrdinal(head.Time, Block.Write(time.GetUtcNow())) > 0)
        {
            LogMessages.ClockBehind(logger, head.Time);
        }

        try
        {
            if (commits is FlushedCommit)
            {
                Begin(chain);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new LedgerRefusedException($"The ledger's folder cannot be written: {failure.Message}", failure);
        }

        LogMessages.LedgerOpened(logger, chain.Now.Count, chain.Now.Head?.Hash ?? Block.NoHash);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Only after the ledger is open: a folder that another consensus holds gets no key of ours.</summary>
    private void Begin(LedgerChain chain)
    {
        var beginning = services.GetRequiredService<LedgerBeginning>();
        while (beginning.Next() is { } missing)
        {
            if (chain.Append(missing) is Refused refused)
            {
                throw new LedgerRefusedException($"The ledger cannot begin as it is configured: {refused.Reason}");
            }
        }
    }
}
