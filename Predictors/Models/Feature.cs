using System.Collections.Immutable;
using Predictors.Data;
using Workshop.Ledger.Networks;

namespace Predictors.Models;

/// <summary>A number or category worked out from a row before any learner sees it; nothing of it is learned.</summary>
/// <param name="Name">What it is, for people.</param>
/// <param name="LevelCount">Number of levels of a category; 0 for a number.</param>
/// <param name="Compute">From a row of the network to the value; NaN when missing.</param>
public sealed record Feature(string Name, int LevelCount, Func<double[], double> Compute)
{
    /// <summary>The features of a network.</summary>
    /// <param name="network">One of <see cref="Networks.All"/>.</param>
    public static ImmutableArray<Feature> Of(Network network) =>
        network.Name switch
        {
            "iris" => IrisFeatures.All,
            "titanic" => TitanicFeatures.All,
            _ => HousingFeatures.All,
        };

    /// <summary>Works out all features of one row.</summary>
    public static double[] Derive(ImmutableArray<Feature> features, double[] row)
    {
        var values = new double[features.Length];
        for (var index = 0; index < values.Length; index++)
        {
            values[index] = features[index].Compute(row);
        }

        return values;
    }
}

/// <summary>Reads columns of one network by name, once, when its features are declared.</summary>
/// <param name="network">Whose columns.</param>
internal sealed class FeatureSource(Network network)
{
    internal int Index(string column) =>
        network.IndexOf(column) is >= 0 and var index
            ? index
            : throw new ArgumentException($"{network.Name} has no column {column}.", nameof(column));

    /// <summary>The column as it is: a number, or a category.</summary>
    internal Feature Column(string column)
    {
        var index = Index(column);
        var levels = network.Columns[index].Type is ColumnType.Category ? network.Columns[index].Levels.Length : 0;
        return new(column, levels, row => row[index]);
    }

    /// <summary>A category's index as a number, where levels are in order of rank.</summary>
    internal Feature Rank(string column)
    {
        var index = Index(column);
        return new(column + "Rank", 0, row => row[index]);
    }

    /// <summary>ln(1 + x): areas and money matter by their ratio.</summary>
    internal Feature Log(string column)
    {
        var index = Index(column);
        return new("log" + column, 0, row => Math.Log(1 + row[index]));
    }

    /// <summary>A number of one column.</summary>
    internal Feature Of(string name, string column, Func<double, double> compute)
    {
        var index = Index(column);
        return new(name, 0, row => compute(row[index]));
    }

    /// <summary>A number of two columns.</summary>
    internal Feature Of(string name, string first, string second, Func<double, double, double> compute)
    {
        var (one, two) = (Index(first), Index(second));
        return new(name, 0, row => compute(row[one], row[two]));
    }
}
