using Workshop.Ledger.Mechanism;
using Workshop.Ledger.Witnesses;

namespace Workshop.Ledger.Blocks;

/// <summary>A ledger does not verify.</summary>
/// <param name="height">The first block that does not.</param>
/// <param name="reason">Why, in words.</param>
public sealed class LedgerException(long height, string reason) : Exception($"Block {height}: {reason}")
{
    /// <summary>An error without a place.</summary>
    public LedgerException()
        : this(0, "The ledger does not verify.") { }

    /// <summary>An error without a place.</summary>
    public LedgerException(string message)
        : this(0, message) { }

    /// <summary>An error without a place.</summary>
    public LedgerException(string message, Exception innerException)
        : this(0, $"{message} {innerException?.Message}") { }

    /// <summary>The first block that does not verify.</summary>
    public long Height { get; } = height;

    /// <summary>Why, in words.</summary>
    public string Reason { get; } = reason;
}

/// <summary>
/// A ledger's blocks folded into a state, each checked: hash, place, rules, and that it settles as it says.
/// </summary>
public sealed class Replay
{
    /// <summary>A replay from the first block.</summary>
    public Replay()
        : this(null) { }

    /// <summary>
    /// A replay that starts from a snapshot: blocks up to its height are checked for place and hash alone.
    /// </summary>
    internal Replay(Snapshot? snapshot)
    {
        trusted = snapshot;
        SnapshotFits = snapshot is null;
    }

    private readonly Snapshot? trusted;

    /// <summary>A replay that goes on behind a snapshot, of a chain that was verified otherwise.</summary>
    /// <param name="snapshot">State after its block.</param>
    /// <param name="head">That block.</param>
    /// <param name="hashes">Of the blocks up to it.</param>
    internal static Replay Resume(Snapshot snapshot, Block head, RecentHashes hashes) =>
        new(snapshot)
        {
            State = snapshot.State,
            Head = head,
            Hashes = hashes,
            SnapshotFits = true,
        };

    /// <summary>Hashes of block 0 and of the newest blocks.</summary>
    internal RecentHashes Hashes { get; private init; } = new();

    /// <summary>Height of the snapshot; -1 without one.</summary>
    internal long SnapshotHeight => trusted?.Height ?? -1;

    /// <summary>The state after the last block.</summary>
    public State State { get; private set; } = State.Empty;

    /// <summary>The last block; null for an empty ledger.</summary>
    public Block? Head { get; private set; }

    /// <summary>Number of blocks.</summary>
    public long Count => Head is null ? 0 : Head.Height + 1;

    /// <summary>
    /// Whether the snapshot, if there is one, was made of this ledger. If not, the state is worth nothing.
    /// </summary>
    internal bool SnapshotFits { get; private set; }

    /// <summary>Adds a line.</summary>
    /// <param name="line">Without its line end.</param>
    /// <returns>The block.</returns>
    /// <exception cref="LedgerException">It does not verify.</exception>
    /// <exception cref="LedgerRefusedException">The ledger is of another version.</exception>
    public Block Add(ReadOnlySpan<byte> line) => Add(ParsedLine.Of(line));

    /// <inheritdoc cref="Add(ReadOnlySpan{byte})"/>
    internal Block Add(ParsedLine line)
    {
        var height = Count;
        if (height == 0 && line.Refusal is { } version)
        {
            throw new LedgerRefusedException(version);
        }

        if ((line.Violation ?? line.Block!.Misplaced(height, Head)) is { } reason)
        {
            throw new LedgerException(height, reason);
        }

        Head = line.Block!;
        if (trusted is null || height > trusted.Height)
        {
            State = Fold(State, Head, Hashes);
        }
        else if (height == trusted.Height && string.Equals(Head.Hash, trusted.Hash, StringComparison.Ordinal))
        {
            State = trusted.State;
            SnapshotFits = true;
        }

        Hashes.Add(Head.Hash);
        return Head;
    }

    /// <summary>Applies a block that was read back, and checks that it settles as it says.</summary>
    /// <exception cref="LedgerException">It does not.</exception>
    internal static State Fold(State state, Block block, RecentHashes before)
    {
        try
        {
            return Settle(state, block.Payload, before) switch
            {
                Applied applied => applied.State,
                Refused refused => throw new LedgerException(block.Height, refused.Reason),
                _ => throw new InvalidOperationException("An outcome is applied or refused."),
            };
        }
        catch (Exception broken) when (IsOfThePayload(broken))
        {
            // Whoever wrote it by hand left something out, or named a row that is not there.
            throw new LedgerException(block.Height, $"Its payload makes no sense: {broken.Message}");
        }
    }

    private static Outcome Settle(State state, Entry payload, RecentHashes before)
    {
        if ((GoldDraw.Violation(state, payload) ?? SignatureCheck.Violation(state, payload, before)) is { } violation)
        {
            return new Refused(Refusal.Invalid, violation);
        }

        var outcome = Transition.Apply(state, payload);
        return outcome is Applied applied && !SettlesAs(payload, applied.Entry)
            ? new Refused(Refusal.Invalid, "A replay of the block does not settle as it says.")
            : outcome;
    }

    /// <summary>An array that is not there, an index beyond one, a sum beyond all money, a key that is none.</summary>
    private static bool IsOfThePayload(Exception error) =>
        error
            is NullReferenceException
                or InvalidOperationException
                or IndexOutOfRangeException
                or ArithmeticException
                or ArgumentException
                or FormatException
                or KeyNotFoundException;

    private static bool SettlesAs(Entry written, Entry replayed) =>
        (written, replayed) switch
        {
            (BatchEntry said, BatchEntry found) => SameSettlement.Is(said.Settlement, found.Settlement!),
            (TruthEntry said, TruthEntry found) => SameSettlement.Is(said.Settlement, found.Settlement!),
            _ => true,
        };
}
