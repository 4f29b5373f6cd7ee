using LaboratoryBench.Processes;
using Microsoft.Extensions.DependencyInjection;
using Shop.Web.Redundancy.Buyers;
using Xunit;

namespace Workshop.Tests.Shop.Web.Redundancy.Buyers;

/// <summary>The faults of a plan reach the host in their order, and what is to be put right is.</summary>
public sealed class FaultInjectorTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fault_is_made_as_often_as_planned_and_put_right_each_time()
    {
        await using var shop = await StubShop.Start();
        await using var storefront = shop.Storefront();
        var run = Run(new FaultLine("kill-server", AfterSeconds: 0, Times: 2, EverySeconds: 5, BackAfterSeconds: 1));

        await Carry(storefront, run, Ct);

        Assert.Equal(
            ["kill shop-api-1", "start shop-api-1", "kill shop-api-1", "start shop-api-1"],
            shop.Commands,
            StringComparer.Ordinal
        );
        Assert.Equal(
            ["kill", "start", "kill", "start"],
            run.Faults.Select(fault => fault.Command),
            StringComparer.Ordinal
        );
        Assert.InRange(run.Faults[2].AtMilliseconds, 5000, 30_000);
        Assert.StartsWith("shop-api-1 was killed ", run.Remark, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cut-conductor", "postgres-1", "cut", """{"cut":true,"milliseconds":0,"break":false}""")]
    [InlineData("slow-standby", "replication", "slow", """{"cut":false,"milliseconds":300,"break":false}""")]
    public async Task A_proxy_stands_in_a_wire_from_the_start_of_the_run_and_is_mended_with_it(
        string fault,
        string wire,
        string command,
        string behaviour
    )
    {
        const string Passes = """{"cut":false,"milliseconds":0,"break":false}""";
        await using var shop = await StubShop.Start();
        await using var storefront = shop.Storefront();
        var run = Run(new FaultLine(fault, AfterSeconds: 1));

        await Carry(storefront, run, Ct);

        Assert.Equal(
            [$"PUT {wire} {Passes}", $"PUT {wire} {behaviour}", $"PUT {wire} {Passes}", $"DELETE {wire}"],
            shop.Commands,
            StringComparer.Ordinal
        );
        Assert.Equal([command, "mend"], run.Faults.Select(made => made.Command), StringComparer.Ordinal);
        // Nothing else would end it: it lasts as long as the run.
        Assert.InRange(run.Faults[1].AtMilliseconds, (run.Plan.Seconds * 1000) - 100, 30_000);
    }

    [Fact]
    public async Task A_role_is_looked_up_when_the_fault_is_due()
    {
        await using var shop = await StubShop.Start();
        await using var storefront = shop.Storefront();
        var run = Run(new("pause-standby", AfterSeconds: 0), new("switchover", AfterSeconds: 1));

        await Carry(storefront, run, Ct);

        Assert.Equal(["pause postgres-2", "switchover postgres-1"], shop.Commands, StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_run_that_is_stopped_makes_no_more_faults_and_puts_right_at_once()
    {
        await using var shop = await StubShop.Start();
        await using var storefront = shop.Storefront();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var run = Run(new("pause-server", AfterSeconds: 0, BackAfterSeconds: 60), new("kill-primary", AfterSeconds: 5));

        var carried = Carry(storefront, run, stop.Token);
        await Eventually.Holds(() => Task.FromResult(!shop.Commands.IsEmpty), Ct);
        await stop.CancelAsync();
        await carried;

        Assert.Equal(["pause shop-api-1", "resume shop-api-1"], shop.Commands, StringComparer.Ordinal);
    }

    private static BuyerRun Run(params FaultLine[] lines) => new("test", new(1, 10, new FaultPlan(lines)));

    private static Task Carry(StorefrontServer storefront, BuyerRun run, CancellationToken stop) =>
        storefront.Services.GetRequiredService<FaultInjector>().Carry(run, TimeProvider.System.GetTimestamp(), stop);
}
