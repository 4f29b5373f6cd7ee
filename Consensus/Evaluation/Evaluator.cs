using System.Collections.Immutable;
using Consensus.Batches;
using Consensus.Clients;
using Consensus.Ledger;
using Workshop.Ledger.Mechanism;
using Workshop.Ledger.Networks;

namespace Consensus.Evaluation;

/// <summary>Compares members, plain average and weighted consensus on the same held-out rows.</summary>
internal sealed class Evaluator(PredictorClients clients, LedgerWriter ledger, TimeProvider time) : IDisposable
{
    /// <summary>Age at which an evaluation is made anew: it asks every member every held-out row.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(30);

    /// <summary>The same for one that lacks answers: members that are starting miss rows, and soon do not.</summary>
    private static readonly TimeSpan FreshnessWithGaps = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim one = new(1);

    private (DateTimeOffset At, EvaluationView View, IReadOnlyList<AskedNetwork> Answers)? last;

    public void Dispose() => one.Dispose();

    /// <summary>The comparison, at most half a minute old; where a member lacks answers, a few seconds.</summary>
    /// <param name="without">Members to leave out of a second average and consensus; names of nobody are ignored.</param>
    /// <param name="ct">Ends the wait.</param>
    internal async Task<EvaluationView> Evaluate(IReadOnlyCollection<string> without, CancellationToken ct)
    {
        await one.WaitAsync(ct);
        try
        {
            if (
                last is not { } known
                || time.GetUtcNow() - known.At > (IsComplete(known.View) ? Freshness : FreshnessWithGaps)
            )
            {
                List<AskedNetwork> asked = [];
                foreach (var schema in Schema.All)
                {
                    asked.Add(await Ask(schema, ct));
                }

                var networks = asked.ToDictionary(one => one.Network.Name, Evaluate, StringComparer.Ordinal);
                last = known = (time.GetUtcNow(), new(time.GetUtcNow(), Sorted(networks)), asked);
            }

            return without.Count == 0 ? known.View : Reduce(known.View, known.Answers, without);
        }
        finally
        {
            one.Release();
        }
    }

    private static bool IsComplete(EvaluationView view) =>
        view.Networks.Values.All(network => network.Members.All(member => member.Answered == network.Rows));

    /// <summary>The comparison with a second average and consensus, from which some members are missing.</summary>
    private static EvaluationView Reduce(
        EvaluationView view,
        IReadOnlyList<AskedNetwork> answers,
        IReadOnlyCollection<string> without
    ) =>
        view with
        {
            Networks = Sorted(
                answers.Select(one =>
                    KeyValuePair.Create(
                        one.Network.Name,
                        view.Networks[one.Network.Name] with
                        {
                            Without = Reduce(one, without),
                        }
                    )
                )
            ),
        };

    private static ReducedEvaluation? Reduce(AskedNetwork asked, IReadOnlyCollection<string> without)
    {
        var absent = asked.Names.Intersect(without, StringComparer.Ordinal).ToArray();
        if (absent.Length == 0)
        {
            return null;
        }

        var others = asked with
        {
            Rows =
            [
                .. asked.Rows.Select(row =>
                    row.Where(pair => !absent.Contains(pair.Key, StringComparer.Ordinal))
                        .ToDictionary(StringComparer.Ordinal)
                ),
            ],
        };
        return new(absent, Average(others), Combined(others));
    }

    private static SortedDictionary<string, NetworkEvaluation> Sorted(
        IEnumerable<KeyValuePair<string, NetworkEvaluation>> networks
    ) => new(networks.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal);

    private async Task<AskedNetwork> Ask(Schema schema, CancellationToken ct)
    {
        var state = ledger.Now.State;
        var members = FanOut.MembersOf(state, schema.Network.Name);
        var lines = schema.HeldOut.Select(row => row.Line).ToArray();
        var answers = await Task.WhenAll(members.Select(member => clients.For(member, schema).AskUnscored(lines, ct)));
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
        return new(
            schema.Network,
            [.. members.Select(member => member.Name)],
            rows,
            [.. schema.HeldOut.Select(row => row.Truth)],
            Electorate.Of(state, schema.Network.Name),
            state.Parameters
        );
    }

    private static NetworkEvaluation Evaluate(AskedNetwork asked) =>
        new(
            asked.Rows.Count,
            [
                .. asked.Names.Select(name =>
                    Score(asked.Network, name, [.. asked.Rows.Select(row => row[name])], asked.Truths)
                ),
            ],
            Average(asked),
            Combined(asked)
        );

    private static EvaluationRow Average(AskedNetwork asked) =>
        Score(asked.Network, "average", [.. asked.Rows.Select(row => PlainMean(asked.Network, row))], asked.Truths);

    private static EvaluationRow Combined(AskedNetwork asked) =>
        Score(
            asked.Network,
            "consensus",
            [.. asked.Rows.Select(row => Aggregate.Of(asked.Network, asked.Electorate.Tally(row), asked.Parameters))],
            asked.Truths
        );

    /// <summary>What all members answered to the held-out rows of a network, and what their answers weigh.</summary>
    private sealed record AskedNetwork(
        Network Network,
        IReadOnlyList<string> Names,
        IReadOnlyList<Dictionary<string, ImmutableArray<long>>> Rows,
        long[] Truths,
        Electorate Electorate,
        Parameters Parameters
    );

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
            double[] values = [.. answered.Select(row => Units.FromCents(answers[row][0]))];
            double[] right = [.. answered.Select(row => Units.FromCents(truths[row]))];
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
