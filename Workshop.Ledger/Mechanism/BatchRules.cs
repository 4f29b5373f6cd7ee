using System.Collections.Immutable;

namespace Workshop.Ledger.Mechanism;

/// <summary>What a batch must look like before it is settled; bad answers were made misses before this.</summary>
internal static class BatchRules
{
    /// <summary>The first rule that a batch breaks, in words, or null.</summary>
    internal static string? Violation(State state, BatchEntry batch)
    {
        if (!Network.All.TryGetValue(batch.Network, out var network))
        {
            return $"There is no network '{batch.Network}'.";
        }

        if (batch.Number != state.Networks[batch.Network].Batches)
        {
            return $"The next batch of {batch.Network} is {state.Networks[batch.Network].Batches}, not {batch.Number}.";
        }

        if (batch.Rows.IsEmpty)
        {
            return "A batch has rows.";
        }

        if (
            batch.Gold.Any(gold => !IsRow(gold.Row, batch) || !Gold.IsTruth(network, gold.Truth))
            || batch.Gold.DistinctBy(gold => gold.Row).Count() != batch.Gold.Length
        )
        {
            return "A gold row is outside the batch or given twice, or its truth is none of the network's.";
        }

        if (
            batch.Answers.DistinctBy(entry => entry.Member, StringComparer.Ordinal).Count() != batch.Answers.Length
            || batch.Answers.Any(entry => entry.Rows.Length != batch.Rows.Length)
        )
        {
            return "A member answers twice, or not row by row.";
        }

        var answers = batch.Answers.SelectMany(entry =>
            entry.Rows.Where(answer => !answer.IsEmpty).Concat(entry.Again.Select(second => second.Answer))
        );
        return
            !answers.All(answer => IsAnswer(network, answer))
            || batch.Answers.Any(entry => entry.Again.Any(second => !IsRow(second.Row, batch)))
            ? "An answer is not of the network's shape."
            : null;
    }

    /// <summary>Whether an answer has the right length, no number below 0, and probabilities that add to one.</summary>
    private static bool IsAnswer(Network network, ImmutableArray<long> answer) =>
        answer.Length == network.AnswerLength
        && answer.All(part => part >= 0)
        && (network.IsRegression || answer.Sum() == Units.Million);

    private static bool IsRow(int row, BatchEntry batch) => row >= 0 && row < batch.Rows.Length;
}
