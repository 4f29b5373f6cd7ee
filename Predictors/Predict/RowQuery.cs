using Microsoft.AspNetCore.WebUtilities;
using Predictors.Data;

namespace Predictors.Predict;

/// <summary>Reads one row out of a query such as <c>?sepalLength=5.1&amp;...</c></summary>
public static class RowQuery
{
    /// <summary>Reads all columns, each exactly once, and nothing else.</summary>
    /// <param name="network">Whose columns.</param>
    /// <param name="query">The query with its <c>?</c>, or empty.</param>
    /// <param name="row">A value per column; meaningless when there are errors.</param>
    /// <returns>Per argument what is wrong with it; null when nothing is.</returns>
    public static IDictionary<string, string[]>? Read(Network network, string? query, out double[] row)
    {
        row = new double[network.Columns.Length];
        Dictionary<string, string[]>? errors = null;
        Span<bool> seen = stackalloc bool[row.Length];
        foreach (var pair in new QueryStringEnumerable(query))
        {
            var name = pair.DecodeName().Span;
            var index = network.IndexOf(name);
            if (index < 0)
            {
                Add(ref errors, name.ToString(), $"There is no such argument. Arguments: {ArgumentsOf(network)}.");
            }
            else if (seen[index])
            {
                Add(ref errors, network.Columns[index].Name, "Must be given once.");
            }
            else
            {
                seen[index] = true;
                if (network.Columns[index].Read(pair.DecodeValue().Span, out row[index]) is { } error)
                {
                    Add(ref errors, network.Columns[index].Name, error);
                }
            }
        }

        for (var index = 0; index < row.Length; index++)
        {
            if (!seen[index])
            {
                Add(ref errors, network.Columns[index].Name, $"Is missing. {network.Columns[index].Domain()}");
            }
        }

        return errors;
    }

    private static string ArgumentsOf(Network network) =>
        string.Join(", ", network.Columns.Select(column => column.Name));

    private static void Add(ref Dictionary<string, string[]>? errors, string name, string error)
    {
        errors ??= new(StringComparer.Ordinal);
        errors[name] = errors.TryGetValue(name, out var known) ? [.. known, error] : [error];
    }
}
