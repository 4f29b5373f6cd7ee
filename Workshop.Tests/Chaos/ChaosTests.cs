using Xunit;

namespace Workshop.Tests.Chaos;

/// <summary>The proof in small: every fault once in every mode, on the whole workshop, while people buy.</summary>
[Collection(nameof(ChaosTests))]
[CollectionDefinition(nameof(ChaosTests), DisableParallelization = true)]
public sealed class ChaosTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_kind_of_fault_is_done_in_some_mode_however_slow_the_machine() =>
        Assert.Equal(Enum.GetValues<FaultKind>().ToHashSet(), ChaosOptions.Modes.SelectMany(Faults.Owed).ToHashSet());

    [Theory]
    [InlineData("basic", 15)]
    [InlineData("synchronous", 40)]
    [InlineData("asynchronous", 40)]
    public async Task Whatever_is_killed_while_people_buy_the_shop_keeps_its_word(string mode, int seconds)
    {
        var options = new ChaosOptions
        {
            Mode = mode,
            Duration = TimeSpan.FromSeconds(seconds),
            Seed = 20261,
            ArrivalsPerSecond = 20,
            LongestCalm = TimeSpan.FromSeconds(1),
        };

        var result = await ChaosCommand.Run(options, TestContext.Current.CancellationToken);

        output.WriteLine(result.Summary());
        Assert.Empty(result.Violations);
        Assert.Empty(Faults.Owed(mode).Except(result.Faults.Select(fault => fault.Kind)));
        Assert.True(result.Acknowledged.Count > seconds, $"only {result.Acknowledged.Count} orders were acknowledged");
    }
}
