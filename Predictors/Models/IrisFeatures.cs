using System.Collections.Immutable;
using Predictors.Data;

namespace Predictors.Models;

/// <summary>Features of <c>iris</c>: the four measures, the size of the flower, and how much of it is petal.</summary>
internal static class IrisFeatures
{
    private static readonly FeatureSource Source = new(Networks.Iris);

    private static readonly int SepalLength = Source.Index("sepalLength");

    private static readonly int SepalWidth = Source.Index("sepalWidth");

    private static readonly int PetalLength = Source.Index("petalLength");

    private static readonly int PetalWidth = Source.Index("petalWidth");

    /// <summary>
    /// A big flower is big in all four measures, so these repeat one another. Size, and petal against sepal, hardly do.
    /// </summary>
    internal static ImmutableArray<Feature> All { get; } =
    [
        Source.Column("sepalLength"),
        Source.Column("sepalWidth"),
        Source.Column("petalLength"),
        Source.Column("petalWidth"),
        // A tree cuts one axis at a time; the product lets it cut along the species' common slope.
        new("petalArea", 0, PetalArea),
        new("logSepalArea", 0, row => Math.Log(SepalArea(row))),
        // Fisher's own discriminant sets petals against sepals; as a ratio it does not depend on the flower's size.
        new("logPetalToSepal", 0, row => Math.Log(PetalArea(row) / SepalArea(row))),
    ];

    private static double PetalArea(double[] row) => row[PetalLength] * row[PetalWidth];

    private static double SepalArea(double[] row) => row[SepalLength] * row[SepalWidth];
}
