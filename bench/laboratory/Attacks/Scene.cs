using System.Collections.Immutable;
using Workshop.Ledger.Mechanism;

namespace LaboratoryBench.Attacks;

/// <summary>What attackers know of the honest members: all of it, the truth included.</summary>
internal sealed class Scene
{
    /// <summary>Share of the honest that the commonest answer has where they are split; a tenth of the rows, about.</summary>
    private const double SplitShare = 0.7;

    /// <summary>Relative spread of prices on which the honest are split.</summary>
    private const double SplitSpread = 0.10;

    private readonly int[][] support;

    private readonly bool[] isSplit;

    /// <summary>Looks at a crowd whose first members attack.</summary>
    internal Scene(TrainedCrowd crowd, int attackers, Parameters parameters)
    {
        Crowd = crowd;
        FirstHonest = Math.Min(attackers, crowd.Answers.Length - 1);
        var honest = Enumerable.Range(FirstHonest, crowd.Answers.Length - FirstHonest).ToArray();
        var right = honest.ToDictionary(
            member => member,
            member =>
                crowd
                    .Truths.Where(
                        (truth, row) => !Gold.IsLoss(crowd.Network, crowd.Answers[member][row], truth, parameters)
                    )
                    .Count()
        );
        Best = honest.MaxBy(member => right[member]);
        Worst = honest.MinBy(member => right[member]);
        support =
        [
            .. Enumerable
                .Range(0, crowd.Truths.Length)
                .Select(row =>
                {
                    var counts = new int[crowd.Network.ClassCount];
                    foreach (var member in honest.Where(_ => !crowd.Network.IsRegression))
                    {
                        counts[Probabilities.ArgMax(crowd.Answers[member][row].AsSpan())]++;
                    }

                    return counts;
                }),
        ];
        isSplit =
        [
            .. Enumerable
                .Range(0, crowd.Truths.Length)
                .Select(row =>
                    crowd.Network.IsRegression
                        ? Spread([.. honest.Select(member => crowd.Answers[member][row][0])]) > SplitSpread
                        : support[row].Max() < SplitShare * honest.Length
                ),
        ];
    }

    internal TrainedCrowd Crowd { get; }

    /// <summary>The first honest member, whom griefers single out.</summary>
    internal int FirstHonest { get; }

    /// <summary>The honest member that is right most often.</summary>
    internal int Best { get; }

    /// <summary>The honest member that is right least often.</summary>
    internal int Worst { get; }

    /// <summary>Whether the honest are split over a row.</summary>
    internal bool IsSplit(int row) => isSplit[row];

    /// <summary>The class that most honest members name, but for one.</summary>
    internal int Rival(int row, int label) =>
        Enumerable.Range(0, support[row].Length).Where(other => other != label).MaxBy(other => support[row][other]);

    /// <summary>The plain mean of the honest.</summary>
    internal ImmutableArray<long> Mean(int row)
    {
        Vote[] votes = [.. Crowd.Answers.Skip(FirstHonest).Select(answers => new Vote(answers[row], 1))];
        return Crowd.Network.IsRegression
            ? [Aggregate.MeanValue(votes)]
            : Aggregate.Mean(Crowd.Network.AnswerLength, votes);
    }

    private static double Spread(long[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean))) / mean;
    }
}
