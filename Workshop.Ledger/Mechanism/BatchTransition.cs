using System.Collections.Immutable;

namespace Workshop.Ledger.Mechanism;

/// <summary>Folds a batch into the state.</summary>
internal static class BatchTransition
{
    /// <summary>Settles a batch: the state after it, and what it meant for each member.</summary>
    internal static (State State, Settlement Settlement) Apply(State state, BatchEntry batch)
    {
        var parameters = state.Parameters;
        var network = Network.All[batch.Network];
        var before = state.Networks[batch.Network];
        var electorate = Electorate.Of(state, batch.Network);
        var drafts = Draft.Of(state, batch.Network);
        var sheet = new Sheet(batch, [.. drafts.Select(draft => draft.Name)], electorate);
        var views = Sight.Views(network, sheet, parameters);
        var comparison = Compare(network, sheet, views, before.Comparison, parameters);
        var book = Judge(network, batch, sheet, views, before.Book, parameters);
        Scoring.Score(network, batch, sheet, drafts, parameters);
        var goldAsked = before.GoldAsked + batch.Gold.Length;
        var slashes = Punish(drafts, before, goldAsked, batch.Gold.Length, book, parameters);
        var paid = BatchSteps.Reward(drafts, network, state.TreasuryCents, parameters);
        foreach (var draft in drafts)
        {
            BatchSteps.Release(draft, goldAsked);
        }

        var number = before.Batches;
        var admissions = before.Admissions.RemoveAll(at => at <= number - parameters.AdmissionWindowBatches);
        var entering = BatchSteps.Admit(drafts, admissions.Length, parameters);
        BatchSteps.Weigh(drafts, network, comparison, book, parameters);
        var after = new NetworkState(number + 1, [.. admissions, .. Enumerable.Repeat(number, entering)], slashes)
        {
            GoldAsked = goldAsked,
            Comparison = comparison,
            Book = book,
            Recent = AskedBatch.Keep(before.Recent, AskedBatch.Of(batch, views), parameters),
            Commitment = batch.Commitment ?? before.Commitment,
        };
        var settled = Draft.Write(state, batch.Network, drafts, paid) with
        {
            Networks = state.Networks.SetItem(batch.Network, after),
            Batches = state.Batches + 1,
        };
        var (left, paidOut) = Exit.PayOut(settled);
        return (left, Settle(network, sheet, drafts, paidOut, parameters));
    }

    /// <summary>What all rows show of who is like whom.</summary>
    private static Comparison Compare(
        Network network,
        Sheet sheet,
        ImmutableArray<RowView> views,
        Comparison before,
        Parameters parameters
    )
    {
        var sights = new List<RowSight>(sheet.Rows);
        for (var row = 0; row < sheet.Rows; row++)
        {
            var at = row;
            var sight = Sight.Of(
                network,
                views[row],
                sheet.Names.Length,
                member => sheet.Answer(member, at),
                parameters
            );
            if (sight is not null)
            {
                sights.Add(sight);
            }
        }

        return before.For(sheet.Names).After(sights, parameters);
    }

    /// <summary>The gold book after the batch's gold rows.</summary>
    private static GoldBook Judge(
        Network network,
        BatchEntry batch,
        Sheet sheet,
        ImmutableArray<RowView> views,
        GoldBook before,
        Parameters parameters
    )
    {
        var book = before.For(sheet.Names);
        foreach (var gold in batch.Gold)
        {
            var marks = Sight.Marks(
                network,
                views[gold.Row],
                sheet.Names.Length,
                member => sheet.Answer(member, gold.Row),
                gold.Truth,
                batch.Number,
                parameters
            );
            book = book.After(new(batch.Rows[gold.Row], batch.Number, marks), parameters);
        }

        return book;
    }

    /// <summary>Bets, slashes, equivocation, absence and ejection.</summary>
    /// <returns>Slashes within the correlation window.</returns>
    private static ImmutableArray<Slash> Punish(
        ImmutableArray<Draft> drafts,
        NetworkState before,
        long goldAsked,
        int goldRows,
        GoldBook book,
        Parameters parameters
    )
    {
        for (var member = 0; member < drafts.Length; member++)
        {
            BatchSteps.Observe(drafts[member], goldRows, parameters);
            BatchSteps.PlayBets(drafts[member], member, book, parameters);
        }

        var number = before.Batches;
        var recent = before.Slashes.RemoveAll(slash => slash.Batch <= number - parameters.CorrelationWindowBatches);
        var slashes = BatchSteps.Slash(drafts, recent, number, parameters);
        foreach (var draft in drafts)
        {
            BatchSteps.PunishEquivocation(draft);
            BatchSteps.PunishAbsence(draft, goldAsked, parameters);
            BatchSteps.Eject(draft, parameters);
        }

        return slashes;
    }

    private static Settlement Settle(
        Network network,
        Sheet sheet,
        ImmutableArray<Draft> drafts,
        ImmutableArray<Payout> paidOut,
        Parameters parameters
    )
    {
        var consensus = ImmutableArray.CreateBuilder<ImmutableArray<long>>(sheet.Rows);
        var answers = new ImmutableArray<long>[sheet.Electorate.Count];
        var votes = new Vote[answers.Length];
        for (var row = 0; row < sheet.Rows; row++)
        {
            sheet.Write(row, answers);
            var cast = votes.AsSpan(0, sheet.Electorate.Cast(answers, Electorate.Nobody, votes, out var method));
            consensus.Add(cast.IsEmpty ? [] : Aggregate.Of(network, method, cast, parameters));
        }

        return new(
            consensus.MoveToImmutable(),
            [
                .. drafts
                    .Where(draft => draft.Score is not null)
                    .Select(draft => Describe(draft, draft.Score!, network, parameters)),
            ],
            paidOut
        );
    }

    private static MemberSettlement Describe(Draft draft, Score score, Network network, Parameters parameters) =>
        new(
            draft.Name,
            score.Answered,
            score.Agreement.Rows,
            score.Agreement.Agreed,
            score.GoldLosses.Count(lost => !lost),
            score.GoldLosses.Count(lost => lost),
            Units.ToMillionths(draft.Membership.Estimate),
            Units.ToMillionths(Electorate.EffectiveWeight(draft.Membership, network, parameters)),
            Units.ToMillionths(draft.Membership.Quality),
            Units.ToMillionths(draft.Membership.Originality),
            draft.PaidCents,
            draft.SlashedCents,
            draft.Membership.Standing,
            [.. draft.Events]
        );
}
