using System.Collections.Immutable;

namespace Predictors.Data;

/// <summary>The inputs of <c>housing</c>, with all levels of De Cock's documentation of the Ames data (2011).</summary>
internal static class HousingColumns
{
    private static readonly ImmutableArray<string> Neighborhoods =
    [
        "Bloomington_Heights",
        "Blueste",
        "Briardale",
        "Brookside",
        "Clear_Creek",
        "College_Creek",
        "Crawford",
        "Edwards",
        "Gilbert",
        "Green_Hills",
        "Greens",
        "Hayden_Lake",
        "Iowa_DOT_and_Rail_Road",
        "Landmark",
        "Meadow_Village",
        "Mitchell",
        "North_Ames",
        "Northpark_Villa",
        "Northridge",
        "Northridge_Heights",
        "Northwest_Ames",
        "Old_Town",
        "Sawyer",
        "Sawyer_West",
        "Somerset",
        "South_and_West_of_Iowa_State_University",
        "Stone_Brook",
        "Timberland",
        "Veenker",
    ];

    private static readonly ImmutableArray<string> Zones =
    [
        "A_agr",
        "C_all",
        "Floating_Village_Residential",
        "I_all",
        "Residential_High_Density",
        "Residential_Low_Density",
        "Residential_Medium_Density",
    ];

    private static readonly ImmutableArray<string> Styles =
    [
        "One_Story",
        "One_and_Half_Fin",
        "One_and_Half_Unf",
        "SFoyer",
        "SLvl",
        "Two_Story",
        "Two_and_Half_Fin",
        "Two_and_Half_Unf",
    ];

    /// <summary>From worst to best, so that the index is the rank.</summary>
    private static readonly ImmutableArray<string> Conditions =
    [
        "Very_Poor",
        "Poor",
        "Fair",
        "Below_Average",
        "Average",
        "Above_Average",
        "Good",
        "Very_Good",
        "Excellent",
        "Very_Excellent",
    ];

    private static readonly ImmutableArray<string> Garages =
    [
        "Attchd",
        "Basment",
        "BuiltIn",
        "CarPort",
        "Detchd",
        "More_Than_Two_Types",
        "No_Garage",
    ];

    private const string SquareFeet = "square feet";

    private const double LargestArea = 50_000;

    private const double LargestLot = 1_000_000;

    private const double EarliestYear = 1800;

    private const double LatestYear = 2030;

    internal static ImmutableArray<Column> All { get; } =
    [
        Column.Category("neighborhood", false, Neighborhoods),
        Column.Category("zoning", false, Zones),
        Column.Number("lotArea", 1, LargestLot, SquareFeet),
        Column.Category("buildingType", false, "OneFam", "TwoFmCon", "Duplex", "Twnhs", "TwnhsE"),
        Column.Category("houseStyle", false, Styles),
        Column.Category("overallCondition", false, Conditions),
        Column.Whole("yearBuilt", EarliestYear, LatestYear),
        Column.Whole("yearRemodelled", EarliestYear, LatestYear),
        Column.Category("foundation", false, "BrkTil", "CBlock", "PConc", "Slab", "Stone", "Wood"),
        // From none to good, so that the index is the rank.
        Column.Category("basementExposure", false, "No_Basement", "No", "Mn", "Av", "Gd"),
        Column.Number("basementArea", 0, LargestArea, SquareFeet),
        Column.Category("centralAir", false, "N", "Y"),
        Column.Number("firstFloorArea", 0, LargestArea, SquareFeet),
        Column.Number("secondFloorArea", 0, LargestArea, SquareFeet),
        Column.Number("livingArea", 1, LargestArea, SquareFeet),
        Column.Whole("fullBaths", 0, 20),
        Column.Whole("halfBaths", 0, 20),
        Column.Whole("bedrooms", 0, 50),
        Column.Whole("rooms", 0, 100),
        Column.Whole("fireplaces", 0, 20),
        Column.Category("garageType", false, Garages),
        // From none to finished, so that the index is the rank.
        Column.Category("garageFinish", false, "No_Garage", "Unf", "RFn", "Fin"),
        Column.Whole("garageCars", 0, 20),
        Column.Number("garageArea", 0, LargestArea, SquareFeet),
    ];
}
