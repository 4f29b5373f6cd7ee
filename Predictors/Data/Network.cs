using System.Collections.Immutable;
using Workshop.Ledger.Networks;

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

/// <summary>The three networks.</summary>
public static class Networks
{
    /// <summary>Fisher's irises: three classes.</summary>
    public static Network Iris { get; } = Of("iris", "species", Inputs.Iris);

    /// <summary>The Titanic's passengers: survived (1) or not (0).</summary>
    public static Network Titanic { get; } = Of("titanic", "survived", Inputs.Titanic);

    /// <summary>House sales in Ames, Iowa: the price in US dollars.</summary>
    public static Network Housing { get; } = Of("housing", "salePrice", Inputs.Housing);

    /// <summary>All networks; the first is the default where none is named.</summary>
    public static ImmutableArray<Network> All { get; } = [Iris, Titanic, Housing];

    /// <summary>Finds a network by its name; case matters.</summary>
    /// <param name="name">For example <c>iris</c>.</param>
    /// <returns>The network, or null.</returns>
    public static Network? Find(string? name) =>
        All.FirstOrDefault(network => string.Equals(network.Name, name, StringComparison.Ordinal));

    private static Network Of(string name, string target, ImmutableArray<Column> columns) =>
        new(name, target, Workshop.Ledger.Mechanism.Network.All[name].Classes, columns);
}
