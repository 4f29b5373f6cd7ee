using System.Security.Cryptography;
using System.Text.Json;
using Consensus.Ledger;
using DotNext.Net.Cluster.Consensus.Raft.Extensions;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Workshop.Ledger.Blocks;
using Workshop.Ledger.Mechanism;

namespace Consensus.Replicas;

/// <summary>One replica, as <c>GET /replicas</c> shows it.</summary>
/// <param name="Address">Where it answers.</param>
/// <param name="Role"><c>leader</c>, <c>follower</c>, or <c>new</c>: it votes when it has what the others have.</param>
/// <param name="Term">Number of the last election that it knows of.</param>
/// <param name="Leader">Where the leader answers; null where it knows of none.</param>
/// <param name="Blocks">Final blocks here.</param>
/// <param name="Head">Hash of the last.</param>
/// <param name="LastIndex">Last entry of its log.</param>
/// <param name="CommitIndex">Last entry that it knows a majority to hold.</param>
/// <param name="Rules">Version and constants of the mechanism by which it settles.</param>
/// <param name="Replicas">All of them.</param>
internal sealed record ReplicaView(
    Uri Address,
    string Role,
    long Term,
    Uri? Leader,
    long Blocks,
    string Head,
    long LastIndex,
    long CommitIndex,
    string Rules,
    IReadOnlyList<Uri> Replicas
);

/// <summary>What this replica says of itself.</summary>
internal sealed class ReplicaSelf(
    ReplicaOptions options,
    IOptions<ConsensusOptions> consensus,
    IStandbyModeSupport cluster,
    IBlockCommit commits,
    LedgerChain chain
)
{
    /// <summary>Version and constants: replicas that differ in these would settle one batch in two ways.</summary>
    internal string Rules { get; } = RulesOf(consensus.Value.Mechanism);

    /// <summary>Where the leader answers; null where none is known. It may be gone for as long as an election takes.</summary>
    internal Uri? Leader => cluster.Leader?.EndPoint is UriEndPoint leader ? Origin(leader.Uri) : null;

    /// <summary>How it stands now.</summary>
    internal ReplicaView View() =>
        new(
            options.Self,
            commits.IsOpen ? "leader"
                : cluster.Standby ? "new"
                : "follower",
            cluster.AuditTrail.Term,
            Leader,
            chain.Now.Count,
            chain.Now.Head?.Hash ?? Block.NoHash,
            cluster.AuditTrail.LastEntryIndex,
            cluster.AuditTrail.LastCommittedEntryIndex,
            Rules,
            options.All
        );

    /// <summary>An address without its path.</summary>
    internal static Uri Origin(Uri address) => new(address.GetLeftPart(UriPartial.Authority));

    private static string RulesOf(Parameters mechanism) =>
        $"{RulesEntry.Current}-{Digest(JsonSerializer.SerializeToUtf8Bytes(mechanism, LedgerJson.Options))}";

    private static string Digest(byte[] constants) => Convert.ToHexStringLower(SHA256.HashData(constants))[..12];
}
