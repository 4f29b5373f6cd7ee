using System.Collections.Immutable;

namespace Consensus.Mechanism;

/// <summary>The steps of settling a batch, one small function each, in the order in which they run.</summary>
internal static class BatchSteps
{
    /// <summary>Accuracy estimates, gold accuracies, bets and absence windows move on.</summary>
    internal static void Observe(Draft draft, Parameters parameters)
    {
        if (draft.Score is not { } score)
        {
            return;
        }

        var claimed = draft.Membership.ClaimedAccuracy(parameters);
        draft.Change(before =>
            before with
            {
                Batches = before.Batches + (score.Missed ? 0 : 1),
                Misses = Absence.Shift(before.Misses, score.Missed, parameters),
                Estimate = score.Agreement.Share is { } share
                    ? AccuracyEstimate.Update(before.Estimate, share, parameters)
                    : before.Estimate,
                GoldAccuracy = score.GoldLosses.Aggregate(
                    before.GoldAccuracy,
                    (accuracy, lost) => Gold.Update(accuracy, lost, parameters)
                ),
                GoldBet = Play(before.GoldBet, score.GoldLosses, claimed, parameters),
                DisagreementBet = Play(before.DisagreementBet, score.Agreement.Disagreements, claimed, parameters),
            }
        );
    }

    /// <summary>Members whose claim the truth has refuted lose stake: the more of them at once, the more.</summary>
    internal static ImmutableArray<Slash> Slash(
        IReadOnlyList<Draft> drafts,
        ImmutableArray<Slash> recent,
        long number,
        Parameters parameters
    )
    {
        var refuted = drafts.Where(draft => Bet.IsWon(draft.Membership.GoldBet, parameters)).ToArray();
        var now = refuted.Select(draft => new Slash(number, draft.Name, draft.Membership.StakeCents)).ToArray();
        var slashed = now.Concat(recent)
            .DistinctBy(slash => slash.Member, StringComparer.Ordinal)
            .Sum(slash => slash.StakeCents);
        var atRisk = drafts.Sum(draft => draft.Membership.StakeCents);
        foreach (var draft in refuted)
        {
            var member = draft.Membership;
            var share = Math.Min(1, (double)slashed / atRisk);
            draft.Slash(Slashing.Amount(member.StakeCents, member.SlashLevel, share, drafts.Count, parameters));
            draft.Change(before => before with { SlashLevel = before.SlashLevel + 1, GoldBet = parameters.BetFloor });
            draft.Note("slashed");
        }

        return [.. recent, .. now];
    }

    /// <summary>Two different answers to one row cost the whole stake, for good.</summary>
    internal static void PunishEquivocation(Draft draft)
    {
        if (draft.Score is { Equivocated: true })
        {
            draft.Slash(draft.Membership.StakeCents);
            draft.Note("equivocated", Standing.Ejected);
        }
    }

    /// <summary>
    /// Members that the others have refuted go to jail, all of them or none: none when they and those already there
    /// hold over a third of the stake, for then it may be the majority that lies.
    /// </summary>
    internal static void Jail(IReadOnlyList<Draft> drafts, long number, Parameters parameters)
    {
        var refuted = drafts
            .Where(draft =>
                draft.Membership.Standing == Standing.Active && Bet.IsWon(draft.Membership.DisagreementBet, parameters)
            )
            .ToArray();
        var admitted = drafts.Where(draft => draft.Membership.Admitted).ToArray();
        var jailed = admitted.Where(draft => draft.Membership.Standing == Standing.Jailed).Concat(refuted);
        var limit = parameters.JailedStakeMaximum * admitted.Sum(draft => draft.Membership.StakeCents);
        if (jailed.Sum(draft => draft.Membership.StakeCents) > limit)
        {
            return;
        }

        foreach (var draft in refuted)
        {
            Lock(draft, "jailed", number, parameters);
        }
    }

    /// <summary>Active members that missed over half of the window lose a little and go to jail.</summary>
    internal static void PunishAbsence(Draft draft, long number, Parameters parameters)
    {
        if (draft.Membership.Standing == Standing.Active && Absence.IsTooMuch(draft.Membership.Misses, parameters))
        {
            draft.Slash(Units.ShareOf(draft.Membership.StakeCents, parameters.AbsenceShare));
            Lock(draft, "absent", number, parameters);
        }
    }

    /// <summary>Active members share the pot.</summary>
    /// <returns>Cents paid.</returns>
    internal static long Reward(IReadOnlyList<Draft> drafts, Network network, long treasuryCents, Parameters parameters)
    {
        var cap = Electorate.StakeCap(drafts.Select(draft => draft.Membership), parameters);
        var claims = drafts
            .Where(draft => draft.Membership.Standing == Standing.Active)
            .Select(draft => new Claim(
                draft.Name,
                Math.Min(cap, draft.Membership.StakeCents),
                Quality(draft, network, parameters)
            ))
            .ToArray();
        var shares = Rewards.Share(Math.Min(parameters.PotCents, treasuryCents), claims);
        foreach (var draft in drafts)
        {
            draft.Pay(shares.GetValueOrDefault(draft.Name));
        }

        return shares.Values.Sum();
    }

    /// <summary>Too little left at stake to be believed.</summary>
    internal static void Eject(Draft draft, Parameters parameters)
    {
        if (draft.Membership.AtRisk && draft.Membership.StakeCents < parameters.EjectionCents)
        {
            draft.Note("ejected", Standing.Ejected);
        }
    }

    /// <summary>Jail ends.</summary>
    internal static void Release(Draft draft, long number)
    {
        if (draft.Membership.Standing == Standing.Jailed && draft.Membership.JailedUntil <= number)
        {
            draft.Note("released", Standing.Active);
        }
    }

    /// <summary>Newcomers whose probation is over gain influence, in the order in which they registered.</summary>
    /// <returns>How many.</returns>
    internal static int Admit(IReadOnlyList<Draft> drafts, int withinWindow, Parameters parameters)
    {
        var candidates = drafts
            .Where(draft =>
                draft.Membership.Standing == Standing.Probation
                && draft.Membership.Batches >= parameters.ProbationBatches
            )
            .OrderBy(draft => draft.Membership.Order)
            .ToArray();
        var admitted = drafts.Count(draft => draft.Membership.Admitted);
        var count = Admission.Count(admitted, withinWindow, candidates.Length, parameters);
        foreach (var draft in candidates.Take(count))
        {
            draft.Note("admitted", Standing.Active);
        }

        return count;
    }

    private static double Quality(Draft draft, Network network, Parameters parameters) =>
        draft.Score?.Agreement is { Share: { } share } agreement
            ? Rewards.AboveChance(share, agreement.BestConstant)
                * Rewards.AboveChance(draft.Membership.GoldAccuracy, Gold.Chance(network, parameters))
            : 0;

    private static void Lock(Draft draft, string why, long number, Parameters parameters)
    {
        draft.Change(before =>
            before with
            {
                JailedUntil = number + parameters.JailBatches,
                DisagreementBet = parameters.BetFloor,
                Misses = 0,
            }
        );
        draft.Note(why, Standing.Jailed);
    }

    /// <summary>Capital stops at the threshold: what is won cannot be won twice, and doubles do not overflow.</summary>
    private static double Play(
        double capital,
        IReadOnlyList<bool> losses,
        double declaredAccuracy,
        Parameters parameters
    )
    {
        foreach (var lost in losses)
        {
            capital = Math.Min(parameters.BetThreshold, Bet.Update(capital, lost, declaredAccuracy, parameters));
        }

        return capital;
    }
}
