using System.Diagnostics;
using LaboratoryBench.Processes;
using Microsoft.Extensions.DependencyInjection;
using Registry.Leases;
using Xunit;

namespace Workshop.Tests.Registry.Probes;

/// <summary>
/// Probes of real processes. The times of the contract (300 ms, 1 s) are what the configured interval and timeout add up
/// to; here only a lenient bound is asserted, for the machine may be busy, and the measured time is printed.
/// </summary>
public sealed class ProberTests
{
    private static readonly TimeSpan Lenient = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void The_paces_add_up_to_the_times_of_the_contract()
    {
        var options = new RegistryOptions();

        Assert.True(options.ProbeInterval < TimeSpan.FromMilliseconds(300));
        Assert.True(
            options.ProbeInterval + (options.ProbeTimeout * LeaseMachine.MissesToDie) < TimeSpan.FromSeconds(1)
        );
    }

    [Fact]
    public async Task A_killed_server_is_out_and_one_that_comes_back_is_in_again()
    {
        await using var registry = new RegistryServer();
        await using var stub = await StubServer.Start(Ct);
        await registry.Register("shop-api", "one", stub.Port);
        var table = registry.Services.GetRequiredService<ServiceTable>();
        await Until(table, view => view.LastProbe is not null, "probed");

        stub.Kill();
        await Until(table, view => view.State is "dead", "killed, out");
        Assert.IsType<Turn.NoneAlive>(table.Next("shop-api"));

        await using var again = await StubServer.Start(Ct, stub.Port);
        await Until(table, view => view.State is "live", "back, in");
    }

    [Fact]
    public async Task A_frozen_server_is_out_and_one_that_goes_on_is_in_again()
    {
        await using var registry = new RegistryServer();
        await using var stub = await StubServer.Start(Ct);
        await registry.Register("shop-api", "one", stub.Port);
        var table = registry.Services.GetRequiredService<ServiceTable>();
        await Until(table, view => view.LatencyMilliseconds > 0, "probed");

        stub.Pause();
        await Until(table, view => view.State is "dead", "frozen, out");

        stub.Resume();
        await Until(table, view => view.State is "live", "goes on, in");
    }

    [Fact]
    public async Task However_many_instances_name_one_address_it_is_asked_as_often_as_one()
    {
        var answers = 0;
        await using var target = await StubMember.Start(context =>
        {
            Interlocked.Increment(ref answers);
            return Task.CompletedTask;
        });
        await using var registry = new RegistryServer();
        var port = new Uri(target.Url).Port;
        for (var instance = 0; instance < 32; instance++)
        {
            await registry.Register("shop-api", $"one-{instance}", port);
        }

        var table = registry.Services.GetRequiredService<ServiceTable>();
        await Until(table, view => view.LatencyMilliseconds > 0, "probed");
        var (before, started) = (answers, Stopwatch.GetTimestamp());
        await Task.Delay(TimeSpan.FromSeconds(1), Ct);
        var asked = answers - before;

        var intervals = Stopwatch.GetElapsedTime(started) / new RegistryOptions().ProbeInterval;
        Assert.InRange(asked, 1, intervals + 1);
        Assert.All(table.Find("shop-api")!.Instances, instance => Assert.Equal("live", instance.State));
        Assert.All(table.Find("shop-api")!.Instances, instance => Assert.NotNull(instance.LatencyMilliseconds));
    }

    private static async Task Until(ServiceTable table, Func<InstanceView, bool> isSo, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!isSo(table.Find("shop-api")!.Instances[0]))
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Lenient, $"{what}: not within {Lenient}");
            await Task.Delay(2, Ct);
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        TestContext.Current.TestOutputHelper!.WriteLine($"{what}: {elapsed.TotalMilliseconds:0} ms");
    }
}
