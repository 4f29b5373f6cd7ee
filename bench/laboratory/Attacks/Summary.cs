namespace LaboratoryBench.Attacks;

/// <summary>One cell of the matrix over all splits, against the honest alone on the same rows.</summary>
internal sealed class Summary
{
    private const double Percent = 100;

    /// <summary>Below this a loss is chance, and no price can be named.</summary>
    private const double LeastPoints = 0.1;

    private readonly IReadOnlyList<Cell> runs;

    private readonly double[] losses;

    /// <summary>Compares runs with the honest alone.</summary>
    /// <param name="runs">Of one attack, network and share, one per split.</param>
    /// <param name="alone">The honest alone, of the same splits in the same order.</param>
    internal Summary(IReadOnlyList<Cell> runs, IReadOnlyList<Cell> alone)
    {
        this.runs = runs;
        losses = [.. runs.Zip(alone, (run, honest) => Percent * (honest.Accuracy - run.Accuracy))];
        Alone = Percent * alone.Average(run => run.Accuracy);
    }

    internal Attack Attack => runs[0].Attack!.Value;

    internal string Network => runs[0].Network;

    internal int Share => runs[0].Share;

    internal int Members => runs[0].Members;

    /// <summary>Accuracy of the honest alone, in per cent.</summary>
    internal double Alone { get; }

    /// <summary>Points that the attack costs, on average over splits.</summary>
    internal double MeanLoss => losses.Average();

    /// <summary>The same on the worst split.</summary>
    internal double WorstLoss => losses.Max();

    internal double WeightLost => Percent * runs.Average(run => run.WeightLost);

    internal double StakeLost => Percent * runs.Average(run => run.StakeLost);

    internal int FalseSlashes => runs.Sum(run => run.FalseSlashes);

    internal double HonestLoss => Percent * runs.Average(run => run.HonestLoss);

    /// <summary>What all attackers earn together, in pays of one honest member.</summary>
    internal double PayTogether => runs.Average(run => run.HonestEarned > 0 ? run.Earned / run.HonestEarned : 0);

    /// <summary>What attackers pay for a point, slashed less earned; null where they do not get a tenth of one.</summary>
    internal double? EurosPerPoint =>
        MeanLoss < LeastPoints ? null : Math.Max(0, runs.Average(run => run.EurosLost - run.Earned)) / MeanLoss;

    /// <summary>Points that the study allows.</summary>
    internal double AllowedLoss =>
        Share > 50 ? 4
        : Attack == Attack.Grief ? 2.4
        : Attack == Attack.Swing ? 2.0
        : 1;

    internal bool MissesAccuracy => Math.Round(MeanLoss, 1) > AllowedLoss;

    /// <summary>Of those that lie on and on; copies and traitors of a moment are another matter.</summary>
    internal bool MissesWeight =>
        Attack
            is Attack.LabelFlip
                or Attack.Random
                or Attack.Constant
                or Attack.Collusion
                or Attack.Sybil
                or Attack.Whale
                or Attack.Sleeper
                or Attack.Partial
                or Attack.LowClaim
                or Attack.GoldGuess
                or Attack.Stale
                or Attack.CopyBetray
        && Math.Round(WeightLost, 1) < 90;

    internal bool MissesHonesty => FalseSlashes > 0 || HonestLoss >= 1;
}
