namespace Workshop.Ledger.Witnesses;

/// <summary>How a witness works.</summary>
/// <param name="Directory">Keeps the copy, the state and what was signed last.</param>
/// <param name="Name">Under which its key is registered; null for one that signs nothing.</param>
/// <param name="Key">Null for one that signs nothing.</param>
public sealed record WitnessOptions(string Directory, string? Name = null, WitnessKey? Key = null)
{
    /// <summary>Least time between two signatures: under load one stands for many blocks.</summary>
    public TimeSpan SignEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>After a failure the ledger is asked again so soon, and then twice as late each time.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest pause between two attempts.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often one of the other witnesses is asked what it signed.</summary>
    public TimeSpan GossipEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>A clock that is further from the ledger's is told.</summary>
    public TimeSpan ClockTolerance { get; init; } = TimeSpan.FromMinutes(2);
}

/// <summary>How far a witness has come, for people.</summary>
/// <param name="Verified">Blocks whose chain holds, in its own copy.</param>
/// <param name="Replayed">Blocks that were replayed: they settle as they say, and their signatures verify.</param>
/// <param name="Head">Hash of the last verified block.</param>
/// <param name="LastSigned">What was signed last.</param>
/// <param name="Conflict">What is wrong with the ledger; null while nothing is.</param>
/// <param name="Split">What another witness signed that is not in this ledger; null while nothing is known.</param>
/// <param name="Trouble">What keeps the witness from its work, in words; null while nothing does.</param>
public sealed record WitnessStatus(
    long Verified,
    long Replayed,
    string? Head,
    SignedCheckpoint? LastSigned,
    LedgerConflict? Conflict,
    SplitView? Split,
    string? Trouble
)
{
    /// <summary>Before anything was read.</summary>
    public static WitnessStatus Begin { get; } = new(0, 0, null, null, null, null, null);
}
