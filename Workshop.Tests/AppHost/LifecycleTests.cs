using LaboratoryBench.Processes;
using Workshop.AppHost.Processes;
using Xunit;

namespace Workshop.Tests.AppHost;

/// <summary>A start that does not go as planned.</summary>
public sealed class LifecycleTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_child_that_dies_while_starting_ends_the_start_and_its_words_are_shown()
    {
        var poison = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Logging__LogLevel__Default"] = "Deafening",
        };
        await using var host = WorkshopProcess.Launch(["--ephemeral", "--storage", "basic"], environment: poison);

        Assert.Equal(1, await host.WaitForExit(Ct));
        Assert.Matches("(registry|shop-migrations) did not start: it ended", host.Output);
        Assert.Contains("Deafening", host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_while_starting_stops_everything()
    {
        await using var host = WorkshopProcess.Launch(["--ephemeral", "--storage", "basic"]);
        await Eventually.Holds(
            () => Task.FromResult(host.Output.Contains("postgres-1", StringComparison.Ordinal)),
            Ct,
            pause: TimeSpan.FromMilliseconds(20)
        );
        var started = ProcessTable.Descendants(host.ProcessId);
        Assert.NotEmpty(started);

        await host.Signal("INT", Ct);

        Assert.Equal(130, await host.WaitForExit(Ct));
        Assert.Contains("everything is stopped", host.Output, StringComparison.Ordinal);
        await Eventually.Holds(() => Task.FromResult(!started.Any(Lives)), Ct, within: TimeSpan.FromSeconds(10));

        static bool Lives(ProcessEntry one) =>
            ProcessTable.Find(one.Id) is { IsAlive: true } now && now.StartTicks == one.StartTicks;
    }
}
