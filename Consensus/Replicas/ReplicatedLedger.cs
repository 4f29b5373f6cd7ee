using System.Buffers;
using Consensus.Ledger;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;
using Workshop.Ledger.Blocks;
using Workshop.Replicas;
using Workshop.ServiceDefaults.Loops;

namespace Consensus.Replicas;

/// <summary>
/// What the replicas' log does to the ledger's file: blocks that a majority holds are appended, in the order of the log, on
/// every replica the same. A replica that starts again is told of old ones anew, and knows them by their height and hash.
/// </summary>
internal sealed class ReplicatedLedger(
    ReplicaOptions options,
    LedgerChain chain,
    GoldKey key,
    LedgerFetch fetch,
    ServiceEnding ending,
    Background background,
    IHostApplicationLifetime lifetime,
    string directory,
    TimeProvider time,
    ILogger<ReplicatedLedger> logger
) : IStateMachine, IHostedService
{
    /// <summary>Pause before a disk that refused is tried again.</summary>
    private static readonly TimeSpan DiskPause = TimeSpan.FromSeconds(1);

    private volatile JsonSnapshot<LedgerMark>? mark = JsonSnapshot<LedgerMark>.Load(directory);

    /// <summary>One that was ended on its way to the mark goes on.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        ArriveBehind();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ISnapshot? Snapshot => mark;

    /// <summary>Marks are files of their own name: the new one is in the place of the old one.</summary>
    public ValueTask ReclaimGarbageAsync(long watermark, CancellationToken token) => ValueTask.CompletedTask;

    public async ValueTask<long> ApplyAsync(LogEntry entry, CancellationToken token)
    {
        await EndIfParted(Apply(entry, token));
        return entry.Index;
    }

    /// <summary>Waits until the blocks up to the last mark are here.</summary>
    internal Task Arrive(CancellationToken token) =>
        mark is { } kept ? EndIfParted(Reach(kept.Content, token)) : Task.CompletedTask;

    /// <summary>
    /// Behind the answer to who sent the mark: it waits for less time than a long ledger takes. The entries that follow wait for
    /// the blocks.
    /// </summary>
    private void ArriveBehind() => background.Start("blocks up to the mark", Arrive, lifetime.ApplicationStopping);

    private async Task EndIfParted(ValueTask work)
    {
        try
        {
            await work;
        }
        catch (Exception broken) when (broken is LedgerException or LedgerRefusedException)
        {
            ReplicaLog.Parted(logger, broken.Message);
            ending.End($"This replica's ledger and that of the others parted. {broken.Message}");
            throw;
        }
    }

    private async ValueTask Apply(LogEntry entry, CancellationToken token)
    {
        if (entry.IsSnapshot)
        {
            var found = await JsonSnapshot<LedgerMark>.Read(entry, token);
            await UntilWritten(() => found.Save(directory), token);
            mark = found;
            ArriveBehind();
            return;
        }

        if (!entry.TryGetPayload(out var payload) || payload.IsEmpty)
        {
            return;
        }

        var bytes = payload.IsSingleSegment ? payload.First : payload.ToArray();
        var own = Proposal.Of(entry.Context, bytes.Span);
        if (LogEntryText.MarkIn(bytes) is { } said)
        {
            await Reach(said, token);
            own?.Settle(isFinal: true);
        }
        else
        {
            var isFinal = await Append(bytes, own as BlockProposal, token);
            own?.Settle(isFinal);
        }

        if (
            entry.Index - (mark?.Index ?? 0) >= options.EntriesPerMark
            && chain.Now.Head is { } head
            && key.Known is { } known
        )
        {
            Keep(new(entry.Index, entry.Term, new(head.Height + 1, head.Hash, known)));
            Try(chain.Save);
        }
    }

    /// <summary>Comes to where a mark says that the ledger is, which every replica's is or was.</summary>
    /// <exception cref="LedgerException">The ledger here is another one.</exception>
    private async ValueTask Reach(LedgerMark said, CancellationToken token)
    {
        if (!string.Equals(key.Known, said.Key, StringComparison.Ordinal))
        {
            await UntilWritten(() => key.Adopt(said.Key), token);
        }

        await fetch.Reach(said.Count, token);
        if (said.Count > 0)
        {
            Compare(said.Count - 1, said.Head);
        }
    }

    /// <summary>Appends blocks that follow. Those that are here, or lost their place to others, are passed over.</summary>
    /// <returns>Whether they are the ledger's now.</returns>
    private async ValueTask<bool> Append(ReadOnlyMemory<byte> entry, BlockProposal? own, CancellationToken token)
    {
        if (own is not null && Follows(own.Draft.Blocks[0].Block))
        {
            await UntilWritten(() => chain.Write(own.Draft), token);
            return true;
        }

        var lines = LogEntryText.LinesIn(entry);
        if (Block.Parse(lines[0].Span, out var first) is { } reason)
        {
            throw new LedgerException(chain.Now.Count, reason);
        }

        if (first!.Height > chain.Now.Count)
        {
            await fetch.Reach(first.Height, token);
            Compare(first.Height - 1, first.Previous);
        }

        var known = (int)Math.Min(chain.Now.Count - first.Height, lines.Count);
        if (known == 0 ? !Follows(first) : !IsHere(first.Height + known - 1, Block.HashIn(lines[known - 1].Span)))
        {
            return false;
        }

        if (known < lines.Count)
        {
            await UntilWritten(() => chain.Take(lines.Skip(known)), token);
        }

        return true;
    }

    private bool Follows(Block block) =>
        block.Height == chain.Now.Count
        && string.Equals(block.Previous, chain.Now.Head?.Hash ?? Block.NoHash, StringComparison.Ordinal);

    private bool IsHere(long height, string hash) =>
        chain.File.ReadLine(height) is { } line && string.Equals(Block.HashIn(line), hash, StringComparison.Ordinal);

    private void Compare(long height, string hash)
    {
        if (!IsHere(height, hash))
        {
            throw new LedgerException(
                height,
                $"The replicas hold {hash}, and this one another. Keep its folder elsewhere and start it without: it fetches theirs."
            );
        }
    }

    /// <summary>A full disk keeps this replica behind, and nobody else: it goes on when there is room.</summary>
    private async ValueTask UntilWritten(Action write, CancellationToken token)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                lock (chain.Gate)
                {
                    write();
                }

                return;
            }
            catch (Exception full) when (full is IOException or UnauthorizedAccessException)
            {
                if (attempt == 0)
                {
                    LogMessages.LedgerNotWritten(logger, full.Message);
                }

                await Task.Delay(DiskPause, time, token);
            }
        }
    }

    private void Keep(JsonSnapshot<LedgerMark> next) =>
        Try(() =>
        {
            next.Save(directory);
            mark = next;
        });

    /// <summary>Without it the log stays longer, and the next start takes longer.</summary>
    private void Try(Action save)
    {
        try
        {
            save();
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
            LogMessages.SnapshotNotWritten(logger, full.Message);
        }
    }
}
