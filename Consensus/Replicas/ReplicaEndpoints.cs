using System.Text.Json;
using Consensus.Ledger;
using Microsoft.Extensions.Options;
using Workshop.Ledger.Blocks;
using Workshop.Ledger.Mechanism;
using Workshop.Replicas;

namespace Consensus.Replicas;

/// <summary>Several processes that keep one ledger. Where none are configured nothing here is added.</summary>
internal static class ReplicaEndpoints
{
    internal static void AddReplicas(this WebApplicationBuilder builder)
    {
        var folder = LedgerEndpoints.DirectoryIn(builder.Configuration);
        if (!builder.AddReplication<ReplicatedLedger, LedgerExtent, LedgerLeader>(folder))
        {
            return;
        }

        var services = builder.Services;
        services.AddSingleton(_ => GoldKey.Find(folder));
        services.AddSingleton<LedgerFetch>();
        services.AddHostedService(provider => provider.GetRequiredService<ReplicatedLedger>());
        services.AddSingleton<IBlockCommit, MajorityCommit>();
        services.AddSingleton<LedgerReads>();
        services.AddHealthChecks().AddCheck<LedgerReads>("replica");
    }

    /// <summary>Before anything reads a request: writes are the leader's, and reads wait for a ledger.</summary>
    internal static void UseReplicas(this WebApplication app) =>
        app.UseReplication(app.Services.GetService<LedgerReads>() is { } reads ? reads.Guard : null);

    /// <summary>What the replicas say of the ledger.</summary>
    private sealed class LedgerExtent(LedgerChain chain, IOptions<ConsensusOptions> consensus) : IReplicated
    {
        public string Rules { get; } =
            ReplicaRules.Of(
                RulesEntry.Current,
                JsonSerializer.SerializeToUtf8Bytes(consensus.Value.Mechanism, LedgerJson.Options)
            );

        public long Extent => chain.Now.Count;

        public (long Blocks, string Head)? Ledger => (chain.Now.Count, chain.Now.Head?.Hash ?? Block.NoHash);
    }
}
