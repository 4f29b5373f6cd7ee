using System.Collections.Immutable;
using Consensus.Mechanism;

namespace Workshop.Tests.Consensus.Attacks;

/// <summary>How an attacker departs from what its honest model says.</summary>
internal enum Attack
{
    LabelFlip,
    Random,
    Constant,
    Collusion,
    Sleeper,
    Partial,
    Copycat,
    Stale,
    Absent,
    Slow,
    Malformed,
    Sybil,
}

/// <summary>What a member is asked, with all that an attacker could know.</summary>
/// <param name="Crowd">Everybody's honest answers.</param>
/// <param name="Member">Whose honest answers the attacker has.</param>
/// <param name="Leader">Whom colluders follow.</param>
/// <param name="Batch">Batch number.</param>
/// <param name="Row">Row of the crowd.</param>
/// <param name="Before">The row asked before it.</param>
internal sealed record Asked(TrainedCrowd Crowd, int Member, int Leader, int Batch, int Row, int Before)
{
    internal ImmutableArray<long> Honest => Crowd.Answers[Member][Row];
}

/// <summary>The attackers' answers. Randomness comes from the row and the member, so every run is the same.</summary>
internal static class Deceit
{
    /// <summary>Batch at which sleepers wake.</summary>
    internal const int WakeBatch = 40;

    /// <summary>Parts per million that a liar gives to its lie.</summary>
    private const long Confident = 990_000;

    private const double Raise = 1.6;

    /// <summary>Colluders on some rows lie on one in so many.</summary>
    private const int PartialEvery = 5;

    /// <summary>Share of rows that a slow member does not answer in time.</summary>
    private const double LateShare = 0.7;

    /// <summary>Share of answers that a malformed member spoils.</summary>
    private const double SpoiltShare = 0.6;

    /// <summary>An attacker's answer; empty for a miss.</summary>
    internal static ImmutableArray<long> Answer(Attack attack, Asked asked) =>
        attack switch
        {
            Attack.LabelFlip => Flip(asked.Crowd.Network, asked.Honest),
            Attack.Random => Noise(asked),
            Attack.Constant => Constant(asked.Crowd),
            Attack.Collusion or Attack.Sybil => Lie(asked),
            Attack.Sleeper => asked.Batch < WakeBatch ? asked.Honest : Flip(asked.Crowd.Network, asked.Honest),
            Attack.Partial => asked.Row % PartialEvery == 0 ? Lie(asked) : asked.Honest,
            Attack.Copycat => asked.Crowd.Answers[^1][asked.Row],
            Attack.Stale => asked.Crowd.Answers[asked.Member][asked.Before],
            Attack.Absent => [],
            Attack.Slow => Chance(asked) < LateShare ? [] : asked.Honest,
            Attack.Malformed => Chance(asked) < SpoiltShare ? [] : asked.Honest,
            _ => throw new ArgumentOutOfRangeException(nameof(attack)),
        };

    /// <summary>The next class takes the first one's place; values are mirrored at the middle of all prices.</summary>
    private static ImmutableArray<long> Flip(Network network, ImmutableArray<long> honest) =>
        network.IsRegression
            ? [(long)(Middle * Middle / honest[0])]
            : [.. Enumerable.Range(0, honest.Length).Select(index => honest[(index + 1) % honest.Length])];

    private const double Middle = 160_000_00;

    /// <summary>All say what their leader holds for wrong, and say it firmly.</summary>
    private static ImmutableArray<long> Lie(Asked asked)
    {
        var leader = asked.Crowd.Answers[asked.Leader][asked.Row];
        return asked.Crowd.Network.IsRegression
            ? [(long)(leader[0] * Raise)]
            : Firm((Probabilities.ArgMax(leader.AsSpan()) + 1) % leader.Length, leader.Length);
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
