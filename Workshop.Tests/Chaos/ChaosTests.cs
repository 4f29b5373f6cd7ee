using LaboratoryBench.Chaos;
using Xunit;

namespace Workshop.Tests.Chaos;

/// <summary>The proof in small: every fault once in every mode, on one whole workshop, while people buy.</summary>
[Collection(nameof(ChaosTests))]
[CollectionDefinition(nameof(ChaosTests), DisableParallelization = true)]
public sealed class ChaosTests(ITestOutputHelper output)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_kind_of_fault_is_done_in_some_mode_however_slow_the_machine() =>
        Assert.Equal(Enum.GetValues<FaultKind>().ToHashSet(), ChaosOptions.Modes.SelectMany(Faults.Owed).ToHashSet());

    [Fact]
    public async Task Whatever_is_killed_while_people_buy_the_shop_keeps_its_word_in_each_mode()
    {
        await using var workshop = await ChaosWorkshop.Start("basic", Ct);
        foreach (
            var (mode, seconds, seed) in new[]
            {
                ("basic", 10, 20261),
                ("synchronous", 30, 20262),
                ("asynchronous", 30, 20263),
            }
        )
        {
            await workshop.ChangeMode(mode);
            var options = new ChaosOptions
            {
                Mode = mode,
                Duration = TimeSpan.FromSeconds(seconds),
                Seed = seed,
                ArrivalsPerSecond = 20,
                LongestCalm = TimeSpan.FromSeconds(1),
            };

            var result = await ChaosCommand.Run(workshop, options, Ct);

            output.WriteLine(result.Summary());
            Assert.Empty(result.Violations);
            Assert.Empty(Faults.Owed(mode).Except(result.Faults.Select(fault => fault.Kind)));
            Assert.True(
                result.Acknowledged.Count > seconds,
                $"{mode}: only {result.Acknowledged.Count} orders were acknowledged"
            );
        }
    }
}
