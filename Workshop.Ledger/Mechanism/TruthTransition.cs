using System.Collections.Immutable;

namespace Workshop.Ledger.Mechanism;

/// <summary>
/// Folds truths that came later into the state. A row that nobody knew to be gold when it was answered counts as gold for
/// everybody who answered it: any question may turn out to be one.
/// </summary>
internal static class TruthTransition
{
    /// <summary>The first rule that a telling breaks, or null.</summary>
    internal static Refused? Violation(State state, TruthEntry entry)
    {
        if (!Network.All.TryGetValue(entry.Network, out var network))
        {
            return new(Refusal.Unknown, $"There is no network '{entry.Network}'.");
        }

        if (Find(state, entry) is not { } batch)
        {
            return entry.Number < 0 || entry.Number >= state.Networks[entry.Network].Batches
                ? new(Refusal.Unknown, $"{entry.Network} has no batch {entry.Number}.")
                : new(
                    Refusal.TooLate,
                    $"Truths are told of the last {state.Parameters.TruthBatches} batches of {entry.Network}, as far as these "
                        + $"have {state.Parameters.TruthRows} rows in all: batch {entry.Number} is older."
                );
        }

        if (entry.Rows.IsEmpty || entry.Rows.DistinctBy(told => told.Row).Count() != entry.Rows.Length)
        {
            return new(Refusal.Invalid, "Truths are told of at least one row, and of each row once.");
        }

        foreach (var told in entry.Rows)
        {
            if (told.Row < 0 || told.Row >= batch.Rows.Length)
            {
                return new(Refusal.Invalid, $"Batch {entry.Number} has no row {told.Row}.");
            }

            if (!Gold.IsTruth(network, told.Truth))
            {
                return new(Refusal.Invalid, $"The truth of row {told.Row} is none of the network's.");
            }

            if (batch.Known.Contains(told.Row))
            {
                return new(Refusal.TooLate, $"The truth of row {told.Row} is known already: it is told once.");
            }
        }

        return null;
    }

    /// <summary>The state after it, and what followed for whom.</summary>
    internal static (State State, TruthSettlement Settlement) Apply(State state, TruthEntry entry)
    {
        var parameters = state.Parameters;
        var network = Network.All[entry.Network];
        var before = state.Networks[entry.Network];
        var batch = Find(state, entry)!;
        var drafts = Draft.Of(state, entry.Network);
        var names = drafts.Select(draft => draft.Name).ToImmutableArray();
        var answers = drafts
            .Select(draft =>
                batch.Answers.FirstOrDefault(own => string.Equals(own.Member, draft.Name, StringComparison.Ordinal))
            )
            .ToArray();
        var book = before.Book.For(names);
        var counts = new (int Right, int Wrong)[drafts.Length];
        foreach (var told in entry.Rows.OrderBy(told => told.Row))
        {
            var marks = Sight.Marks(
                network,
                batch.Views[told.Row],
                drafts.Length,
                member => answers[member]?.Rows[told.Row] ?? [],
                told.Truth,
                batch.Number,
                parameters
            );
            book = book.After(new(batch.Rows[told.Row], batch.Number, marks), parameters);
            Note(drafts, marks, counts, parameters);
        }

        return Settle(state, entry, batch, drafts, answers, book, counts);
    }

    private static (State State, TruthSettlement Settlement) Settle(
        State state,
        TruthEntry entry,
        AskedBatch batch,
        ImmutableArray<Draft> drafts,
        MemberAnswers?[] answers,
        GoldBook book,
        (int Right, int Wrong)[] counts
    )
    {
        var parameters = state.Parameters;
        var network = Network.All[entry.Network];
        var before = state.Networks[entry.Network];
        var goldAsked = before.GoldAsked + entry.Rows.Length;
        var comparison = before.Comparison.For([.. drafts.Select(draft => draft.Name)]);
        for (var member = 0; member < drafts.Length; member++)
        {
            if (answers[member] is not null)
            {
                drafts[member]
                    .Change(membership => membership with { GoldAsked = membership.GoldAsked + entry.Rows.Length });
            }

            BatchSteps.PlayBets(drafts[member], member, book, parameters);
        }

        var slashes = BatchSteps.Slash(drafts, before.Slashes, before.Batches - 1, parameters);
        foreach (var draft in drafts)
        {
            BatchSteps.Eject(draft, parameters);
            BatchSteps.Release(draft, goldAsked);
        }

        BatchSteps.Weigh(drafts, network, comparison, book, parameters);
        var known = batch.Known.AddRange(entry.Rows.Select(told => told.Row)).Sort();
        var after = before with
        {
            Slashes = slashes,
            GoldAsked = goldAsked,
            Comparison = comparison,
            Book = book,
            Recent = before.Recent.Replace(batch, batch with { Known = known }),
        };
        var settled = Draft.Write(state, entry.Network, drafts, 0) with
        {
            Networks = state.Networks.SetItem(entry.Network, after),
        };
        var (left, paidOut) = Exit.PayOut(settled);
        return (left, new(Describe(network, drafts, answers, counts, parameters), paidOut));
    }

    private static AskedBatch? Find(State state, TruthEntry entry) =>
        state.Networks[entry.Network].Recent.FirstOrDefault(batch => batch.Number == entry.Number);

    private static void Note(
        ImmutableArray<Draft> drafts,
        ImmutableArray<GoldMark?> marks,
        (int Right, int Wrong)[] counts,
        Parameters parameters
    )
    {
        for (var member = 0; member < drafts.Length; member++)
        {
            if (marks[member] is not { } mark)
            {
                continue;
            }

            counts[member] = mark.Lost
                ? (counts[member].Right, counts[member].Wrong + 1)
                : (counts[member].Right + 1, counts[member].Wrong);
            drafts[member]
                .Change(before =>
                    before with
                    {
                        GoldAccuracy = Gold.Update(before.GoldAccuracy, [mark.Lost], parameters),
                    }
                );
        }
    }

    private static ImmutableArray<TruthConsequence> Describe(
        Network network,
        ImmutableArray<Draft> drafts,
        MemberAnswers?[] answers,
        (int Right, int Wrong)[] counts,
        Parameters parameters
    ) =>
        [
            .. drafts
                .Select((draft, member) => (Draft: draft, Member: member))
                .Where(entry => answers[entry.Member] is not null)
                .Select(entry => new TruthConsequence(
                    entry.Draft.Name,
                    counts[entry.Member].Right,
                    counts[entry.Member].Wrong,
                    Units.ToMillionths(Electorate.EffectiveWeight(entry.Draft.Membership, network, parameters)),
                    Units.ToMillionths(entry.Draft.Membership.Quality),
                    Units.ToMillionths(entry.Draft.Membership.Originality),
                    entry.Draft.SlashedCents,
                    entry.Draft.Membership.Standing,
                    [.. entry.Draft.Events]
                )),
        ];
}
