using System.Collections.Immutable;
using System.Diagnostics;
using Xunit;

namespace Workshop.Tests.Ledger.Mechanism;

/// <summary>How long a batch of the workshop's own members takes to settle.</summary>
public sealed class SettlingTimeTests
{
    /// <summary>
    /// Generous, for a machine that others use too: the figures, those of 256 members as well, are those of
    /// bench/Consensus.Bench.
    /// </summary>
    [Theory]
    [InlineData("iris", 6, 50)]
    [InlineData("housing", 6, 50)]
    public void A_batch_of_32_rows_settles_within_its_bound(string network, int members, int milliseconds)
    {
        var state = Scenario.Found(network, members);
        var batch = Scenario.Ask(
            state,
            network,
            32,
            (member, row) => Answer(network, member, row),
            row => Truth(network, row)
        );
        var best = TimeSpan.MaxValue;
        for (var attempt = 0; attempt < 5; attempt++)
        {
            var watch = Stopwatch.StartNew();
            Scenario.Settle(state, batch);
            best = watch.Elapsed < best ? watch.Elapsed : best;
        }

        Assert.InRange(best.TotalMilliseconds, 0, milliseconds);
    }

    private static ImmutableArray<long> Answer(string network, int member, int row) =>
        network is "housing"
            ? [100_000_00 + (row * 1_000_00) + (member * 37 % 101 * 100_00)]
            : Scenario.Says((row + (member % 7 == 0 ? 1 : 0)) % 3);

    private static long Truth(string network, int row) =>
        network is "housing" ? 100_000_00 + (row * 1_000_00) : row % 3;
}
