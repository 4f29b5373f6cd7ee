using Consensus.Mechanism;
using Predictors.Models.Learners;
using Xunit;

namespace Workshop.Tests.Consensus.Attacks;

/// <summary>The attack matrix at a small size: two networks, three quick learners, the hardest share.</summary>
public sealed class AttackMatrixTests
{
    private const int Members = 20;

    private const int Batches = 60;

    private const int HardestShare = 45;

    private static readonly Dictionary<string, Lazy<TrainedCrowd>> Crowds = new(StringComparer.Ordinal)
    {
        ["iris"] = new(() => Train("iris")),
        ["housing"] = new(() => Train("housing")),
    };

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
        var simulation = new Simulation(Crowds[network].Value, Batches, Parameters.Default);
        var alone = simulation.Run(null, HardestShare);
        var cell = simulation.Run(Enum.Parse<Attack>(attack), HardestShare);

        Assert.True(cell.Accuracy >= alone.Accuracy - 0.01, $"{cell.Accuracy} against {alone.Accuracy}");
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
        var simulation = new Simulation(Crowds["iris"].Value, Batches, Parameters.Default);
        var alone = simulation.Run(null, HardestShare);
        var cell = simulation.Run(Enum.Parse<Attack>(attack), HardestShare);

        Assert.True(cell.Accuracy >= alone.Accuracy - 0.01);
        Assert.True(cell.WeightLost >= 0.9, $"{cell.WeightLost} of the weight is lost");
        Assert.InRange(cell.StakeLost, 0, 0.02);
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

    private static TrainedCrowd Train(string network) =>
        TrainedCrowd.Train(
            network,
            Members,
            [.. LearnerCatalogue.All.Where(learner => learner.Name is "linear" or "neighbours" or "bayes")]
        );
}
