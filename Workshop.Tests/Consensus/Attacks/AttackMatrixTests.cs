using LaboratoryBench.Attacks;
using Predictors.Models.Learners;
using Workshop.Ledger.Mechanism;
using Xunit;

namespace Workshop.Tests.Consensus.Attacks;

/// <summary>The attack matrix at a small size: two networks, three quick learners, the hardest share.</summary>
public sealed class AttackMatrixTests
{
    private const int Members = 20;

    private const int Batches = 60;

    private const int HardestShare = 45;

    /// <summary>
    /// What the first batch may cost. It has no history and is a plain mean, and one of 60: it weighs more than of the
    /// matrix's 160.
    /// </summary>
    private const double FirstBatch = 0.015;

    private static readonly Dictionary<string, Lazy<TrainedCrowd>> Crowds = new(StringComparer.Ordinal)
    {
        ["iris"] = new(() => Train("iris")),
        ["housing"] = new(() => Train("housing")),
    };

    /// <summary>The honest members alone: the same in every test, as one of them shows.</summary>
    private static readonly Dictionary<string, Lazy<Cell>> Alone = Crowds.Keys.ToDictionary(
        network => network,
        network => new Lazy<Cell>(() => Simulate(network).Run(null, HardestShare)),
        StringComparer.Ordinal
    );

    public static TheoryData<string, string> Lies
    {
        get
        {
            string[] attacks = ["LabelFlip", "Random", "Constant", "Collusion", "Stale", "Sybil"];
            return [.. attacks.SelectMany(attack => Crowds.Keys, (attack, network) => (network, attack))];
        }
    }

    [Theory]
    [MemberData(nameof(Lies))]
    public void Liars_cost_a_point_of_accuracy_at_most_and_lose_weight_and_stake(string network, string attack)
    {
        var (simulation, alone) = Of(network);
        var cell = simulation.Run(Enum.Parse<Attack>(attack), HardestShare);

        Assert.True(cell.Accuracy >= alone.Accuracy - FirstBatch, $"{cell.Accuracy} against {alone.Accuracy}");
        Assert.True(cell.Settled >= alone.Settled - 0.01, $"{cell.Settled} against {alone.Settled}, settled");
        Assert.True(cell.WeightLost >= 0.9, $"{cell.WeightLost} of the weight is lost");
        // Five of iris's fifteen gold rows are what a constant answer says: too little evidence to take its stake.
        Assert.True(
            cell.StakeLost > 0.1 || (network, attack) is ("iris", "Constant"),
            $"{cell.StakeLost} of the stake is lost"
        );
        Assert.Equal((0, 0.0), (cell.FalseSlashes, cell.HonestLoss));
    }

    [Theory]
    [InlineData("Absent")]
    [InlineData("Slow")]
    [InlineData("Malformed")]
    public void Members_that_do_not_answer_lose_their_weight_and_little_else(string attack)
    {
        var (simulation, alone) = Of("iris");
        var cell = simulation.Run(Enum.Parse<Attack>(attack), HardestShare);

        Assert.True(cell.Accuracy >= alone.Accuracy - 0.01);
        Assert.True(cell.WeightLost >= 0.9, $"{cell.WeightLost} of the weight is lost");
        Assert.InRange(cell.StakeLost, 0, 0.02);
    }

    /// <summary>Of 60 batches the first, which has no history, weighs more than of the matrix's 160.</summary>
    [Theory]
    [InlineData("Copycat", 1)]
    [InlineData("CopyBest", 1)]
    [InlineData("CopyWorst", 1)]
    [InlineData("CopyNoise", 1)]
    [InlineData("CopyBetray", 1.5)]
    [InlineData("GoldGuess", 1.5)]
    [InlineData("Whale", 1.5)]
    [InlineData("LowClaim", 1)]
    [InlineData("Pulse", 1.5)]
    public void Copies_traitors_whales_and_gold_guessers_cost_next_to_nothing(string attack, double points)
    {
        var (simulation, alone) = Of("housing");
        var cell = simulation.Run(Enum.Parse<Attack>(attack), HardestShare);

        Assert.True(cell.Accuracy >= alone.Accuracy - (points / 100), $"{cell.Accuracy} against {alone.Accuracy}");
        Assert.Equal((0, 0.0), (cell.FalseSlashes, cell.HonestLoss));
    }

    [Fact]
    public void Copies_of_the_worst_member_earn_less_each_than_an_honest_member()
    {
        var cell = new Simulation(Crowds["housing"].Value, Batches, Parameters.Default).Run(
            Attack.CopyWorst,
            HardestShare
        );

        Assert.True(cell.Earned / 9 < cell.HonestEarned / 2, $"{cell.Earned / 9} against {cell.HonestEarned}");
    }

    [Theory]
    [InlineData("iris")]
    [InlineData("housing")]
    public void Liars_that_are_seven_of_ten_cost_four_points_and_lose_their_stake(string network)
    {
        var simulation = new Simulation(Crowds[network].Value, Batches, Parameters.Default);
        var alone = simulation.Run(null, 70);
        var cell = simulation.Run(Attack.Collusion, 70);

        Assert.True(cell.Settled >= alone.Settled - 0.04, $"{cell.Settled} against {alone.Settled}");
        Assert.True(cell.StakeLost > 0.5, $"{cell.StakeLost} of the stake is lost");
        Assert.Equal(0, cell.FalseSlashes);
    }

    [Fact]
    public void The_same_run_twice_gives_the_same_figures()
    {
        var simulation = new Simulation(Crowds["iris"].Value, 20, Parameters.Default);
        var first = simulation.Run(Attack.Collusion, HardestShare);
        var second = simulation.Run(Attack.Collusion, HardestShare);

        Assert.Equal(first.Attackers, second.Attackers);
        Assert.Equal(first.Accuracy, second.Accuracy);
    }

    private static (Simulation Simulation, Cell Alone) Of(string network) => (Simulate(network), Alone[network].Value);

    private static Simulation Simulate(string network) => new(Crowds[network].Value, Batches, Parameters.Default);

    private static TrainedCrowd Train(string network) =>
        TrainedCrowd.Train(
            network,
            Members,
            [.. LearnerCatalogue.All.Where(learner => learner.Name is "linear" or "neighbours" or "bayes")]
        );
}
