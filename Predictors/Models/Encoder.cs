using System.Collections.Immutable;

namespace Predictors.Models;

/// <summary>How categories become numbers.</summary>
public enum CategoryEncoding
{
    /// <summary>A 0/1 number per level: for learners that add up.</summary>
    Indicators,

    /// <summary>
    /// Large categories become the smoothed mean target of their level: for trees, which split on order.
    /// </summary>
    TargetMeans,
}

/// <summary>One number of the encoded vector.</summary>
/// <param name="Source">Index of the feature it comes from.</param>
/// <param name="Level">For an indicator the level, else -1.</param>
/// <param name="LevelValues">For a category by target means: the value of each level; else empty.</param>
/// <param name="Missing">What stands in for a missing value, before centring.</param>
/// <param name="IsMissingFlag">Whether this number says only if the feature is missing.</param>
/// <param name="Least">Lower numbers count as this: nothing is extrapolated far beyond the training rows.</param>
/// <param name="Greatest">Higher numbers count as this.</param>
/// <param name="Center">Subtracted: the training mean.</param>
/// <param name="Scale">Divided by: the training standard deviation.</param>
/// <param name="Knots">Where a number counts by the height of one bump of a spline: the bump's knots; else empty.</param>
public sealed record EncodedNumber(
    int Source,
    int Level,
    double[] LevelValues,
    double Missing,
    bool IsMissingFlag,
    double Least,
    double Greatest,
    double Center,
    double Scale,
    double[] Knots
)
{
    /// <summary>Encodes one feature's value.</summary>
    internal double Encode(double value)
    {
        var number = Math.Clamp(Raw(value), Least, Greatest);
        return ((Knots.Length > 0 ? Spline.Height(Knots, number) : number) - Center) / Scale;
    }

    /// <summary>The number before standardisation.</summary>
    internal double Raw(double value)
    {
        if (IsMissingFlag)
        {
            return double.IsNaN(value) ? 1 : 0;
        }

        if (Level >= 0)
        {
            return value == Level ? 1 : 0;
        }

        return double.IsNaN(value) ? Missing
            : LevelValues.Length > 0 ? LevelValues[(int)value]
            : value;
    }
}

/// <summary>From features to a vector of standardised numbers; fitted on training rows only.</summary>
/// <param name="Numbers">The numbers of the vector.</param>
public sealed record Encoder(ImmutableArray<EncodedNumber> Numbers)
{
    /// <summary>Categories with more levels than this are encoded by target means, where that is asked for.</summary>
    private const int MaxIndicatorLevels = 8;

    /// <summary>Weight of the overall mean in a level's mean, in rows (m-estimate, Micci-Barreca 2001).</summary>
    private const double Smoothing = 10;

    /// <summary>
    /// Share of the training rows at either end that are drawn in to the next: a few odd houses bend no line.
    /// </summary>
    private const double Tail = 0.005;

    /// <summary>Length of the vector.</summary>
    public int Length => Numbers.Length;

    /// <summary>Fits medians, means, deviations and level means.</summary>
    /// <param name="features">The network's features.</param>
    /// <param name="rows">Derived training rows.</param>
    /// <param name="targets">Their targets: class index or log price.</param>
    /// <param name="encoding">How categories become numbers.</param>
    /// <param name="splineKnots">Knots of the spline that stands beside each number; 0 for none.</param>
    public static Encoder Fit(
        ImmutableArray<Feature> features,
        double[][] rows,
        double[] targets,
        CategoryEncoding encoding,
        int splineKnots = 0
    ) =>
        new([
            .. features
                .SelectMany((feature, index) => Declare(feature, index, rows, targets, encoding, splineKnots))
                .Select(number => Standardise(number, rows)),
        ]);

    /// <summary>Encodes one derived row.</summary>
    /// <param name="features">The derived row.</param>
    /// <param name="vector">Receives <see cref="Length"/> numbers.</param>
    public void Encode(ReadOnlySpan<double> features, Span<float> vector)
    {
        for (var index = 0; index < Numbers.Length; index++)
        {
            var number = Numbers[index];
            vector[index] = (float)number.Encode(features[number.Source]);
        }
    }

    /// <summary>Encodes many rows.</summary>
    public float[][] EncodeAll(double[][] rows) =>
        [
            .. rows.Select(row =>
            {
                var vector = new float[Length];
                Encode(row, vector);
                return vector;
            }),
        ];

    private static IEnumerable<EncodedNumber> Declare(
        Feature feature,
        int index,
        double[][] rows,
        double[] targets,
        CategoryEncoding encoding,
        int splineKnots
    )
    {
        var number = new EncodedNumber(index, -1, [], 0, false, double.MinValue, double.MaxValue, 0, 1, []);
        if (feature.LevelCount == 0)
        {
            var known = rows.Select(row => row[index]).Where(value => !double.IsNaN(value)).Order().ToArray();
            foreach (var one in OfNumber(number, known, splineKnots))
            {
                yield return one;
            }

            if (known.Length < rows.Length)
            {
                yield return number with
                {
                    IsMissingFlag = true,
                };
            }
        }
        else if (encoding is CategoryEncoding.TargetMeans && feature.LevelCount > MaxIndicatorLevels)
        {
            yield return number with
            {
                LevelValues = LevelMeans(feature.LevelCount, index, rows, targets),
                Missing = targets.Average(),
            };
        }
        else
        {
            foreach (var level in Enumerable.Range(0, feature.LevelCount))
            {
                yield return number with
                {
                    Level = level,
                };
            }
        }
    }

    /// <summary>The number as it is, and the bumps of its spline.</summary>
    private static IEnumerable<EncodedNumber> OfNumber(EncodedNumber number, double[] known, int splineKnots)
    {
        if (known.Length == 0)
        {
            return [number];
        }

        var tail = (int)(Tail * known.Length);
        var plain = number with
        {
            Missing = known[known.Length / 2],
            Least = known[tail],
            Greatest = known[known.Length - 1 - tail],
        };
        return splineKnots == 0
            ? [plain]
            : Spline
                .Over(known[tail..(known.Length - tail)], splineKnots)
                .Select(knots => plain with { Knots = knots })
                .Prepend(plain);
    }

    private static double[] LevelMeans(int levelCount, int index, double[][] rows, double[] targets)
    {
        var (sums, counts) = (new double[levelCount], new double[levelCount]);
        for (var row = 0; row < rows.Length; row++)
        {
            if (!double.IsNaN(rows[row][index]))
            {
                sums[(int)rows[row][index]] += targets[row];
                counts[(int)rows[row][index]]++;
            }
        }

        var prior = Smoothing * targets.Average();
        return [.. sums.Zip(counts, (sum, count) => (sum + prior) / (count + Smoothing))];
    }

    private static EncodedNumber Standardise(EncodedNumber number, double[][] rows)
    {
        var values = rows.Select(row => number.Encode(row[number.Source])).ToArray();
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        return number with { Center = mean, Scale = deviation > 1e-9 ? deviation : 1 };
    }
}
