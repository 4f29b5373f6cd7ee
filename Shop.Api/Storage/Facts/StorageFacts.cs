using Shop.Api.Storage.Receipts;

namespace Shop.Api.Storage.Facts;

/// <summary>How the shop is stored just now: the answer of <c>GET /storage</c>.</summary>
public sealed record StorageFacts
{
    /// <summary><c>basic</c>, <c>synchronous</c> or <c>asynchronous</c>.</summary>
    public required string Mode { get; init; }

    /// <summary>
    /// What synchronous mirroring does without its standby, <c>available</c> or <c>strict</c>; null in other modes.
    /// </summary>
    public string? Policy { get; init; }

    /// <summary>Rises by one with every failover; null where no conductor publishes it.</summary>
    public long? Term { get; init; }

    /// <summary>The name of the server that takes writes; null while there is none.</summary>
    public string? Primary { get; init; }

    /// <summary>The name of the server that follows it; null while there is none.</summary>
    public string? Replica { get; init; }

    /// <summary>What each server says of itself.</summary>
    public required IReadOnlyList<ServerFacts> Servers { get; init; }

    /// <summary>How much of the primary's log the replica has not replayed; null when it cannot be told.</summary>
    public long? LagBytes { get; init; }

    /// <summary>How old that log is, in milliseconds; null when it cannot be told.</summary>
    public double? LagMilliseconds { get; init; }

    /// <summary>Whether losing the primary now would lose nothing.</summary>
    public required bool Armed { get; init; }

    /// <summary>
    /// Whether the standby could take the primary's place now, within the promised time and without loss. Says the same as
    /// <see cref="Armed"/>.
    /// </summary>
    public required bool InSync { get; init; }

    /// <summary>Why not, in words; null when it is.</summary>
    public string? NotInSyncBecause { get; init; }

    /// <summary>How old the log is that the standby has and has not replayed; null when it cannot be told.</summary>
    public double? ReplayBehindMilliseconds { get; init; }

    /// <summary>Whose disk is full.</summary>
    public required IReadOnlyList<DiskFacts> Disks { get; init; }

    /// <summary>How far this server's clock is ahead of the database's, which decides; null when it cannot be told.</summary>
    public double? ClockDifferenceMilliseconds { get; init; }

    /// <summary>Whether this server's receipts would show every order that a failover lost.</summary>
    public bool LostOrdersListable { get; init; }

    /// <summary>When the last backup was made, UTC; null when nobody can tell.</summary>
    public DateTimeOffset? LastBackupAt { get; init; }

    /// <summary>What is promised just now, in words, for example <c>RPO 0: in sync</c>.</summary>
    public required string Guarantee { get; init; }

    /// <summary>Whether the conductor answered; without it, in sync is false and the last failover unknown.</summary>
    public required bool ConductorAnswers { get; init; }

    /// <summary>Commits of this server that nobody waits for any more and that have not ended.</summary>
    public required int CommitsLeftWaiting { get; init; }

    /// <summary>The last failover; null when there was none or nobody can tell.</summary>
    public FailoverFacts? LastFailover { get; init; }
}

/// <summary>The disk of a database server.</summary>
/// <param name="Server">The server's name.</param>
/// <param name="Full">Whether it has no room.</param>
public sealed record DiskFacts(string Server, bool Full);

/// <summary>One database server.</summary>
/// <param name="Name">Its name, for example <c>postgres-1</c>.</param>
/// <param name="Address"><c>host:port</c>.</param>
/// <param name="Role">What the conductor gave it: <c>primary</c>, <c>standby</c> or <c>none</c>.</param>
/// <param name="Answers">Whether it answered a query within half a second.</param>
/// <param name="IsStandby">What it says itself; null when it did not answer.</param>
/// <param name="Timeline">The timeline that it writes; of a standby, that of its last checkpoint.</param>
/// <param name="Position">How far its log is flushed (primary) or replayed (standby), as PostgreSQL writes it.</param>
/// <param name="Streams">
/// The state and kind of each stream from it, for example <c>postgres-2: streaming, sync</c>.
/// </param>
public sealed record ServerFacts(
    string Name,
    string Address,
    string Role,
    bool Answers,
    bool? IsStandby,
    long? Timeline,
    string? Position,
    IReadOnlyList<string> Streams
);

/// <summary>A failover and what it cost.</summary>
/// <param name="Term">The term that began with it.</param>
/// <param name="At">When it began, UTC.</param>
/// <param name="From">The primary before.</param>
/// <param name="To">The primary after.</param>
/// <param name="Rto">How long it took.</param>
/// <param name="Rpo">What it lost.</param>
public sealed record FailoverFacts(long Term, DateTimeOffset At, string? From, string? To, RtoFacts Rto, RpoFacts Rpo);

/// <summary>Measured recovery time, in milliseconds.</summary>
/// <param name="DetectMilliseconds">From the first sign to the decision.</param>
/// <param name="FenceMilliseconds">Until the old primary was fenced.</param>
/// <param name="PromoteMilliseconds">Until the new primary took writes.</param>
/// <param name="RerouteMilliseconds">Until the clients were told.</param>
/// <param name="TotalMilliseconds">All together.</param>
public sealed record RtoFacts(
    double DetectMilliseconds,
    double FenceMilliseconds,
    double PromoteMilliseconds,
    double RerouteMilliseconds,
    double TotalMilliseconds
);

/// <summary>Measured data loss, from the receipts that the shop's servers keep outside the database.</summary>
/// <param name="LostOrders">Ids of acknowledged orders that the new primary does not have.</param>
/// <param name="ComparedReceipts">How many acknowledged orders were looked for.</param>
/// <param name="LostBytes">How much of the old primary's log they span.</param>
/// <param name="LostMilliseconds">From the first lost acknowledgement to the last.</param>
/// <param name="LagBytesBefore">The lag that was last shown before the crash; null where none was shown.</param>
/// <param name="LagMillisecondsBefore">The same, in milliseconds.</param>
/// <param name="NotAsked">Servers of the shop whose receipts are missing here: they have not compared them yet.</param>
public sealed record RpoFacts(
    IReadOnlyList<Guid> LostOrders,
    int ComparedReceipts,
    long LostBytes,
    double LostMilliseconds,
    long? LagBytesBefore,
    double? LagMillisecondsBefore,
    IReadOnlyList<string> NotAsked
);

/// <summary>One server's share of a failover's loss: the answer of <c>GET /storage/lost</c>.</summary>
/// <param name="Instance">The server.</param>
/// <param name="Last">Its last examination; null when it has seen no failover.</param>
public sealed record LossShare(string Instance, Examination? Last);
