using Shop.Web.Redundancy;
using Shop.Web.Redundancy.Runs;
using Xunit;

namespace Workshop.Tests.Shop.Web.Redundancy.Runs;

/// <summary>Where things stand in the picture of a run, and which phases it has.</summary>
public sealed class RunChartTests
{
    [Fact]
    public void The_phases_of_a_failover_follow_one_another_and_end_with_the_standby_in_sync()
    {
        var bands = RunSample.Record().Bands;

        Assert.Equal(
            [
                new(RunBands.Detect, 5050, 5250),
                new(RunBands.Fence, 5250, 5300),
                new(RunBands.Promote, 5300, 5400),
                new(RunBands.Reroute, 5400, 5430),
                new(RunBands.NotInSync, 5400, 9000),
            ],
            bands
        );
    }

    [Fact]
    public void A_standby_that_is_never_in_sync_again_is_a_band_to_the_end()
    {
        var bands = RunBands.Of(
            RunSample.Start,
            faults: [],
            failovers: [],
            [
                new(0, "postgres-1", InSync: true),
                new(100, "postgres-1", InSync: false),
                new(900, "postgres-1", InSync: false),
            ],
            isObserved: false
        );

        Assert.Equal([new(RunBands.NotInSync, 100, 900)], bands);
    }

    [Fact]
    public void In_basic_mode_there_is_nothing_to_be_in_sync() =>
        Assert.Empty(
            RunBands.Of(
                RunSample.Start,
                [],
                [],
                [new(0, "postgres-1", InSync: null), new(9, null, null)],
                isObserved: false
            )
        );

    [Fact]
    public void Words_of_faults_that_come_close_together_stand_in_rows_and_within_the_picture()
    {
        var labels = new RunChart(RunSample.Record()).Labels([
            new(1_000, "kill", "postgres-1"),
            new(1_500, "kill", "shop-api-1"),
            new(2_000, "pause", "postgres-2"),
            new(9_000, "start", "shop-api-1"),
            new(35_000, "kill", "postgres-2"),
        ]);

        Assert.Equal([0, 1, 2, 0, 0], labels.Select(label => label.Row));
        Assert.Equal([false, false, false, false, true], labels.Select(label => label.IsLeft));
        Assert.Equal("pause postgres-2", labels[2].Text);
    }

    [Fact]
    public void Latency_goes_upwards_by_powers_of_ten_and_time_to_the_right()
    {
        var chart = new RunChart(RunSample.Record());

        Assert.Equal(5, chart.Decades);
        Assert.Equal("270", chart.Y(1));
        Assert.Equal("270", chart.Y(0));
        Assert.Equal("222", chart.Y(10));
        Assert.Equal("30", chart.Y(100_000));
        Assert.Equal("70", chart.X(0));
        Assert.Equal("950", chart.X(35_200));
        Assert.Equal(["shop-api-1", "shop-api-2"], chart.Servers);
        Assert.Equal([0, 5, 10, 15, 20, 25, 30, 35], chart.Ticks.Where(tick => tick % 5 == 0));
    }

    [Fact]
    public void Every_purchase_has_one_mark()
    {
        var record = RunSample.Record();

        var marks = new RunChart(record).Marks;

        Assert.Equal(record.Orders.Count, marks.Sum(mark => mark.Count));
        Assert.All(marks, mark => Assert.Equal(mark.Count, RunSample.MarksOf(mark.Outcome, mark.Path)));
        Assert.Equal(3, Assert.Single(marks, mark => mark.Outcome is Outcomes.Retried).Count);
        Assert.Equal(-1, Assert.Single(marks, mark => mark.Outcome is Outcomes.NoAnswer).Server);
    }

    [Fact]
    public void A_run_without_purchases_can_be_drawn()
    {
        var empty = RunSample.Record() with { Orders = [], Bands = [], Moments = [], Faults = [] };

        Assert.Empty(new RunChart(empty).Marks);
        Assert.Equal(15_000, empty.EndMilliseconds);
    }

    [Theory]
    [InlineData("kill", "postgres-1 was killed.")]
    [InlineData("pause", "postgres-1 is frozen.")]
    [InlineData("backup", "postgres-1 was backed up.")]
    public void What_was_done_is_a_sentence(string command, string sentence) =>
        Assert.Equal(sentence, Fault.Done(command, "postgres-1"));
}
