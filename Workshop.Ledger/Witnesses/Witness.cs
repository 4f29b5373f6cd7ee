using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Workshop.Ledger.Blocks;

namespace Workshop.Ledger.Witnesses;

/// <summary>
/// Follows the ledger of a consensus: verifies its chain, replays behind it, signs what it has replayed, and refuses a
/// history that is not the one it saw.
/// </summary>
/// <param name="options">Where it keeps what it knows, and its key.</param>
/// <param name="http">Has the address of the consensus.</param>
/// <param name="time">Measures pauses.</param>
/// <param name="logger">Hears of conflicts.</param>
public sealed class Witness(WitnessOptions options, HttpClient http, TimeProvider time, ILogger logger)
{
    /// <summary>Blocks that are replayed at one go.</summary>
    private const int BlocksAtOnce = 512;

    private readonly LedgerSource source = new(http);

    private readonly SignatureDesk desk = new(options, new(http), logger);

    /// <summary>Members of a ledger on this machine live here too; those of another one have no business on it.</summary>
    private readonly Gossip gossip = new(options, http.BaseAddress is { IsLoopback: true }, time, logger);

    private readonly Lock telling = new();

    private volatile WitnessStatus status = WitnessStatus.Begin;

    /// <summary>How far it has come.</summary>
    public WitnessStatus Status => status;

    /// <summary>Told of each change of <see cref="Status"/>, one at a time.</summary>
    public Action<WitnessStatus>? Changed { get; init; }

    /// <summary>Follows until it is told to stop. Whatever keeps it from that is told, and tried again.</summary>
    public async Task Follow(CancellationToken ct)
    {
        var pause = options.FirstPause;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await Session(ct);
                pause = options.FirstPause;
            }
            catch (ConflictException found)
            {
                pause = options.LongestPause;
                Found(found.Conflict);
                await Show(found.Conflict, ct);
            }
            catch (Exception failure)
                when (failure is HttpRequestException or IOException or UnauthorizedAccessException or FormatException)
            {
                pause = pause * 2 < options.LongestPause ? pause * 2 : options.LongestPause;
                Tell(status with { Trouble = Words(failure) });
            }

            await Task.Delay(pause, time, ct);
        }
    }

    /// <summary>From opening the copy to the end of a connection.</summary>
    private async Task Session(CancellationToken ct)
    {
        using var follower = Follower.Open(options.Directory, options.Key, time, logger);
        Tell(Seen(follower) with { Conflict = status.Conflict, Trouble = status.Trouble });
        var blocks = await new Comparison(follower, source, time).Check(ct);
        if (status.Conflict is not null)
        {
            WitnessLog.Consistent(logger);
        }

        Tell(Seen(follower));
        await Work(follower, blocks, ct);
    }

    /// <summary>Reads, replays and asks others side by side, until one of them ends.</summary>
    private async Task Work(Follower follower, long blocks, CancellationToken ct)
    {
        using var session = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var wake = Channel.CreateBounded<bool>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
        );
        wake.Writer.TryWrite(true);
        Task[] work =
        [
            Read(follower, blocks, wake.Writer, session.Token),
            Replay(follower, wake.Reader, session.Token),
            gossip.Go(follower, split => Tell(status with { Split = split }), session.Token),
        ];
        try
        {
            await await Task.WhenAny(work);
        }
        catch (ConflictException found) when (found.Conflict.Held is null)
        {
            // A block that does not follow may be the end of a history that parted earlier: where, is said then.
            await FindParting(follower, ct);
            throw;
        }
        finally
        {
            await session.CancelAsync();
            await Task.WhenAll(work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            follower.Save();
        }
    }

    private async Task FindParting(Follower follower, CancellationToken ct)
    {
        try
        {
            await new Comparison(follower, source, time).Check(ct);
        }
        catch (HttpRequestException)
        {
            // What was found first stands.
        }
    }

    /// <summary>Takes lines until the other end stops. What was there before it began is not news.</summary>
    private async Task Read(Follower follower, long known, ChannelWriter<bool> wake, CancellationToken ct)
    {
        using var response = await source.Stream(follower.Next, ct);
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        var lines = new LineBuffer();
        while (true)
        {
            var count = await stream.ReadAsync(lines.Room(), ct);
            if (count == 0)
            {
                return;
            }

            lines.Add(count);
            while (lines.TryTake(out var line))
            {
                follower.Take(line.Span);
            }

            follower.Copy.Write();
            Tell(Seen(follower) with { Trouble = follower.Next > known ? ClockTrouble(follower) : null });
            wake.TryWrite(true);
        }
    }

    /// <summary>Replays what was read, and signs it. While it waits to sign again, more may come.</summary>
    private async Task Replay(Follower follower, ChannelReader<bool> wake, CancellationToken ct)
    {
        await desk.Again(follower, time, ct);
        while (true)
        {
            await desk.Wait(wake, follower, time, ct);
            CatchUp(follower, ct);
            if (options.Key is null)
            {
                continue;
            }

            await Task.Delay(desk.PauseBefore(time), time, ct);
            CatchUp(follower, ct);
            if (follower.Sign() is { } signed)
            {
                Tell(Seen(follower) with { Trouble = status.Trouble });
                if (await desk.HandIn(signed, time, ct))
                {
                    await new Comparison(follower, source, time).Check(ct);
                }
            }
        }
    }

    private void CatchUp(Follower follower, CancellationToken ct)
    {
        bool isMore;
        do
        {
            ct.ThrowIfCancellationRequested();
            var before = follower.Replayed;
            isMore = follower.ReplaySome(BlocksAtOnce);
            if (follower.Replayed > before)
            {
                Tell(Seen(follower) with { Trouble = status.Trouble });
            }
        } while (isMore);
    }

    /// <summary>The consensus's own page hears of it too, from whoever signed something else.</summary>
    private async Task Show(LedgerConflict conflict, CancellationToken ct)
    {
        try
        {
            await desk.Protest(status.LastSigned, conflict, ct);
        }
        catch (HttpRequestException)
        {
            // Said in the log and on the witness's own page; tried again with the next look.
        }
    }

    private void Found(LedgerConflict conflict)
    {
        var known = status.Conflict;
        if (known is null || known with { At = conflict.At } != conflict)
        {
            WitnessLog.ConflictFound(
                logger,
                conflict.Kind,
                conflict.Height,
                conflict.Held,
                conflict.Shown,
                conflict.Reason
            );
            Tell(status with { Conflict = conflict, Trouble = null });
        }
    }

    private string? ClockTrouble(Follower follower)
    {
        if (
            follower.Copy.Head is not { } head
            || !DateTimeOffset.TryParse(head.Time, CultureInfo.InvariantCulture, out var written)
            || (time.GetUtcNow() - written).Duration() is var apart && apart <= options.ClockTolerance
        )
        {
            return null;
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"This clock and the ledger's are {apart.TotalMinutes:0} minutes apart. Order is by hashes, so nothing else changes."
        );
    }

    private WitnessStatus Seen(Follower follower) =>
        new(follower.Next, follower.Replayed, follower.Copy.Head?.Hash, follower.Signed, null, status.Split, null);

    private static string Words(Exception failure) =>
        failure is HttpRequestException
            ? $"The ledger cannot be followed now: {failure.Message}"
            : $"The own copy cannot be written or read; nothing is signed until it can: {failure.Message}";

    private void Tell(WitnessStatus next)
    {
        lock (telling)
        {
            status = next;
            Changed?.Invoke(next);
        }
    }
}
