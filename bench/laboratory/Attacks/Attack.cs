using System.Collections.Immutable;
using Workshop.Ledger.Mechanism;

namespace LaboratoryBench.Attacks;

/// <summary>How an attacker departs from what its honest model says.</summary>
internal enum Attack
{
    LabelFlip,
    Random,
    Constant,
    Collusion,
    Sybil,
    Whale,
    Sleeper,
    Partial,
    Tenth,
    Pulse,
    LowClaim,
    GoldGuess,
    Copycat,
    CopyBest,
    CopyWorst,
    CopyNoise,
    CopyPool,
    CopyBetray,
    Grief,
    Swing,
    Stale,
    Absent,
    Slow,
    Malformed,
}

/// <summary>What an attacker is asked, with all that it could know.</summary>
/// <param name="Scene">Everybody's honest answers, and what follows from them.</param>
/// <param name="Member">Whose honest answers the attacker has.</param>
/// <param name="Batch">Batch number.</param>
/// <param name="Row">Row of the crowd.</param>
/// <param name="Before">The row asked before it.</param>
/// <param name="IsGold">Whether it is gold: a member that knows the pool knows that.</param>
internal sealed record Asked(Scene Scene, int Member, int Batch, int Row, int Before, bool IsGold)
{
    internal TrainedCrowd Crowd => Scene.Crowd;

    internal ImmutableArray<long> Honest => Crowd.Answers[Member][Row];
}

/// <summary>The attackers' answers. Randomness comes from the row and the member, so every run is the same.</summary>
internal static class Deceit
{
    /// <summary>Batch at which sleepers and betrayers turn.</summary>
    internal const int WakeBatch = 40;

    /// <summary>A claim that nobody can refute, since it promises next to nothing.</summary>
    internal const double LowClaim = 0.52;

    /// <summary>Parts per million that a liar gives to its lie.</summary>
    private const long Confident = 990_000;

    private const double Raise = 1.6;

    /// <summary>Colluders on some rows lie on one in so many.</summary>
    private const int PartialEvery = 5;

    private const int Tenth = 10;

    /// <summary>Share of rows that a slow member does not answer in time.</summary>
    private const double LateShare = 0.7;

    /// <summary>Share of answers that a malformed member spoils.</summary>
    private const double SpoiltShare = 0.6;

    /// <summary>A copy with noise: so much of it is chance.</summary>
    private const double Noisy = 0.1;

    private const double Middle = 160_000_00;

    /// <summary>An attacker's answer; empty for a miss.</summary>
    internal static ImmutableArray<long> Answer(Attack attack, Asked asked) =>
        attack switch
        {
            Attack.LabelFlip => Flip(asked.Crowd.Network, asked.Honest),
            Attack.Random => Noise(asked),
            Attack.Constant => Constant(asked.Crowd),
            Attack.Collusion or Attack.Sybil or Attack.Whale => Lie(asked),
            Attack.Sleeper when asked.Batch >= WakeBatch => Flip(asked.Crowd.Network, asked.Honest),
            Attack.Partial or Attack.LowClaim when asked.Row % PartialEvery == 0 => Lie(asked),
            Attack.Tenth when asked.Row % Tenth == 0 => Lie(asked),
            Attack.Pulse when asked.Batch % Tenth == Tenth - 1 => Lie(asked),
            Attack.GoldGuess when !asked.IsGold => Lie(asked),
            Attack.Copycat => asked.Crowd.Answers[^1][asked.Row],
            Attack.CopyBest => asked.Crowd.Answers[asked.Scene.Best][asked.Row],
            Attack.CopyWorst => asked.Crowd.Answers[asked.Scene.Worst][asked.Row],
            Attack.CopyNoise => Blur(asked),
            Attack.CopyPool => asked.Scene.Mean(asked.Row),
            Attack.CopyBetray when asked.Batch >= WakeBatch => Lie(asked),
            Attack.CopyBetray => asked.Crowd.Answers[asked.Scene.Best][asked.Row],
            Attack.Grief => Against(asked),
            Attack.Swing when asked.Scene.IsSplit(asked.Row) => AwayFromTruth(asked),
            Attack.Stale => asked.Crowd.Answers[asked.Member][asked.Before],
            Attack.Absent => [],
            Attack.Slow => Chance(asked) < LateShare ? [] : asked.Honest,
            Attack.Malformed => Chance(asked) < SpoiltShare ? [] : asked.Honest,
            _ => asked.Honest,
        };

