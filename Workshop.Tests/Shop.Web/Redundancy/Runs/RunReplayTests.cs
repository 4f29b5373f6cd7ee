using Shop.Web.Redundancy.Runs;
using Xunit;

namespace Workshop.Tests.Shop.Web.Redundancy.Runs;

/// <summary>A run told step by step: what the laboratory saw late is shown when it was.</summary>
public sealed class RunReplayTests
{
    [Fact]
    public void Faults_phases_and_the_conductors_words_come_in_the_order_in_which_they_happened()
    {
        var steps = RunReplay.Of(RunSample.Record());

        Assert.Equal(steps.OrderBy(step => step.AtMilliseconds), steps);
        Assert.Equal("The first buyer comes.", steps[0].Words);
        Assert.Equal(
            [
                (5050, "postgres-1 was killed."),
                (5050, "detect: the old primary is silent, until the conductor decides that it is down."),
                (5250, "fence: the conductor makes sure that it is dead."),
                (5250, "Conductor: Failover: Fence postgres-1"),
                (5300, "promote: the standby becomes the primary."),
            ],
            steps.Skip(1).Take(5).Select(step => (step.AtMilliseconds, step.Words))
        );
        Assert.Equal(
            [null, RunBands.Detect, RunBands.Fence, RunBands.Promote, RunBands.Reroute, null],
            steps.Select(step => step.Phase).Aggregate(new List<string?>(), Distinct)
        );
    }

    [Theory]
    [InlineData(0, "postgres-1:up:primary postgres-2:up:standby")]
    [InlineData(5050, "postgres-1:down:none postgres-2:up:standby")]
    [InlineData(5300, "postgres-1:down:none postgres-2:up:standby")]
    [InlineData(5400, "postgres-1:down:none postgres-2:up:primary")]
    [InlineData(9000, "postgres-1:up:standby postgres-2:up:primary")]
    public void The_picture_shows_the_dead_as_dead_before_the_next_look(double at, string databases)
    {
        var step = RunReplay.Of(RunSample.Record()).First(step => Math.Abs(step.AtMilliseconds - at) < 0.1);

        Assert.Equal(
            databases,
            string.Join(
                ' ',
                step.Parts.Where(part => part.Kind is "database")
                    .Select(part => $"{part.Name}:{part.State}:{part.Role}")
            )
        );
    }

    [Fact]
    public void A_run_of_an_earlier_version_has_steps_without_a_picture()
    {
        var run = RunSample.Record();
        var old = run with { Events = null, Moments = [.. run.Moments.Select(moment => moment with { Parts = null })] };

        var steps = RunReplay.Of(old);

        Assert.All(steps, step => Assert.Empty(step.Parts));
        Assert.Contains(steps, step => step.Words is "postgres-1 was killed.");
    }

    [Fact]
    public void What_stands_as_before_is_not_noted_again()
    {
        var moments = RunSample.Record().Moments;

        Assert.Equal([0, 5400, 9000, 16_000], moments.Select(moment => moment.AtMilliseconds));
    }

    private static List<string?> Distinct(List<string?> phases, string? phase)
    {
        if (phases.Count == 0 || !string.Equals(phases[^1], phase, StringComparison.Ordinal))
        {
            phases.Add(phase);
        }

        return phases;
    }
}
