using Microsoft.Extensions.Options;
using Workshop.Ledger.Blocks;
using Workshop.Ledger.Mechanism;

namespace Consensus.Ledger;

/// <summary>
/// Opens the ledger before anything is served. A new one starts with its rules, its treasury and the first commitments.
/// </summary>
internal sealed class LedgerOpening(
    IServiceProvider services,
    IOptions<ConsensusOptions> options,
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
            Begin(chain, Key());
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new LedgerRefusedException($"The ledger's folder cannot be written: {failure.Message}", failure);
        }

        LogMessages.LedgerOpened(logger, chain.Now.Count, chain.Now.Head!.Hash);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Only after the ledger is open: a folder that another consensus holds gets no key of ours.</summary>
    private GoldKey Key() => services.GetRequiredService<GoldKey>();

    private void Begin(LedgerChain chain, GoldKey key)
    {
        var isNew = chain.Now.Head is null;
        if (isNew || chain.Now.State.Parameters != options.Value.Mechanism)
        {
            chain.Append(new RulesEntry(options.Value.Mechanism));
        }

        if (isNew)
        {
            chain.Append(new TreasuryEntry(options.Value.TreasuryCents));
        }

        foreach (var (name, network) in chain.Now.State.Networks)
        {
            var commitment = GoldDraw.Commit(key.SeedOf(name, network.Batches));
            if (network.Commitment is null)
            {
                chain.Append(new SeedEntry(name, commitment, "The network's seeds begin."));
            }
            else if (!string.Equals(network.Commitment, commitment, StringComparison.Ordinal))
            {
                LogMessages.KeyLost(logger, name);
                chain.Append(new SeedEntry(name, commitment, "The key was lost; a new one begins."));
            }
        }
    }
}
