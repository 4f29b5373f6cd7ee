using System.Collections.Immutable;
using Predictors.Data;

namespace Predictors.Models;

/// <summary>Features of <c>iris</c>: the four measures, and the sizes of petal and sepal.</summary>
internal static class IrisFeatures
{
    private static readonly FeatureSource Source = new(Networks.Iris);

    internal static ImmutableArray<Feature> All { get; } =
    [
        Source.Column("sepalLength"),
        Source.Column("sepalWidth"),
        Source.Column("petalLength"),
        Source.Column("petalWidth"),
        // A tree cuts one axis at a time; the product lets it cut along the species' common slope.
        Source.Of("petalArea", "petalLength", "petalWidth", (length, width) => length * width, isBasic: false),
    ];
}
