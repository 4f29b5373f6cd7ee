using Workshop.Ledger.Blocks;
using Workshop.Ledger.Mechanism;
using Workshop.Ledger.Witnesses;

namespace Consensus.Ledger;

/// <summary>An entry on its way into a ledger.</summary>
/// <param name="entry">Makes it from the state that it will follow.</param>
internal sealed class Pending(Func<State, Entry> entry)
{
    private readonly TaskCompletionSource<Outcome> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Func<State, Entry> Entry => entry;

    internal Task<Outcome> Done => done.Task;

    internal Outcome? Outcome { get; set; }

    internal void Complete() => done.TrySetResult(Outcome!);

    internal void Fail(Exception exception) => done.TrySetException(exception);
}

/// <summary>Blocks that follow a ledger, and are not written yet.</summary>
/// <param name="Blocks">Each with its line, line end included.</param>
/// <param name="State">After them.</param>
/// <param name="Head">The last; as before where there are none.</param>
internal sealed record Draft(IReadOnlyList<(Block Block, byte[] Line)> Blocks, State State, Block? Head);

/// <summary>A ledger with the state that follows from it: the one place where entries become blocks.</summary>
public sealed class LedgerChain : IDisposable
{
    private readonly LedgerFile file;

    private readonly TimeProvider time;

    private readonly RecentHashes hashes;

    private readonly Lock saving = new();

    private volatile View view;

    private TaskCompletionSource grown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Opens the ledger of a folder.</summary>
    /// <exception cref="LedgerException">It does not verify.</exception>
    /// <exception cref="LedgerRefusedException">
    /// Another version, another writer, a disk that cannot be written, or blocks that were taken away.
    /// </exception>
    public LedgerChain(string directory, TimeProvider time)
    {
        this.time = time;
        file = LedgerFile.Open(directory, out var replay);
        hashes = replay.Hashes;
        view = new(replay.State, replay.Head, file.Length);
    }

    /// <summary>Ends when more is on disk than when it was asked for.</summary>
    internal Task Grown => Volatile.Read(ref grown).Task;

    /// <summary>Held while blocks are folded or written, where that is done by several threads: with replicas.</summary>
    internal Lock Gate { get; } = new();

    /// <summary>State, head and length of what is on disk, all of one moment.</summary>
    public View Now => view;

    /// <summary>The file.</summary>
    public LedgerFile File => file;

    /// <summary>Appends one entry.</summary>
    /// <returns>Once it is on disk: applied; or refused, and nothing was written.</returns>
    public Outcome Append(Entry entry)
    {
        var pending = new Pending(_ => entry);
        Commit([pending]);
        return pending.Outcome!;
    }

    /// <summary>
    /// Folds entries one after another, writes all their blocks, flushes once. Not for several threads.
    /// </summary>
    internal void Commit(IReadOnlyList<Pending> group) => Write(Fold(group));

    /// <summary>What a group makes of the ledger as it is, not written yet.</summary>
    internal Draft Fold(IReadOnlyList<Pending> group)
    {
        var state = view.State;
        var head = view.Head;
        var now = Block.Write(time.GetUtcNow());
        var blocks = new List<(Block Block, byte[] Line)>(group.Count);
        foreach (var pending in group)
        {
            var entry = pending.Entry(state);
            pending.Outcome = (GoldDraw.Violation(state, entry) ?? SignatureCheck.Violation(state, entry, hashes))
                is { } violation
                ? new Refused(Refusal.Invalid, violation)
                : Transition.Apply(state, entry);
            if (pending.Outcome is not Applied applied)
            {
                continue;
            }

            // A clock that was set back must not make the ledger older.
            var at = string.CompareOrdinal(now, head?.Time) < 0 ? head!.Time : now;
            head = Block.Make((head?.Height ?? -1) + 1, applied.Entry, head?.Hash ?? Block.NoHash, at, out var line);
            blocks.Add((head, line));
            state = applied.State;
        }

        return new(blocks, state, head);
    }

    /// <summary>Writes what was folded, and flushes once. Nothing may have been written since it was folded.</summary>
    internal void Write(Draft draft)
    {
        if (draft.Blocks.Count > 0)
        {
            file.Append(draft.Blocks);
            foreach (var (block, _) in draft.Blocks)
            {
                hashes.Add(block.Hash);
            }

            view = new(draft.State, draft.Head, file.Length);
            Interlocked.Exchange(ref grown, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        }
    }

    /// <summary>Writes lines that others have made final, each checked as a replay checks it, and flushes once.</summary>
    /// <param name="lines">The next ones, without their line ends.</param>
    /// <exception cref="LedgerException">One does not follow, or does not settle as it says; none was written.</exception>
    /// <exception cref="LedgerRefusedException">They are of another version.</exception>
    internal void Take(IEnumerable<ReadOnlyMemory<byte>> lines)
    {
        var (state, head) = (view.State, view.Head);
        var before = hashes.Until(view.Count);
        var blocks = new List<(Block Block, byte[] Line)>();
        foreach (var line in lines)
        {
            var height = (head?.Height ?? -1) + 1;
            var parsed = ParsedLine.Of(line.Span);
            if (height == 0 && parsed.Refusal is { } version)
            {
                throw new LedgerRefusedException(version);
            }

            if ((parsed.Violation ?? parsed.Block!.Misplaced(height, head)) is { } reason)
            {
                throw new LedgerException(height, reason);
            }

            head = parsed.Block!;
            state = Replay.Fold(state, head, before);
            before.Add(head.Hash);
            blocks.Add((head, [.. line.Span, (byte)'\n']));
        }

        Write(new(blocks, state, head));
    }

    /// <summary>Reads a block back, and checks it anew.</summary>
    /// <returns>Null when there is no such block.</returns>
    /// <exception cref="LedgerException">The file has changed since it was written.</exception>
    public Block? ReadBlock(long height) =>
        file.ReadLine(height) is not { } line ? null
        : Block.Parse(line, out var block) is { } reason ? throw new LedgerException(height, reason)
        : block;

    /// <summary>Writes the snapshot.</summary>
    public void Save()
    {
        lock (saving)
        {
            if (view is { Head: { } head } current)
            {
                new Snapshot(head.Height, head.Hash, current.State).Save(Path.GetDirectoryName(file.Path)!);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}

/// <summary>What a ledger says at one moment.</summary>
/// <param name="State">After the last block.</param>
/// <param name="Head">The last block; null while there is none.</param>
/// <param name="Length">Bytes on disk.</param>
public sealed record View(State State, Block? Head, long Length)
{
    /// <summary>Number of blocks.</summary>
    public long Count => Head is null ? 0 : Head.Height + 1;
}
