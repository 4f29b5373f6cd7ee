using System.Net;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Workshop.Ledger.Witnesses;

/// <summary>Hands a witness's signatures in, and not too many of them.</summary>
/// <param name="options">How often, and as whom.</param>
/// <param name="source">The consensus.</param>
/// <param name="logger">Hears of refusals.</param>
internal sealed class SignatureDesk(WitnessOptions options, LedgerSource source, ILogger logger)
{
    /// <summary>A signature that was not taken is handed in again so soon, and then twice as late each time.</summary>
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(10);

    private long? signedAt;

    private TimeSpan retry = FirstRetry;

    private bool isTaken = true;

    private string? refused;

    /// <summary>How long to wait before the next signature.</summary>
    internal TimeSpan PauseBefore(TimeProvider time) =>
        signedAt is { } at && options.SignEvery - time.GetElapsedTime(at) is var rest && rest > TimeSpan.Zero
            ? rest
            : TimeSpan.Zero;

    /// <summary>Waits for blocks, and meanwhile hands in again what was not taken.</summary>
    internal async Task Wait(ChannelReader<bool> wake, Follower follower, TimeProvider time, CancellationToken ct)
    {
        var woken = wake.ReadAsync(ct).AsTask();
        while (!isTaken)
        {
            try
            {
                await woken.WaitAsync(retry, time, ct);
                return;
            }
            catch (TimeoutException)
            {
                retry = retry * 2 < LongestRetry ? retry * 2 : LongestRetry;
                await Again(follower, time, ct);
            }
        }

        await woken;
    }

    /// <summary>Hands in what was signed before: the other end may have lost it, or never had it.</summary>
    internal async Task Again(Follower follower, TimeProvider time, CancellationToken ct)
    {
        if (options.Key is not null && follower.Signed is { } signed)
        {
            await HandIn(signed, time, ct);
        }
    }

    /// <summary>Hands a signature in.</summary>
    /// <returns>Whether it contradicts what the consensus has.</returns>
    internal async Task<bool> HandIn(SignedCheckpoint signed, TimeProvider time, CancellationToken ct)
    {
        signedAt = time.GetTimestamp();
        try
        {
            var reception = await source.Tell(options.Name!, signed, null, ct);
            isTaken = reception.Status < (int)HttpStatusCode.BadRequest;
            retry = isTaken ? FirstRetry : retry;
            if (!isTaken && !string.Equals(refused, reception.Detail, StringComparison.Ordinal))
            {
                refused = reception.Detail;
                WitnessLog.NotTaken(logger, signed.Checkpoint.Height, reception.Status, reception.Detail);
            }

            return reception.Status == (int)HttpStatusCode.Conflict;
        }
        catch (HttpRequestException)
        {
            isTaken = false;
            return false;
        }
    }

    /// <summary>Hands in a signature that the consensus's history contradicts, with the own version of the block.</summary>
    internal async Task Protest(SignedCheckpoint? signed, LedgerConflict conflict, CancellationToken ct)
    {
        if (options.Name is not null && signed is not null)
        {
            await source.Tell(options.Name, signed, conflict.HeldBlock, ct);
        }
    }
}
