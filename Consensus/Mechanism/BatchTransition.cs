using System.Collections.Immutable;

namespace Consensus.Mechanism;

/// <summary>Folds a batch into the state.</summary>
internal static class BatchTransition
{
    /// <summary>Settles a batch: the state after it, and what it meant for each member.</summary>
    internal static (State State, Settlement Settlement) Apply(State state, BatchEntry batch)
    {
        var parameters = state.Parameters;
        var network = Network.All[batch.Network];
        var before = state.Networks[batch.Network];
        var number = before.Batches;
        var electorate = Electorate.Of(state, batch.Network);
        var drafts = Scoring.Of(state, batch, electorate);
        foreach (var draft in drafts)
        {
            BatchSteps.Observe(draft, parameters);
        }

        var recent = before.Slashes.RemoveAll(slash => slash.Batch <= number - parameters.CorrelationWindowBatches);
        var slashes = BatchSteps.Slash(drafts, recent, number, parameters);
        foreach (var draft in drafts)
        {
            BatchSteps.PunishEquivocation(draft);
        }

        BatchSteps.Jail(drafts, number, parameters);
        foreach (var draft in drafts)
        {
            BatchSteps.PunishAbsence(draft, number, parameters);
            BatchSteps.Eject(draft, parameters);
        }

        var paid = BatchSteps.Reward(drafts, network, state.TreasuryCents, parameters);
        foreach (var draft in drafts)
        {
            BatchSteps.Release(draft, number);
        }

        var admissions = before.Admissions.RemoveAll(at => at <= number - parameters.AdmissionWindowBatches);
        var entering = BatchSteps.Admit(drafts, admissions.Length, parameters);
        var after = new NetworkState(number + 1, [.. admissions, .. Enumerable.Repeat(number, entering)], slashes);
        var slashed = drafts.Sum(draft => draft.SlashedCents);
        var settled = state with
        {
            Members = Write(state.Members, batch.Network, drafts),
            Networks = state.Networks.SetItem(batch.Network, after),
            TreasuryCents = checked(state.TreasuryCents - paid + slashed),
            Batches = state.Batches + 1,
        };
        var (left, paidOut) = Exit.PayOut(settled);
        return (left, Settle(batch, network, electorate, drafts, paidOut, parameters));
    }

    private static ImmutableSortedDictionary<string, Member> Write(
        ImmutableSortedDictionary<string, Member> members,
        string network,
        IEnumerable<Draft> drafts
    )
    {
        var written = members.ToBuilder();
        foreach (var draft in drafts)
        {
            var member = members[draft.Name];
            written[draft.Name] = member with { Memberships = member.Memberships.SetItem(network, draft.Membership) };
        }

        return written.ToImmutable();
    }

    private static Settlement Settle(
        BatchEntry batch,
        Network network,
        Electorate electorate,
        IEnumerable<Draft> drafts,
        ImmutableArray<Payout> paidOut,
        Parameters parameters
    ) =>
        new(
            [
                .. Scoring
                    .Rows(batch)
                    .Select(row => electorate.Count(row).Anonymous())
                    .Select(votes =>
                        votes.Length == 0 ? ImmutableArray<long>.Empty : Aggregate.Of(network, votes, parameters)
                    ),
            ],
            [
                .. drafts
                    .Where(draft => draft.Score is not null)
                    .Select(draft => Describe(draft, draft.Score!, network, parameters)),
            ],
            paidOut
        );

    private static MemberSettlement Describe(Draft draft, Score score, Network network, Parameters parameters) =>
        new(
            draft.Name,
            score.Answered,
            score.Agreement.Rows,
            score.Agreement.Agreed,
            score.GoldLosses.Count(lost => !lost),
            score.GoldLosses.Count(lost => lost),
            Units.ToMillionths(draft.Membership.Estimate),
            Units.ToMillionths(Electorate.EffectiveWeight(draft.Membership, network.ClassCount, parameters)),
            draft.PaidCents,
            draft.SlashedCents,
            draft.Membership.Standing,
            [.. draft.Events]
        );
}
