using System.Collections.Immutable;
using Predictors.Data;

namespace Predictors.Models;

/// <summary>Features of <c>titanic</c>: who was let into the boats, and who was near them.</summary>
internal static class TitanicFeatures
{
    /// <summary>Families beyond this size were lost together far more often.</summary>
    private const int LargeFamily = 4;

    private const double ChildUntilYears = 14;

    private static readonly FeatureSource Source = new(Networks.Titanic);

    private static readonly int Class = Source.Index("passengerClass");

    private static readonly int Sex = Source.Index("sex");

    private static readonly int Siblings = Source.Index("siblingsSpouses");

    private static readonly int Parents = Source.Index("parentsChildren");

    private static readonly int Fare = Source.Index("fare");

    internal static ImmutableArray<Feature> All { get; } =
    [
        Source.Of("class", "passengerClass", value => value),
        new("sexAndClass", 6, row => (3 * row[Sex]) + row[Class] - 1),
        new("sex", 0, row => row[Sex]),
        Source.Column("age"),
        new("ageGroup", 4, row => AgeGroup(row[Source.Index("age")])),
        Source.Column("title"),
        new("isMaster", 2, row => row[Source.Index("title")] == 0 ? 1 : 0),
        new("family", 0, FamilySize),
        new("familyGroup", 3, FamilyGroup),
        Source.Column("siblingsSpouses"),
        Source.Column("parentsChildren"),
        new("logFare", 0, row => Math.Log(1 + row[Fare])),
        new("logFareEach", 0, row => Math.Log(1 + (row[Fare] / FamilySize(row)))),
        Source.Column("embarked"),
        Source.Column("cabinKnown"),
        new("cabin", 2, row => row[Source.Index("cabinKnown")]),
    ];

    private static double FamilySize(double[] row) => 1 + row[Siblings] + row[Parents];

    private static double FamilyGroup(double[] row) =>
        FamilySize(row) switch
        {
            <= 1 => 0,
            <= LargeFamily => 1,
            _ => 2,
        };

    private static double AgeGroup(double years) =>
        years switch
        {
            double.NaN => double.NaN,
            < ChildUntilYears => 0,
            < 30 => 1,
            < 50 => 2,
            _ => 3,
        };
}
