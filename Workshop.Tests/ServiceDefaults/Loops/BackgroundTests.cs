using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;
using Workshop.ServiceDefaults.Loops;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.ServiceDefaults.Loops;

/// <summary>Work that nobody awaits, in virtual time.</summary>
public sealed class BackgroundTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider time = new();
    private readonly HeardLog<Background> heard = new();
    private readonly Background background;

    public BackgroundTests() => background = new(time, heard);

    private string?[] Names => [.. heard.Lines.Select(line => line.Values["Name"] as string)];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_loop_that_throws_is_logged_and_begins_again()
    {
        var begun = 0;
        var well = new TaskCompletionSource();
        var loop = background.Loop(
            "probes",
            async ct =>
            {
                if (++begun < 3)
                {
                    throw new InvalidCastException("unforeseen");
                }

                well.SetResult();
                await Task.Delay(Timeout.Infinite, ct);
            },
            Ct
        );
        await Pass(well.Task);

        Assert.Equal(3, begun);
        Assert.Equal(["probes", "probes"], Names);
        Assert.False(loop.IsCompleted);
    }

    [Fact]
    public async Task A_loop_that_fails_again_and_again_makes_the_service_unhealthy_and_one_that_runs_makes_it_healthy()
    {
        var fails = true;
        var third = new TaskCompletionSource();
        var begun = 0;
        background.Start(
            "probes",
            async ct =>
            {
                if (++begun == 4)
                {
                    third.SetResult();
                }

                if (Volatile.Read(ref fails))
                {
                    throw new InvalidCastException("unforeseen");
                }

                await Task.Delay(Timeout.Infinite, ct);
            },
            Ct
        );
        var first = await Health();
        await Pass(third.Task);
        var ill = await Health();
        Volatile.Write(ref fails, false);
        var before = begun;
        while (begun == before)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1, Ct);
        }

        time.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal(HealthStatus.Healthy, first.Status);
        Assert.Equal(HealthStatus.Unhealthy, ill.Status);
        Assert.Contains("probes", ill.Description, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Healthy, (await Health()).Status);
    }

    [Fact]
    public async Task A_loop_ends_when_it_is_told_to_and_when_it_returns()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var told = background.Loop("told", ct => Task.Delay(Timeout.Infinite, ct), stop.Token);
        await background.Loop("done", _ => Task.CompletedTask, stop.Token).WaitAsync(Limit, Ct);
        Assert.False(told.IsCompleted);
        await stop.CancelAsync();
        await told.WaitAsync(Limit, Ct);

        Assert.Empty(Names);
    }

    [Fact]
    public async Task Work_that_is_done_once_is_logged_when_it_throws_and_not_when_it_was_cancelled()
    {
        background.Once("asked", () => throw new InvalidCastException("at once"));
        background.Once(
            "asked later",
            async () =>
            {
                await Task.Yield();
                throw new InvalidCastException("later");
            }
        );
        background.Once("cancelled", () => Task.FromCanceled(new CancellationToken(canceled: true)));
        for (var look = 0; look < 1000 && Names.Length < 2; look++)
        {
            await Task.Delay(10, Ct);
        }

        Assert.Equal(["asked", "asked later"], Names);
    }

    private async Task Pass(Task until)
    {
        while (!until.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(1, Ct);
        }
    }

    private Task<HealthCheckResult> Health() => background.CheckHealthAsync(new HealthCheckContext(), Ct);
}