    /// <summary>The next class takes the first one's place; values are mirrored at the middle of all prices.</summary>
    private static ImmutableArray<long> Flip(Network network, ImmutableArray<long> honest) =>
        network.IsRegression
            ? [(long)(Middle * Middle / honest[0])]
            : [.. Enumerable.Range(0, honest.Length).Select(index => honest[(index + 1) % honest.Length])];

    /// <summary>All say what their leader holds for wrong, and say it firmly.</summary>
    private static ImmutableArray<long> Lie(Asked asked)
    {
        var leader = asked.Crowd.Answers[0][asked.Row];
        return asked.Crowd.Network.IsRegression
            ? [(long)(leader[0] * Raise)]
            : Firm((Probabilities.ArgMax(leader.AsSpan()) + 1) % leader.Length, leader.Length);
    }

    /// <summary>Where the victim is far from what others say, it is made to look further off.</summary>
    private static ImmutableArray<long> Against(Asked asked)
    {
        var victim = asked.Crowd.Answers[asked.Scene.FirstHonest][asked.Row];
        if (asked.Crowd.Network.IsRegression)
        {
            var far = (double)victim[0] / asked.Honest[0];
            return Math.Abs(far - 1) < 0.05 ? asked.Honest : [(long)(asked.Honest[0] * (far > 1 ? 0.85 : 1.15))];
        }

        var label = Probabilities.ArgMax(victim.AsSpan());
        return asked.Scene.IsSplit(asked.Row) ? Firm(asked.Scene.Rival(asked.Row, label), victim.Length) : asked.Honest;
    }

    private static ImmutableArray<long> AwayFromTruth(Asked asked)
    {
        var truth = asked.Crowd.Truths[asked.Row];
        return asked.Crowd.Network.IsRegression
            ? [(long)(asked.Honest[0] * (asked.Honest[0] > truth ? Raise : 1 / Raise))]
            : Firm(asked.Scene.Rival(asked.Row, (int)truth), asked.Crowd.Network.AnswerLength);
    }

    private static ImmutableArray<long> Constant(TrainedCrowd crowd) =>
        crowd.Network.IsRegression ? [(long)Middle] : Firm(0, crowd.Network.AnswerLength);

    private static ImmutableArray<long> Noise(Asked asked)
    {
        var chance = Chance(asked);
        return asked.Crowd.Network.IsRegression
            ? [(long)(Middle * (0.4 + (1.6 * chance)))]
            : Firm((int)(chance * asked.Crowd.Network.AnswerLength), asked.Crowd.Network.AnswerLength);
    }

    private static ImmutableArray<long> Blur(Asked asked)
    {
        var copy = asked.Crowd.Answers[asked.Scene.Best][asked.Row];
        var chance = Chance(asked);
        return asked.Crowd.Network.IsRegression
            ? [(long)(copy[0] * (1 + (Noisy * ((2 * chance) - 1))))]
            : Probabilities.Normalise([
                .. copy.Select(
                    (part, index) =>
                        part + ((int)(chance * copy.Length) == index ? 2 * Noisy * Units.Million * chance : 0)
                ),
            ]);
    }

    private static ImmutableArray<long> Firm(int label, int classes)
    {
        var rest = (Units.Million - Confident) / (classes - 1);
        var most = Units.Million - (rest * (classes - 1));
        return [.. Enumerable.Range(0, classes).Select(index => index == label ? most : rest)];
    }

    /// <summary>A number in [0, 1) that looks random, from member, batch and row.</summary>
    private static double Chance(Asked asked) =>
        new Random(HashCode(asked.Member, asked.Batch, asked.Row)).NextDouble();

    private static int HashCode(int member, int batch, int row) => (((member * 1009) + batch) * 10_007) + row;
}
