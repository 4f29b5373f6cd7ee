using Shop.Web.Redundancy;
using Shop.Web.Redundancy.Buyers;
using Xunit;

namespace Workshop.Tests.Shop.Web.Redundancy.Buyers;

/// <summary>A fault plan is read from a form, bounded, and written back into one.</summary>
public sealed class FaultPlanTests
{
    [Fact]
    public void What_when_and_how_often_are_read_and_make_the_same_form_again()
    {
        var plan = Read(
            ("rate", "5"),
            ("seconds", "30"),
            ("buyers", "both"),
            ("fault", "kill-server"),
            ("at", "4"),
            ("times", "2"),
            ("every", "12"),
            ("back", "3"),
            ("fault3", "switchover")
        );

        Assert.Equal(
            [
                new("kill-server", AfterSeconds: 4, Times: 2, EverySeconds: 12, BackAfterSeconds: 3),
                new FaultLine("switchover", AfterSeconds: 30),
            ],
            plan!.Faults.Lines
        );
        Assert.True(plan.WithNaive);
        Assert.Equal([4, 16, 30], plan.Faults.Schedule.Select(due => due.AtSeconds));
        Assert.Equal("kill-server+switchover", plan.Faults.Id);
        Assert.Equal("Kill shop-api-1, then switch over to the standby, as planned", plan.Faults.Label);
        Assert.Equal("Kill shop-api-1 at 4 s, 2 times, every 12 s, put right 3 s later", plan.Faults.Lines[0].Words);
        var again = BuyerPlan.Read(
            name =>
                plan.Fields.FirstOrDefault(field => string.Equals(field.Name, name, StringComparison.Ordinal)).Value,
            out _
        );
        Assert.Equal(plan.Faults.Lines, again!.Faults.Lines);
        Assert.Equal(plan with { Faults = again.Faults }, again);
    }

    [Fact]
    public void A_fault_comes_once_after_a_third_of_the_run_unless_something_else_is_chosen()
    {
        var plan = Read(("rate", "5"), ("seconds", "15"), ("fault", "kill-primary"))!;

        Assert.Equal(FaultPlan.Of("kill-primary", seconds: 15).Lines, plan.Faults.Lines);
        Assert.Equal("kill-primary", plan.Faults.Id);
        Assert.False(plan.WithNaive);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("")]
    [InlineData(null)]
    public void A_plan_without_a_fault_is_one(string? fault)
    {
        var plan = fault is null
            ? Read(("rate", "1"), ("seconds", "1"))
            : Read(("rate", "1"), ("seconds", "1"), ("fault", fault));

        Assert.Empty(plan!.Faults.Lines);
        Assert.Equal("none", plan.Faults.Id);
        Assert.Equal("No fault", plan.Faults.Label);
    }

    [Theory]
    [InlineData("rate", "51", "The rate is a whole number from 1 to 50.")]
    [InlineData("seconds", "121", "The duration is a whole number from 1 to 120.")]
    [InlineData("fault", "flood", "Choose one of the faults.")]
    [InlineData("at", "31", "A fault comes at a whole second from 0 to 30, the end of the run.")]
    [InlineData("at", "soon", "A fault comes at a whole second from 0 to 30, the end of the run.")]
    [InlineData("times", "6", "A fault is made 1 to 5 times.")]
    [InlineData("every", "0", "From one fault to the next it is 1 to 60 s.")]
    [InlineData("back", "61", "A fault is put right after 1 to 60 s; leave it empty, and it is not.")]
    [InlineData("times", "4", "The last fault would come at 40 s, and the run ends at 30 s.")]
    public void What_is_out_of_bounds_is_refused_in_words(string field, string value, string words)
    {
        var entered = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["rate"] = "5",
            ["seconds"] = "30",
            ["fault"] = "kill-server",
            [field] = value,
        };

        Assert.Null(BuyerPlan.Read(name => entered.GetValueOrDefault(name), out var error));
        Assert.Equal(words, error);
    }

    [Theory]
    [InlineData("basic", "restore", true)]
    [InlineData("synchronous", "restore", false)]
    [InlineData("basic", "switchover", false)]
    [InlineData("basic", "kill-standby", false)]
    [InlineData("synchronous", "kill-standby", true)]
    [InlineData("synchronous", "hold-back", false)]
    [InlineData("asynchronous", "hold-back", true)]
    [InlineData("basic", "pause-server-2", true)]
    public void A_fault_is_offered_in_the_modes_in_which_it_makes_sense(string mode, string fault, bool offered) =>
        Assert.Equal(offered, PlannedFault.Find(fault)!.Fits(mode));

    [Fact]
    public void Each_server_and_database_can_be_killed_stopped_and_frozen_and_put_right_again()
    {
        foreach (var target in new[] { "primary", "standby", "server", "server-2", "registry" })
        {
            Assert.Equal("start", PlannedFault.Find($"kill-{target}")!.Back);
            Assert.Equal("start", PlannedFault.Find($"stop-{target}")!.Back);
            Assert.Equal("resume", PlannedFault.Find($"pause-{target}")!.Back);
        }

        Assert.Null(PlannedFault.Find("switchover")!.Back);
        Assert.Equal(
            PlannedFault.All.Count,
            PlannedFault.All.DistinctBy(fault => fault.Id, StringComparer.Ordinal).Count()
        );
    }

    private static BuyerPlan? Read(params (string Name, string Value)[] fields) =>
        BuyerPlan.Read(
            name => Array.Find(fields, field => string.Equals(field.Name, name, StringComparison.Ordinal)).Value,
            out _
        );
}
