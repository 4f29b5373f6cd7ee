using System.Collections.Immutable;
using Predictors.Data;

namespace Predictors.Models;

/// <summary>
/// Features of <c>housing</c>: areas by their ratio, ages in place of years, ranks in place of words.
/// </summary>
internal static class HousingFeatures
{
    /// <summary>The data's sales end in 2010; ages count back from there.</summary>
    private const double LastSaleYear = 2010;

    /// <summary>Index of the condition "Average".</summary>
    private const double AverageCondition = 4;

    /// <summary>A house within so many years of its building still sells as new.</summary>
    private const double NewForYears = 5;

    private static readonly FeatureSource Source = new(Networks.Housing);

    internal static ImmutableArray<Feature> All { get; } =
    [
        Source.Column("neighborhood"),
        Source.Column("zoning"),
        Source.Column("buildingType"),
        Source.Column("houseStyle"),
        Source.Column("foundation"),
        Source.Column("garageType"),
        Source.Rank("overallCondition"),
        Source.Of("badCondition", "overallCondition", rank => Math.Min(0, rank - AverageCondition)),
        Source.Rank("basementExposure"),
        Source.Rank("garageFinish"),
        Source.Rank("centralAir"),
        Source.Log("lotArea"),
        Source.Log("livingArea"),
        Source.Log("firstFloorArea"),
        Source.Column("secondFloorArea"),
        Source.Column("basementArea"),
        Source.Of("hasBasement", "basementArea", area => area > 0 ? 1 : 0),
        Source.Of("logTotalArea", "livingArea", "basementArea", (living, basement) => Math.Log(1 + living + basement)),
        Source.Of("age", "yearBuilt", year => LastSaleYear - year),
        Source.Of("rootAge", "yearBuilt", year => Math.Sqrt(Math.Max(0, LastSaleYear - year))),
        Source.Of("isNew", "yearBuilt", year => LastSaleYear - year <= NewForYears ? 1 : 0),
        Source.Of("remodelledAge", "yearRemodelled", year => LastSaleYear - year),
        Source.Of("rootRemodelledAge", "yearRemodelled", year => Math.Sqrt(Math.Max(0, LastSaleYear - year))),
        Source.Column("fullBaths"),
        Source.Column("halfBaths"),
        Source.Of("baths", "fullBaths", "halfBaths", (full, half) => full + (half / 2)),
        Source.Column("bedrooms"),
        Source.Column("rooms"),
        Source.Of("areaPerRoom", "livingArea", "rooms", (area, rooms) => Math.Log(1 + (area / Math.Max(1, rooms)))),
        Source.Column("fireplaces"),
        Source.Of("hasFireplace", "fireplaces", count => Math.Min(1, count)),
        Source.Column("garageCars"),
        Source.Column("garageArea"),
    ];
}
