using System.Security.Cryptography;
using Predictors.Data;

namespace Predictors.Faults;

/// <summary>All that a fault may look at when it decides on one row.</summary>
/// <param name="Kind">Which fault.</param>
/// <param name="Network">Whose row.</param>
/// <param name="Row">The row.</param>
/// <param name="Honest">What an honest member would answer.</param>
/// <param name="AnsweredBefore">Rows of this network answered before this one.</param>
/// <param name="HonestAnswers">For a sleeper: so many rows are answered honestly.</param>
/// <param name="Previous">The honest answer to the row before; null for the first.</param>
/// <param name="Salt">Makes one random member differ from another.</param>
public sealed record FaultInput(
    FaultKind Kind,
    Network Network,
    double[] Row,
    double[] Honest,
    long AnsweredBefore,
    int HonestAnswers,
    double[]? Previous,
    int Salt
);

/// <summary>What each fault answers instead: pure, so that an attack can be replayed.</summary>
public static class FaultRules
{
    /// <summary>One row in so many is attacked by <see cref="FaultKind.Partial"/>.</summary>
    private const int PartialEvery = 5;

    /// <summary>A liar is as sure of itself as a good member.</summary>
    private const double Confidence = 0.95;

    /// <summary>Colluders push prices up by this factor: well beyond the 20 % that counts as right.</summary>
    private const double PriceFactor = 1.5;

    /// <summary>About the middle of Ames's prices, in US dollars.</summary>
    private const double MiddlePrice = 160_000;

    /// <summary>Spread of random prices: from the middle price over this to the middle price times this.</summary>
    private const double RandomSpread = 4;

    /// <summary>The answer to one row.</summary>
    /// <param name="input">What the fault may look at.</param>
    /// <returns>Probabilities or the one value; a new array or one of the input's.</returns>
    public static double[] Decide(FaultInput input) =>
        input.Kind switch
        {
            FaultKind.LabelFlip => Flip(input.Network, input.Honest),
            FaultKind.Random => Random(input.Network, HashOf(input.Network, input.Row, input.Salt)),
            FaultKind.Constant => Constant(input.Network),
            FaultKind.Colluding => Collude(input.Network, input.Honest),
            FaultKind.Sleeper or FaultKind.Betrayer when input.AnsweredBefore >= input.HonestAnswers => Collude(
                input.Network,
                input.Honest
            ),
            FaultKind.Partial when IsAttacked(input.Network, input.Row) => Collude(input.Network, input.Honest),
            FaultKind.Stale => input.Previous ?? input.Honest,
            _ => input.Honest,
        };

    /// <summary>Whether partial colluders attack a row: all of them the same rows, since none has a salt.</summary>
    public static bool IsAttacked(Network network, double[] row) => HashOf(network, row, salt: 0) % PartialEvery == 0;

    /// <summary>Swaps the likeliest class with the least likely; mirrors a price about the middle price.</summary>
    private static double[] Flip(Network network, double[] honest)
    {
        if (!network.IsClassification)
        {
            return [MiddlePrice * MiddlePrice / honest[0]];
        }

        var flipped = (double[])honest.Clone();
        var (most, least) = (Array.IndexOf(honest, honest.Max()), Array.LastIndexOf(honest, honest.Min()));
        (flipped[most], flipped[least]) = (flipped[least], flipped[most]);
        return flipped;
    }

    private static double[] Random(Network network, uint hash) =>
        network.IsClassification
            ? Sure(network, (int)(hash % (uint)network.Labels.Length))
            : [MiddlePrice * Math.Pow(RandomSpread, (2.0 * hash / uint.MaxValue) - 1)];

    private static double[] Constant(Network network) => network.IsClassification ? Sure(network, 0) : [MiddlePrice];

    /// <summary>The class after the likeliest: members that learned the same agree on it without a word.</summary>
    private static double[] Collude(Network network, double[] honest) =>
        network.IsClassification
            ? Sure(network, (Array.IndexOf(honest, honest.Max()) + 1) % network.Labels.Length)
            : [honest[0] * PriceFactor];

    private static double[] Sure(Network network, int label)
    {
        var rest = (1 - Confidence) / (network.Labels.Length - 1);
        return [.. network.Labels.Select((_, index) => index == label ? Confidence : rest)];
    }

    /// <summary>The same for the same row, in every process.</summary>
    private static uint HashOf(Network network, double[] row, int salt)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(network.Name));
        hash.AppendData(BitConverter.GetBytes(salt));
        foreach (var value in row)
        {
            hash.AppendData(BitConverter.GetBytes(value));
        }

        return BitConverter.ToUInt32(hash.GetHashAndReset());
    }
}
