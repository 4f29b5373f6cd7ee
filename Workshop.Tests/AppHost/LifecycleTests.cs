using System.Text.Json;
using Workshop.AppHost.Processes;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.AppHost;

/// <summary>How a run of the host begins and ends, when it does not go as planned.</summary>
public sealed class LifecycleTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_host_that_is_killed_leaves_no_process_behind_and_the_next_start_recovers()
    {
        var folder = TestFolders.Create("state");
        var state = new Dictionary<string, string>(StringComparer.Ordinal) { ["WORKSHOP_STATE"] = folder };
        await using var first = WorkshopProcess.Launch(["--storage", "basic"], environment: state);
        await first.WaitUntilHealthy(Ct);

        await using var beside = WorkshopProcess.Launch(["--storage", "basic"], environment: state);
        Assert.Equal(1, await beside.WaitForExit(Ct));
        Assert.Contains("A workshop already runs from this folder", beside.Output, StringComparison.Ordinal);

        var children = await ProcessesOf(first);
        await first.Signal("KILL", Ct);
        await first.WaitForExit(Ct);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (children.Any(IsAlive) && !limit.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), Ct);
        }

        Assert.NotEmpty(children);
        Assert.DoesNotContain(children, IsAlive);

        // The storage mode is that of the first start, and what a later one asks for is answered.
        await using var second = WorkshopProcess.Launch(["--storage", "synchronous"], environment: state);
        await second.WaitUntilHealthy(Ct);
        Assert.Contains("The workshop keeps storage mode basic", second.Output, StringComparison.Ordinal);
        await second.Signal("INT", Ct);
        Assert.Equal(0, await second.WaitForExit(Ct));
        Directory.Delete(folder, recursive: true);

        static bool IsAlive(int id) => ProcessTable.Find(id) is { IsAlive: true };
    }

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
        while (!host.Output.Contains("postgres-1", StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), Ct);
        }

        await host.Signal("INT", Ct);

        Assert.Equal(130, await host.WaitForExit(Ct));
        Assert.Contains("everything is stopped", host.Output, StringComparison.Ordinal);
    }

    private static async Task<int[]> ProcessesOf(WorkshopProcess workshop) =>
        [
            .. (await workshop.Resources(Ct))
                .EnumerateArray()
                .Select(resource => resource.GetProperty("processId"))
                .Where(id => id.ValueKind is JsonValueKind.Number)
                .Select(id => id.GetInt32()),
        ];
}
