using System.Threading.RateLimiting;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Workshop.ServiceDefaults.Limits;
using Xunit;

namespace Workshop.Tests.ServiceDefaults.Limits;

/// <summary>Many threads at one limiter, some of whom give up: never too many hold a permit, and none is lost.</summary>
public sealed class PatientLimiterTests
{
    private const int Permits = 3;

    private const int Callers = 64;

    private const int Rounds = 40;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lease_that_comes_in_vain_is_refused_and_goes_to_the_next()
    {
        var time = new FakeTimeProvider();
        var refusals = new Queue<bool>([true, false]);
        await using var inner = new ConcurrencyLimiter(new() { PermitLimit = 1, QueueLimit = 2 });
        var limiter = new PatientLimiter(
            inner,
            TimeSpan.FromSeconds(10),
            time,
            waited => waited >= TimeSpan.FromSeconds(2) && refusals.Dequeue()
        );
        var held = await limiter.AcquireAsync(1, Ct);
        var first = limiter.AcquireAsync(1, Ct).AsTask();
        var second = limiter.AcquireAsync(1, Ct).AsTask();
        time.Advance(TimeSpan.FromSeconds(2));

        held.Dispose();

        Assert.False((await first).IsAcquired);
        Assert.True((await second).IsAcquired);
        Assert.Empty(refusals);
    }

    [Fact]
    public async Task Never_more_than_the_permits_are_held_and_all_come_back()
    {
        await Gen.Select(Gen.Int[0, 3].Array[Callers], Gen.Int[0, 5].Array[Callers], Gen.Int[1, 20])
            .SampleAsync(
                async (holds, patience, longest) =>
                {
                    await using var inner = new ConcurrencyLimiter(
                        new() { PermitLimit = Permits, QueueLimit = Callers }
                    );
                    var limiter = new PatientLimiter(inner, TimeSpan.FromMilliseconds(longest), TimeProvider.System);
                    var held = 0;
                    var outcomes = await Task.WhenAll(
                            Enumerable
                                .Range(0, Callers)
                                .Select(caller =>
                                    Task.Run(async () =>
                                    {
                                        using var giveUp = new CancellationTokenSource();
                                        if (patience[caller] == 0)
                                        {
                                            giveUp.CancelAfter(holds[caller]);
                                        }

                                        try
                                        {
                                            using var lease = await limiter.AcquireAsync(1, giveUp.Token);
                                            if (!lease.IsAcquired)
                                            {
                                                return true;
                                            }

                                            var isBounded = Interlocked.Increment(ref held) <= Permits;
                                            await Task.Delay(holds[caller], Ct);
                                            Interlocked.Decrement(ref held);
                                            return isBounded;
                                        }
                                        catch (OperationCanceledException)
                                        {
                                            return true;
                                        }
                                    })
                                )
                        )
                        .WaitAsync(TimeSpan.FromSeconds(10), Ct);

                    Assert.DoesNotContain(false, outcomes);
                    Assert.Equal(Permits, inner.GetStatistics()!.CurrentAvailablePermits);
                    Assert.Equal(0, inner.GetStatistics()!.CurrentQueuedCount);
                },
                iter: Rounds,
                threads: 1
            );
    }
}
