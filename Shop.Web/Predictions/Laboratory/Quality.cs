using System.Text.Json;

namespace Shop.Web.Predictions.Laboratory;

/// <summary>Answers of a class that were given to rows of a class.</summary>
/// <param name="Labels">In the order of rows (truth) and columns (answer).</param>
/// <param name="Counts">Truth by answer.</param>
public sealed record Confusion(IReadOnlyList<string> Labels, IReadOnlyList<IReadOnlyList<int>> Counts)
{
    /// <summary>Right answers.</summary>
    public int Right => Labels.Select((_, at) => Counts[at][at]).Sum();

    /// <summary>All answers.</summary>
    public int All => Counts.Sum(row => row.Sum());
}

/// <summary>Rows about which the consensus was about so sure, and how many of them were right.</summary>
/// <param name="Sure">Mean of what it said.</param>
/// <param name="Right">The share that was right.</param>
/// <param name="Rows">How many.</param>
public sealed record ReliabilityBin(double Sure, double Right, int Rows);

/// <summary>A value that was predicted, and the true one.</summary>
/// <param name="Predicted">In US dollars.</param>
/// <param name="Actual">In US dollars.</param>
public sealed record ValuePair(double Predicted, double Actual)
{
    /// <summary>Of the truth; as the consensus judges values.</summary>
    private const double Band = 0.2;

    /// <summary>Whether the prediction is within a fifth of the truth.</summary>
    public bool IsClose => Math.Abs(Predicted - Actual) <= Band * Actual;
}

/// <summary>How good answers were on rows whose truth is known. Pure.</summary>
public static class Quality
{
    private const int Bins = 5;

    /// <summary>Truth against answer.</summary>
    /// <param name="rows">Of any batches.</param>
    /// <param name="member">Whose answers; the consensus's when null.</param>
    /// <returns>Null where no row is known and answered.</returns>
    public static Confusion? ConfusionOf(IEnumerable<BatchRow> rows, string? member)
    {
        var pairs = Known(rows, member)
            .Where(pair => pair is { Truth.ValueKind: JsonValueKind.String, Answer.ValueKind: JsonValueKind.String })
            .Select(pair => (Truth: pair.Truth.GetString()!, Answer: pair.Answer.GetString()!))
            .ToList();
        var labels = pairs
            .SelectMany(pair => new[] { pair.Truth, pair.Answer })
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToList();
        return labels.Count == 0
            ? null
            : new(
                labels,
                [
                    .. labels.Select(truth =>
                        (IReadOnlyList<int>)[.. labels.Select(answer => pairs.Count(pair => pair == (truth, answer)))]
                    ),
                ]
            );
    }

    /// <summary>How sure the consensus was, against how often it was right.</summary>
    /// <param name="rows">Of any batches.</param>
    public static IReadOnlyList<ReliabilityBin> ReliabilityOf(IEnumerable<BatchRow> rows) =>
        [
            .. rows.Where(row => row is { Truth: not null, Consensus: not null, Probabilities.Count: > 0 })
                .Select(row => (Sure: row.Probabilities!.Max(), Right: Same(row.Truth!.Value, row.Consensus!.Value)))
                .GroupBy(row => Math.Min(Bins - 1, (int)(row.Sure * Bins)))
                .OrderBy(bin => bin.Key)
                .Select(bin => new ReliabilityBin(
                    bin.Average(row => row.Sure),
                    bin.Average(row => row.Right ? 1.0 : 0.0),
                    bin.Count()
                )),
        ];

    /// <summary>Values predicted and true.</summary>
    /// <param name="rows">Of any batches.</param>
    /// <param name="member">Whose answers; the consensus's when null.</param>
    public static IReadOnlyList<ValuePair> ValuesOf(IEnumerable<BatchRow> rows, string? member) =>
        [
            .. Known(rows, member)
                .Where(pair =>
                    pair is { Truth.ValueKind: JsonValueKind.Number, Answer.ValueKind: JsonValueKind.Number }
                )
                .Select(pair => new ValuePair(pair.Answer.GetDouble(), pair.Truth.GetDouble())),
        ];

    /// <summary>Whether an answer is the label that is true, or a value within a fifth of it.</summary>
    /// <param name="truth">The truth.</param>
    /// <param name="answer">The answer.</param>
    public static bool Same(JsonElement truth, JsonElement answer) =>
        truth.ValueKind == JsonValueKind.Number && answer.ValueKind == JsonValueKind.Number
            ? new ValuePair(answer.GetDouble(), truth.GetDouble()).IsClose
            : truth.ValueKind == answer.ValueKind
                && string.Equals(truth.ToString(), answer.ToString(), StringComparison.Ordinal);

    private static IEnumerable<(JsonElement Truth, JsonElement Answer)> Known(
        IEnumerable<BatchRow> rows,
        string? member
    ) =>
        rows.Select(row => (row.Truth, Answer: member is null ? row.Consensus : row.Answers.GetValueOrDefault(member)))
            .Where(pair => pair is { Truth: not null, Answer: not null })
            .Select(pair => (pair.Truth.GetValueOrDefault(), pair.Answer.GetValueOrDefault()));
}
