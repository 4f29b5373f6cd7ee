using LaboratoryBench.Chaos;
using Xunit;

namespace Workshop.Tests.Chaos;

public sealed class ChaosOptionsTests
{
    [Fact]
    public void The_minutes_are_shared_by_the_modes()
    {
        var runs = ChaosOptions.Read(["--minutes", "30", "--seed", "7"]);

        Assert.Equal(ChaosOptions.Modes, runs.Select(run => run.Mode), StringComparer.Ordinal);
        Assert.All(runs, run => Assert.Equal((TimeSpan.FromMinutes(10), 7), (run.Duration, run.Seed)));
    }

    [Fact]
    public void One_mode_gets_all_of_them()
    {
        var run = Assert.Single(ChaosOptions.Read(["--mode", "synchronous", "--minutes", "30"]));

        Assert.Equal(("synchronous", TimeSpan.FromMinutes(30)), (run.Mode, run.Duration));
    }

    [Theory]
    [InlineData("--minutes", "0")]
    [InlineData("--minutes", "soon")]
    [InlineData("--mode", "raid")]
    [InlineData("--seed")]
    [InlineData("--speed", "1")]
    public void A_bad_option_is_named(params string[] args) =>
        Assert.Contains(
            args[0],
            Assert.Throws<FormatException>(() => ChaosOptions.Read(args)).Message,
            StringComparison.Ordinal
        );
}
