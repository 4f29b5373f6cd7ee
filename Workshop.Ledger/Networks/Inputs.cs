using System.Collections.Immutable;

namespace Workshop.Ledger.Networks;

/// <summary>
/// The inputs of the networks, in the order of their files. Levels and ranges are those of the data's own documentation, not
/// only of its rows.
/// </summary>
public static class Inputs
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

    /// <summary>Of Fisher's irises.</summary>
    public static ImmutableArray<Column> Iris { get; } =
    [
        Column.Number("sepalLength", 0.1, 20, "cm"),
        Column.Number("sepalWidth", 0.1, 20, "cm"),
        Column.Number("petalLength", 0.1, 20, "cm"),
        Column.Number("petalWidth", 0.1, 20, "cm"),
    ];

    /// <summary>Of the Titanic's passengers.</summary>
    public static ImmutableArray<Column> Titanic { get; } =
    [
        Column.Whole("passengerClass", 1, 3),
        Column.Category("sex", false, "female", "male"),
        Column.Number("age", 0, 120, "years", mayBeMissing: true),
        Column.Whole("siblingsSpouses", 0, 20),
        Column.Whole("parentsChildren", 0, 20),
        Column.Number("fare", 0, 1000, "pounds of 1912", mayBeMissing: true),
        Column.Category("embarked", true, "C", "Q", "S"),
        Column.Category("title", false, "Master", "Miss", "Mr", "Mrs", "Other"),
        Column.Flag("cabinKnown"),
    ];

    /// <summary>Of house sales in Ames, with all levels of De Cock's documentation (2011).</summary>
    public static ImmutableArray<Column> Housing { get; } =
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
