using System.Collections.Immutable;
using Consensus.Batches;
using Consensus.Ledger;
using Workshop.Ledger.Mechanism;
using Workshop.Ledger.Networks;

namespace Consensus.Evaluation;

/// <summary>Compares members, plain average and weighted consensus on the same held-out rows.</summary>
internal sealed class Evaluator(Survey survey, LedgerWriter ledger, TimeProvider time) : IDisposable
{
    /// <summary>Age at which an evaluation is made anew: it asks every member every held-out row.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(30);

    /// <summary>The same for one that lacks answers: members that are starting miss rows, and soon do not.</summary>
    private static readonly TimeSpan FreshnessWithGaps = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim one = new(1);

    private (DateTimeOffset At, EvaluationView View)? last;

    public void Dispose() => one.Dispose();

    /// <summary>The comparison, at most half a minute old; where a member lacks answers, a few seconds.</summary>
    internal async Task<EvaluationView> Evaluate(CancellationToken ct)
    {
        await one.WaitAsync(ct);
        try
        {
            if (
                last is not { } known
                || time.GetUtcNow() - known.At > (IsComplete(known.View) ? Freshness : FreshnessWithGaps)
            )
            {
                var networks = new SortedDictionary<string, NetworkEvaluation>(StringComparer.Ordinal);
                foreach (var schema in Schema.All)
                {
                    networks[schema.Network.Name] = await Evaluate(schema, ct);
                }

                last = known = (time.GetUtcNow(), new(time.GetUtcNow(), networks));
            }

            return known.View;
        }
        finally
        {
            one.Release();
        }
    }

    private static bool IsComplete(EvaluationView view) =>
        view.Networks.Values.All(network => network.Members.All(member => member.Answered == network.Rows));

    private async Task<NetworkEvaluation> Evaluate(Schema schema, CancellationToken ct)
    {
        var state = ledger.Now.State;
        var members = Asker.MembersOf(state, schema.Network.Name);
        var lines = schema.HeldOut.Select(row => row.Line).ToArray();
        var answers = await Task.WhenAll(members.Select(member => survey.Ask(member, schema, lines, ct)));
        // Scoring takes long: not on the thread of the member's socket that answered last.
        await Task.Yield();
        var rows = Enumerable
            .Range(0, lines.Length)
            .Select(row =>
                members
                    .Select((member, index) => (member.Name, Answer: answers[index][row]))
                    .ToDictionary(StringComparer.Ordinal)
            )
            .ToArray();
        var electorate = Electorate.Of(state, schema.Network.Name);
        var truths = schema.HeldOut.Select(row => row.Truth).ToArray();
        return new(
            lines.Length,
            [
                .. members.Select(member =>
                    Score(schema.Network, member.Name, [.. rows.Select(row => row[member.Name])], truths)
                ),
            ],
            Score(schema.Network, "average", [.. rows.Select(row => PlainMean(schema.Network, row))], truths),
            Score(
                schema.Network,
                "consensus",
                [.. rows.Select(row => Aggregate.Of(schema.Network, electorate.Tally(row), state.Parameters))],
                truths
            )
        );
    }

    /// <summary>The workshop's first step: every member counts the same, and nothing is clipped.</summary>
    private static ImmutableArray<long> PlainMean(Network network, Dictionary<string, ImmutableArray<long>> row)
    {
        var votes = row.Where(pair => !pair.Value.IsEmpty)
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => new Vote(pair.Value, 1))
            .ToArray();
        return votes.Length == 0 ? []
            : network.IsRegression ? [Aggregate.MeanValue(votes)]
            : Aggregate.Mean(network.AnswerLength, votes);
    }

    private static EvaluationRow Score(
        Network network,
        string name,
        ImmutableArray<ImmutableArray<long>> answers,
        long[] truths
    )
    {
        var answered = Enumerable.Range(0, answers.Length).Where(row => !answers[row].IsEmpty).ToArray();
        if (answered.Length == 0)
        {
            return new(name, 0);
        }

        if (network.IsRegression)
        {
            double[] values = [.. answered.Select(row => answers[row][0] / 100.0)];
            double[] right = [.. answered.Select(row => truths[row] / 100.0)];
            return new(name, answered.Length)
            {
                R2 = Figure.Of(answered.Length, rows => Metrics.R2(values, right, rows)),
                Rmse = Figure.Of(answered.Length, rows => Metrics.Rmse(values, right, rows)),
                MedianAbsoluteError = Figure.Of(answered.Length, rows => Metrics.MedianError(values, right, rows)),
            };
        }

        double[][] probabilities = [.. answered.Select(row => answers[row].Select(Units.FromMillionths).ToArray())];
        int[] labels = [.. answered.Select(row => (int)truths[row])];
        return new(name, answered.Length)
        {
            Accuracy = Figure.Of(answered.Length, rows => Metrics.Accuracy(probabilities, labels, rows)),
            LogLoss = Figure.Of(answered.Length, rows => Metrics.LogLoss(probabilities, labels, rows)),
        };
    }
}
