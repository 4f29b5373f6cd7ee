using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Workshop.Replicas;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Methods;

namespace Consensus.Ledger;

/// <summary><c>GET /ledger/stream</c>: the file's own lines, as they become final, for as long as somebody listens.</summary>
/// <param name="chain">Grows.</param>
/// <param name="time">Measures how long a listener takes.</param>
/// <param name="lifetime">Ends all streams with the service.</param>
/// <param name="replicas">The other replicas, which need blocks however many others listen; null where there are none.</param>
internal sealed class LedgerStream(
    LedgerChain chain,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ReplicaOptions? replicas = null
) : IDisposable
{
    /// <summary>Listeners at one time.</summary>
    internal const int MostListeners = 64;

    /// <summary>All that is held in memory for a listener.</summary>
    private const int BufferBytes = 64 * 1024;

    /// <summary>A listener that does not take a buffer in this time is let go; it comes back for the rest.</summary>
    private static readonly TimeSpan SlowestBuffer = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim places = new(MostListeners);

    internal static Results<PushStreamHttpResult, ProblemHttpResult> Listen(
        HttpContext http,
        LedgerStream stream,
        long? from
    ) => stream.Open(http, from ?? 0);

    public void Dispose() => places.Dispose();

    private Results<PushStreamHttpResult, ProblemHttpResult> Open(HttpContext http, long from)
    {
        var count = chain.Now.Count;
        if (from < 0 || from > count)
        {
            return Problems.Invalid(
                "from",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Must be from 0 to {count}, the height of the block that comes next."
                )
            );
        }

        if (replicas?.IsOneOfUs(http.Request) is not true)
        {
            if (!places.Wait(0, CancellationToken.None))
            {
                throw new ServiceUnavailableException("Enough listeners follow the ledger now.")
                {
                    RetryAfter = RetryAfter,
                };
            }

            http.Response.RegisterForDispose(new Place(places));
        }

        return TypedResults.Stream(output => Send(http, output, from), "application/jsonl");
    }

    private async Task Send(HttpContext http, Stream output, long from)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(
            http.RequestAborted,
            lifetime.ApplicationStopping
        );
        // A listener hears that it is one before there is anything to hear.
        await output.FlushAsync(ended.Token);
        if (http.IsHead())
        {
            return;
        }

        try
        {
            await Send(output, from, ended.Token);
        }
        catch (OperationCanceledException)
        {
            // The service stops, the listener went, or it was too slow: what was begun is no whole line.
            http.Abort();
        }
    }

    private async Task Send(Stream output, long from, CancellationToken ct)
    {
        using var file = File.OpenHandle(chain.File.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var buffer = new byte[BufferBytes];
        // The end first: a block that is appended between the two looks is found, or comes after this end.
        var end = chain.Now.Length;
        var sent = chain.File.Index.Find(from)?.Offset ?? end;
        while (true)
        {
            var grown = chain.Grown;
            var final = chain.Now.Length;
            while (sent < final)
            {
                var wanted = (int)Math.Min(buffer.Length, final - sent);
                var read = await RandomAccess.ReadAsync(file, buffer.AsMemory(0, wanted), sent, ct);
                if (read == 0)
                {
                    // Somebody cut the file under a running service: there is nothing true to send.
                    return;
                }

                await Write(output, buffer.AsMemory(0, read), ct);
                sent += read;
            }

            await grown.WaitAsync(ct);
        }
    }

    private async Task Write(Stream output, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(SlowestBuffer, time);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        await output.WriteAsync(bytes, limited.Token);
        await output.FlushAsync(limited.Token);
    }

    private sealed class Place(SemaphoreSlim places) : IDisposable
    {
        public void Dispose() => places.Release();
    }
}
