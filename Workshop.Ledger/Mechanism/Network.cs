using System.Collections.Immutable;

namespace Workshop.Ledger.Mechanism;

/// <summary>What a network predicts, as far as the mechanism needs to know.</summary>
/// <param name="Name">For example <c>iris</c>.</param>
/// <param name="Classes">The labels in canonical order; empty where a value is predicted.</param>
public sealed record Network(string Name, ImmutableArray<string> Classes)
{
    /// <summary>The three networks of the workshop.</summary>
    public static ImmutableSortedDictionary<string, Network> All { get; } =
        new Network[]
        {
            new("iris", ["setosa", "versicolor", "virginica"]),
            new("titanic", ["0", "1"]),
            new("housing", []),
        }.ToImmutableSortedDictionary(network => network.Name, network => network, StringComparer.Ordinal);

    /// <summary>Whether a value, not a class, is predicted.</summary>
    public bool IsRegression => Classes.IsEmpty;

    /// <summary>K of the formulas; 2 for values, where a member is either within the band or not.</summary>
    public int ClassCount => IsRegression ? 2 : Classes.Length;

    /// <summary>Numbers in one answer: a probability per class, or the value.</summary>
    public int AnswerLength => IsRegression ? 1 : Classes.Length;
}
