using System.Collections.Immutable;
using System.Text.Json;
using Workshop.Ledger.Mechanism;

namespace Consensus.Clients;

/// <summary>
/// Reads what a member answered. Nothing that a member sends is an error of ours: it is an answer or a miss.
/// </summary>
internal static class AnswerReader
{
    /// <summary>
    /// How far probabilities may be from adding to 1: what six printed digits of three classes explain.
    /// </summary>
    private const double SumTolerance = 0.001;

    /// <summary>The greatest value that is believed, in the unit of the network.</summary>
    private const double GreatestValue = 1e9;

    /// <summary>Reads the answers to some rows.</summary>
    /// <param name="network">Classes or a value.</param>
    /// <param name="json">The body.</param>
    /// <param name="rows">How many rows were asked.</param>
    /// <param name="miss">Why there is no answer to one row or all; null when all are answered.</param>
    /// <returns>Per row the answer, empty for a miss.</returns>
    internal static ImmutableArray<ImmutableArray<long>> Read(
        Network network,
        ReadOnlySpan<byte> json,
        int rows,
        out string? miss
    )
    {
        try
        {
            var response = JsonSerializer.Deserialize(json, InferenceJson.Default.InferenceResponse);
            var name = network.IsRegression ? "value" : "probabilities";
            var output = response?.Outputs?.FirstOrDefault(output =>
                string.Equals(output?.Name, name, StringComparison.Ordinal)
            );
            miss = output is null ? $"There is no output '{name}'." : CheckShape(network, output, rows);
            if (miss is null)
            {
                var columns = Columns(network, output!, out miss);
                return miss is null ? ReadRows(network, output!.Data!, columns, rows, out miss) : Misses(rows);
            }
        }
        catch (Exception bad) when (bad is JsonException or InvalidOperationException or FormatException)
        {
            miss = "The body is not an inference response.";
        }

        return Misses(rows);
    }

    /// <summary>No answer at all.</summary>
    internal static ImmutableArray<ImmutableArray<long>> Misses(int rows) =>
        [.. Enumerable.Repeat(ImmutableArray<long>.Empty, rows)];

    private static string? CheckShape(Network network, InferenceOutput output, int rows)
    {
        long[] shape = network.IsRegression ? [rows] : [rows, network.AnswerLength];
        // A column of values is the same tensor as a list of them.
        var fits =
            output.Shape is { } given
            && (given.SequenceEqual(shape) || (network.IsRegression && given.SequenceEqual([rows, 1L])));
        return fits && output.Data?.Length == rows * network.AnswerLength
            ? null
            : $"The shape must be [{string.Join(", ", shape)}], with as many numbers.";
    }

    /// <summary>For each class the column that it stands in.</summary>
    private static int[] Columns(Network network, InferenceOutput output, out string? miss)
    {
        miss = null;
        if (network.IsRegression)
        {
            return [0];
        }

        var labels = output.Parameters?.Labels ?? [];
        int[] columns = [.. network.Classes.Select(label => IndexOf(labels, label))];
        if (labels.Count != columns.Length || columns.Contains(-1))
        {
            miss = $"The labels must be {string.Join(", ", network.Classes)}.";
        }

        return columns;
    }

    private static int IndexOf(IReadOnlyList<string> labels, string label)
    {
        for (var index = 0; index < labels.Count; index++)
        {
            if (string.Equals(labels[index], label, StringComparison.Ordinal))
            {
                return index;
            }
        }

        return -1;
    }

    private static ImmutableArray<ImmutableArray<long>> ReadRows(
        Network network,
        double[] numbers,
        int[] columns,
        int rows,
        out string? miss
    )
    {
        miss = null;
        var answers = ImmutableArray.CreateBuilder<ImmutableArray<long>>(rows);
        for (var row = 0; row < rows; row++)
        {
            double[] values = [.. columns.Select(column => numbers[(row * columns.Length) + column])];
            var problem = network.IsRegression ? CheckValue(values[0]) : CheckProbabilities(values);
            miss ??= problem;
            answers.Add(
                problem is not null ? []
                : network.IsRegression ? [Units.ToCents(values[0])]
                : Probabilities.Normalise(values)
            );
        }

        return answers.MoveToImmutable();
    }

    private static string? CheckValue(double value) =>
        value is > 0 and <= GreatestValue ? null : "The value must be above 0, and not beyond reason.";

    private static string? CheckProbabilities(double[] values) =>
        values.All(value => value is >= 0 and <= 1) && Math.Abs(values.Sum() - 1) <= SumTolerance
            ? null
            : "Probabilities must lie between 0 and 1 and add to 1.";
}
