using System.Collections.Immutable;

namespace Predictors.Data;

/// <summary>One of the prediction networks: what is asked, and what is answered.</summary>
/// <param name="Name"><c>iris</c>, <c>titanic</c> or <c>housing</c>.</param>
/// <param name="Target">The column that is predicted.</param>
/// <param name="Labels">The classes, in the order of their probabilities; empty where a value is predicted.</param>
/// <param name="Columns">The inputs, in the order of the file.</param>
public sealed record Network(string Name, string Target, ImmutableArray<string> Labels, ImmutableArray<Column> Columns)
{
    /// <summary>Whether a class is predicted; else a value in US dollars.</summary>
    public bool IsClassification => !Labels.IsEmpty;

    /// <summary>Numbers in one answer: a probability per class, or the one value.</summary>
    public int OutputCount => IsClassification ? Labels.Length : 1;

    /// <summary>Index of a column by name.</summary>
    /// <param name="name">A column's name; case matters.</param>
    /// <returns>The index, or -1.</returns>
    public int IndexOf(ReadOnlySpan<char> name)
    {
        for (var index = 0; index < Columns.Length; index++)
        {
            if (name.SequenceEqual(Columns[index].Name))
            {
                return index;
            }
        }

        return -1;
    }
}

/// <summary>
/// The three networks. Levels and ranges are those of the data's own documentation, not only of its rows.
/// </summary>
public static class Networks
{
    /// <summary>Fisher's irises: three classes.</summary>
    public static Network Iris { get; } =
        new(
            "iris",
            "species",
            ["setosa", "versicolor", "virginica"],
            [
                Column.Number("sepalLength", 0.1, 20, "cm"),
                Column.Number("sepalWidth", 0.1, 20, "cm"),
                Column.Number("petalLength", 0.1, 20, "cm"),
                Column.Number("petalWidth", 0.1, 20, "cm"),
            ]
        );

    /// <summary>The Titanic's passengers: survived (1) or not (0).</summary>
    public static Network Titanic { get; } =
        new(
            "titanic",
            "survived",
            ["0", "1"],
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
            ]
        );

    /// <summary>House sales in Ames, Iowa: the price in US dollars.</summary>
    public static Network Housing { get; } = new("housing", "salePrice", [], HousingColumns.All);

    /// <summary>All networks; the first is the default where none is named.</summary>
    public static ImmutableArray<Network> All { get; } = [Iris, Titanic, Housing];

    /// <summary>Finds a network by its name; case matters.</summary>
    /// <param name="name">For example <c>iris</c>.</param>
    /// <returns>The network, or null.</returns>
    public static Network? Find(string? name) =>
        All.FirstOrDefault(network => string.Equals(network.Name, name, StringComparison.Ordinal));
}
