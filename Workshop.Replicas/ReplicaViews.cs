using System.Globalization;
using System.Security.Cryptography;
using DotNext.Net.Cluster.Consensus.Raft.Extensions;
using Microsoft.AspNetCore.Connections;

namespace Workshop.Replicas;

/// <summary>What a service keeps together with its replicas.</summary>
internal interface IReplicated
{
    /// <summary>
    /// Version and constants by which it works: replicas that differ in these would make two things of one decision.
    /// </summary>
    string Rules { get; }

    /// <summary>
    /// How much there is here, also of a time before there were replicas; whoever has most leads at the first start.
    /// </summary>
    long Extent { get; }

    /// <summary>Final blocks, and the hash of the last; null where no ledger is kept.</summary>
    (long Blocks, string Head)? Ledger { get; }
}

/// <summary>How replicas name the rules by which they work.</summary>
internal static class ReplicaRules
{
    private const int DigestLetters = 12;

    /// <summary>A version and a digest of all constants.</summary>
    internal static string Of(int version, byte[] constants) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{version}-{Convert.ToHexStringLower(SHA256.HashData(constants))[..DigestLetters]}"
        );
}

/// <summary>One replica, as <c>GET /replicas</c> shows it.</summary>
/// <param name="Address">Where it answers.</param>
/// <param name="Role"><c>leader</c>, <c>follower</c>, or <c>new</c>: it votes when it has what the others have.</param>
/// <param name="Term">Number of the last election that it knows of.</param>
/// <param name="Leader">Where the leader answers; null where it knows of none.</param>
/// <param name="Blocks">Final blocks here; null where no ledger is kept.</param>
/// <param name="Head">Hash of the last; null where no ledger is kept.</param>
/// <param name="Extent">How much there is here.</param>
/// <param name="LastIndex">Last entry of its log.</param>
/// <param name="CommitIndex">Last entry that it knows a majority to hold.</param>
/// <param name="Rules">Version and constants by which it works.</param>
/// <param name="Replicas">All of them.</param>
internal sealed record ReplicaView(
    Uri Address,
    string Role,
    long Term,
    Uri? Leader,
    long? Blocks,
    string? Head,
    long Extent,
    long LastIndex,
    long CommitIndex,
    string Rules,
    IReadOnlyList<Uri> Replicas
);

/// <summary>What this replica says of itself.</summary>
internal sealed class ReplicaSelf(
    ReplicaOptions options,
    IReplicated state,
    IStandbyModeSupport cluster,
    MajorityLog log
)
{
    /// <summary>Where the leader answers; null where none is known. It may be gone for as long as an election takes.</summary>
    internal Uri? Leader => cluster.Leader?.EndPoint is UriEndPoint leader ? Origin(leader.Uri) : null;

    /// <summary>How it stands now.</summary>
    internal ReplicaView View() =>
        new(
            options.Self,
            log.IsOpen ? "leader"
                : cluster.Standby ? "new"
                : "follower",
            cluster.AuditTrail.Term,
            Leader,
            state.Ledger?.Blocks,
            state.Ledger?.Head,
            state.Extent,
            cluster.AuditTrail.LastEntryIndex,
            cluster.AuditTrail.LastCommittedEntryIndex,
            state.Rules,
            options.All
        );

    /// <summary>An address without its path.</summary>
    private static Uri Origin(Uri address) => new(address.GetLeftPart(UriPartial.Authority));
}
