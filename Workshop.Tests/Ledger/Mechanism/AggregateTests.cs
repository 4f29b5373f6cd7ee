using CsCheck;
using Workshop.Ledger.Mechanism;
using Xunit;

namespace Workshop.Tests.Ledger.Mechanism;

public sealed class AggregateTests
{
    private static readonly Parameters Rules = Parameters.Default;

    private static readonly Gen<Vote> Probable = Gen.Select(
        Gen.Double[0.001, 1].Array[3],
        Gen.Int[1, 9],
        (values, influence) => new Vote(Probabilities.Normalise(values), influence)
    );

    private static readonly Gen<Vote> Valued = Gen.Select(
        Gen.Long[1, 1_000_000_00],
        Gen.Int[1, 9],
        (value, influence) => new Vote([value], influence)
    );

    [Fact]
    public void Probabilities_always_add_to_one_million() =>
        Gen.Double[0, 1]
            .Array[2, 6]
            .Where(values => values.Sum() > 0)
            .Sample(values => Assert.Equal(Units.Million, Probabilities.Normalise(values).Sum()));

    [Fact]
    public void The_weighted_mean_is_what_a_dumb_twin_gets_by_writing_every_vote_out() =>
        Probable
            .Array[1, 12]
            .Sample(votes =>
            {
                var mean = Aggregate.Mean(3, votes);
                var all = votes.SelectMany(vote => Enumerable.Repeat(vote.Answer, (int)vote.Influence)).ToArray();
                for (var label = 0; label < 3; label++)
                {
                    Assert.Equal(all.Average(answer => answer[label]), mean[label], 1.0);
                }
            });

    [Fact]
    public void The_logarithmic_pool_is_what_a_dumb_twin_gets_by_multiplying_every_vote() =>
        Probable
            .Array[1, 12]
            .Sample(votes =>
            {
                var pool = Aggregate.Of(Network.All["iris"], Method.Weighted, votes, Rules);
                var all = votes.SelectMany(vote => Enumerable.Repeat(vote.Answer, (int)vote.Influence)).ToArray();
                double[] products =
                [
                    .. Enumerable
                        .Range(0, 3)
                        .Select(label =>
                            all.Aggregate(
                                1.0,
                                (product, answer) =>
                                    product * Math.Pow(Math.Max(1000, answer[label]) / 1e6, 1.0 / all.Length)
                            )
                        ),
                ];
                for (var label = 0; label < 3; label++)
                {
                    Assert.Equal(products[label] / products.Sum() * 1e6, pool[label], 2.0);
                }
            });

    [Fact]
    public void The_weighted_median_and_the_clipped_mean_are_those_of_a_dumb_twin() =>
        Valued
            .Array[1, 12]
            .Sample(votes =>
            {
                double[] all =
                [
                    .. votes.SelectMany(vote => Enumerable.Repeat((double)vote.Answer[0], (int)vote.Influence)),
                ];
                var median = Median(all);
                var reach = Math.Max(3 * Median([.. all.Select(value => Math.Abs(value - median))]), 0.2 * median);
                var mean = all.Average(value => Math.Min(Math.Max(value, median - reach), median + reach));

                Assert.Equal(median, RobustCentre.Of(votes).Median, 1e-6);
                Assert.Equal(mean, Aggregate.Of(Network.All["housing"], Method.Weighted, votes, Rules)[0], 1.0);
            });

    [Fact]
    public void An_outlier_moves_a_value_no_further_than_three_MADs() =>
        Assert.Equal(
            116_67,
            Aggregate.Of(Network.All["housing"], Method.Weighted, Values(100_00, 110_00, 500_00), Rules)[0]
        );

    [Fact]
    public void The_plain_average_clips_nothing() =>
        Assert.Equal(
            236_67,
            Aggregate.Of(Network.All["housing"], Method.Average, Values(100_00, 110_00, 500_00), Rules)[0]
        );

    [Fact]
    public void The_pools_log_loss_is_never_above_the_members_weighted_mean_log_loss() =>
        Gen.Select(Probable.Array[1, 12], Gen.Int[0, 2])
            .Sample(
                (votes, truth) =>
                {
                    double Loss(IReadOnlyList<long> answer) => -Math.Log(Math.Max(1000, answer[truth]) / 1e6);
                    var total = votes.Sum(vote => vote.Influence);
                    var mean = votes.Sum(vote => vote.Influence / total * Loss(vote.Answer));

                    Assert.True(Loss(Aggregate.LogPool(3, votes, Rules)) <= mean + 1e-3);
                }
            );

    [Fact]
    public void A_floor_of_nothing_pools_by_the_mean() =>
        Probable
            .Array[1, 12]
            .Sample(votes =>
                Assert.Equal(
                    Aggregate.Mean(3, votes),
                    Aggregate.Of(Network.All["iris"], Method.Weighted, votes, Rules with { PoolFloor = 0 })
                )
            );

    [Fact]
    public void Two_halves_of_a_stake_count_what_the_whole_counts() =>
        Probable
            .Array[1, 12]
            .Sample(votes =>
            {
                var first = votes[0];
                var half = first with { Influence = first.Influence / 2 };
                var split = Aggregate.Of(Network.All["iris"], Method.Weighted, [half, half, .. votes[1..]], Rules);

                Assert.Equal(Aggregate.Of(Network.All["iris"], Method.Weighted, votes, Rules), split);
            });

    [Fact]
    public void The_most_that_a_constant_value_agrees_with_is_found_as_a_dumb_twin_finds_it() =>
        Gen.Select(Gen.Int[0, 50], Gen.Int[0, 20], (low, length) => ((double)low, (double)low + length))
            .Array[1, 12]
            .Sample(bands =>
            {
                var best = Enumerable
                    .Range(0, 71)
                    .Max(value => bands.Count(band => band.Item1 <= value && value <= band.Item2));

                Assert.Equal(best / (double)bands.Length, Rewards.BestConstant(bands), 12);
            });

    [Fact]
    public void A_ballot_is_its_votes_and_of_nobodys_there_is_no_answer()
    {
        var empty = new Ballot(Method.Average, []);
        var two = new Ballot(Method.Average, [("a", new([100], 1)), ("b", new([200], 3))]);

        Assert.Empty(Aggregate.Of(Network.All["housing"], empty, Rules));
        Assert.Equal([175L], Aggregate.Of(Network.All["housing"], two, Rules));
    }

    /// <summary>A third class that nobody puts first does not win by being everybody's second.</summary>
    [Theory]
    [InlineData(410_000, 190_000, 150_000, 450_000, 1)]
    [InlineData(450_000, 150_000, 190_000, 410_000, 0)]
    public void Classes_that_are_tied_are_parted_by_their_means(long a0, long a1, long b0, long b1, int wins)
    {
        Vote[] votes = [new([a0, a1, 1_000_000 - a0 - a1], 1), new([b0, b1, 1_000_000 - b0 - b1], 1)];

        Assert.Equal(wins, Aggregate.Plurality(3, votes));
        Assert.Equal(0, Aggregate.Plurality(3, [votes[0], votes[1] with { Influence = 0.5 }]));
    }

    private static Vote[] Values(params long[] cents) => [.. cents.Select(value => new Vote([value], 1))];

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
