using Consensus.Ledger;
using CsCheck;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Workshop.Ledger.Mechanism;
using Workshop.ServiceDefaults.Errors;
using Xunit;

namespace Workshop.Tests.Consensus.Ledger;

/// <summary>Many threads append while the writer is told to stop: what was acknowledged is there once, the rest is not.</summary>
public sealed class LedgerWriterSchedulesTests
{
    private const int Appends = 64;

    private const int Rounds = 20;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_acknowledged_is_on_disk_once_and_what_is_refused_is_not()
    {
        await Gen.Select(Gen.Int[0, Appends * 2], Gen.Int[0, 3].Array[Appends])
            .SampleAsync(
                async (stopAfter, spins) =>
                {
                    using var folder = new LedgerFolder();
                    var acknowledged = await AppendAll(folder, stopAfter, spins);
                    if (stopAfter is 0 or > Appends)
                    {
                        // Nobody stopped it.
                        Assert.Equal(Appends, acknowledged.Count);
                    }

                    using var chain = folder.Open();
                    var written = Enumerable
                        .Range(0, (int)chain.Now.Count)
                        .Select(height => ((TreasuryEntry)chain.ReadBlock(height)!.Payload).Cents)
                        .ToArray();
                    Assert.Equal(acknowledged.Order(), written.Order());
                },
                iter: Rounds,
                threads: 1
            );
    }

    /// <summary>Each entry's cents are its number, so each can be found again.</summary>
    private static async Task<List<long>> AppendAll(LedgerFolder folder, int stopAfter, int[] spins)
    {
        using var chain = folder.Open();
        using var lifetime = new Lifetime();
        using var writer = new LedgerWriter(
            chain,
            new FlushedCommit(chain),
            NullLogger<LedgerWriter>.Instance,
            lifetime
        );
        await writer.StartAsync(Ct);
        var begun = 0;
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var appends = Enumerable
            .Range(1, Appends)
            .Select(cents =>
                Task.Run(async () =>
                {
                    Thread.SpinWait(spins[cents - 1] * 300);
                    if (Interlocked.Increment(ref begun) == stopAfter)
                    {
                        stop.TrySetResult();
                    }

                    try
                    {
                        return await writer.Append(_ => new TreasuryEntry(cents), CancellationToken.None) is Applied
                            ? cents
                            : 0L;
                    }
                    catch (ServiceUnavailableException)
                    {
                        return 0L;
                    }
                })
            )
            .ToArray();
        var all = Task.WhenAll(appends);
        await Task.WhenAny(stop.Task, all);
        await writer.StopAsync(Ct);
        return [.. (await all.WaitAsync(TimeSpan.FromSeconds(10), Ct)).Where(cents => cents > 0)];
    }

    private sealed class Lifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource never = new();

        public CancellationToken ApplicationStarted => never.Token;

        public CancellationToken ApplicationStopping => never.Token;

        public CancellationToken ApplicationStopped => never.Token;

        public void StopApplication() => throw new InvalidOperationException("Nothing here is a defect.");

        public void Dispose() => never.Dispose();
    }
}
