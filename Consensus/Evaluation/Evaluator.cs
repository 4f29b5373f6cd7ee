using System.Collections.Immutable;
using Consensus.Batches;
using Consensus.Clients;
using Consensus.Ledger;
using Workshop.Ledger.Mechanism;
using Workshop.Ledger.Networks;
using Workshop.ServiceDefaults.Errors;

namespace Consensus.Evaluation;

/// <summary>
/// Compares members, plain average and weighted consensus on the same held-out rows. An evaluation is the service's own:
/// all who ask meanwhile wait for the same one, and it goes on when one of them goes away.
/// </summary>
internal sealed class Evaluator(
    PredictorClients clients,
    LedgerWriter ledger,
    IHostApplicationLifetime lifetime,
    TimeProvider time
)
{
    /// <summary>Age at which an evaluation is made anew: it asks every member every held-out row.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(30);

    /// <summary>The same for one that lacks answers: members that are starting miss rows, and soon do not.</summary>
    private static readonly TimeSpan FreshnessWithGaps = TimeSpan.FromSeconds(5);

    /// <summary>Rows that no member was asked by then are misses: a member may answer just enough to be asked on.</summary>
    private static readonly TimeSpan LongestAsking = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();

    private Task<Evaluated>? last;

    /// <summary>The comparison, at most half a minute old; where a member lacks answers, a few seconds.</summary>
    /// <param name="without">Members to leave out of a second average and consensus; names of nobody are ignored.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <exception cref="ServiceUnavailableException">The service stops.</exception>
    internal async Task<EvaluationView> Evaluate(IReadOnlyCollection<string> without, CancellationToken ct)
    {
        Task<Evaluated> evaluation;
        lock (gate)
        {
            evaluation = last = last is { } known && IsFresh(known) ? known : EvaluateAll();
        }

        var (view, answers) = await evaluation.WaitAsync(ct);
        return without.Count == 0 ? view : Reduce(view, answers, without);
    }

    private bool IsFresh(Task<Evaluated> evaluation) =>
        !evaluation.IsCompleted
        || (
            evaluation.IsCompletedSuccessfully
            && evaluation.Result.View is var view
            && time.GetUtcNow() - view.At <= (IsComplete(view) ? Freshness : FreshnessWithGaps)
        );

    private async Task<Evaluated> EvaluateAll()
    {
        // Not within the caller's lock.
        await Task.Yield();
        List<AskedNetwork> asked = [];
        try
        {
            foreach (var schema in Schema.All)
            {
                // Each its own: a member that is slow in one misses nobody's rows in the next.
                using var limit = new CancellationTokenSource(LongestAsking, time);
                asked.Add(await Ask(schema, lifetime.ApplicationStopping, limit.Token));
            }
        }
        catch (OperationCanceledException stopping) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw new ServiceUnavailableException("The consensus is stopping; ask again later.", stopping);
        }

        var networks = asked.ToDictionary(one => one.Network.Name, Evaluate, StringComparer.Ordinal);
        return new(new(time.GetUtcNow(), Sorted(networks)), asked);
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

    private async Task<AskedNetwork> Ask(Schema schema, CancellationToken ct, CancellationToken limit)
    {
        var state = ledger.Now.State;
        var members = FanOut.MembersOf(state, schema.Network.Name);
        var lines = schema.HeldOut.Select(row => row.Line).ToArray();
        var answers = await Task.WhenAll(
            members.Select(member => clients.For(member, schema).AskUnscored(lines, ct, limit))
        );
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

    /// <summary>A comparison, and the answers that it was made of.</summary>
    private sealed record Evaluated(EvaluationView View, IReadOnlyList<AskedNetwork> Answers);

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
