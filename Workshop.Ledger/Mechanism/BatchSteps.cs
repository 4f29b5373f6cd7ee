using System.Collections.Immutable;

namespace Workshop.Ledger.Mechanism;

/// <summary>The steps of settling a batch, one small function each, in the order in which they run.</summary>
internal static class BatchSteps
{
    /// <summary>Agreement, gold accuracy and the absence window move on.</summary>
    internal static void Observe(Draft draft, int goldRows, Parameters parameters)
    {
        if (draft.Score is not { } score)
        {
            return;
        }

        draft.Change(before =>
            before with
            {
                Batches = before.Batches + (score.Missed ? 0 : 1),
                GoldAsked = before.GoldAsked + goldRows,
                Misses = Absence.Shift(before.Misses, score.Missed, parameters),
                Estimate = score.Agreement.Share is { } share
                    ? AccuracyEstimate.Update(before.Estimate, share, parameters)
                    : before.Estimate,
                GoldAccuracy = Gold.Update(before.GoldAccuracy, score.GoldLosses, parameters),
            }
        );
    }

    /// <summary>The bet against the member's claim, over the rows of the gold book.</summary>
    internal static void PlayBets(Draft draft, int member, GoldBook book, Parameters parameters) =>
        draft.Change(before =>
            before with
            {
                GoldBet = Bet.Evidence(
                    book.Losses(member, before.SlashedAt),
                    before.ClaimedAccuracy(parameters),
                    parameters
                ),
            }
        );

    /// <summary>Members whose claim the truth has refuted lose stake: the more of them at once, the more.</summary>
    /// <param name="drafts">All members at risk.</param>
    /// <param name="recent">Slashes that still count as one event with these.</param>
    /// <param name="number">The last batch whose rows are evidence; they are none any more for a slashed member.</param>
    /// <param name="parameters">Shares and correlation.</param>
    internal static ImmutableArray<Slash> Slash(
        IReadOnlyList<Draft> drafts,
        ImmutableArray<Slash> recent,
        long number,
        Parameters parameters
    )
    {
        var refuted = drafts.Where(draft => Bet.IsWon(draft.Membership.GoldBet, parameters)).ToArray();
        if (refuted.Length == 0)
        {
            return recent;
        }

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
            draft.Change(before =>
                before with
                {
                    SlashLevel = before.SlashLevel + 1,
                    SlashedAt = number,
                    GoldBet = Bet.Start(parameters),
                }
            );
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

    /// <summary>Active members that missed over half of the window lose a little and go to jail.</summary>
    /// <param name="draft">The member.</param>
    /// <param name="goldAsked">Gold rows that the network has asked so far.</param>
    /// <param name="parameters">Window, share, and how long jail lasts.</param>
    internal static void PunishAbsence(Draft draft, long goldAsked, Parameters parameters)
    {
        if (draft.Membership.Standing == Standing.Active && Absence.IsTooMuch(draft.Membership.Misses, parameters))
        {
            draft.Slash(Units.ShareOf(draft.Membership.StakeCents, parameters.AbsenceShare));
            draft.Change(before => before with { JailedUntilGold = goldAsked + parameters.JailGoldRows, Misses = 0 });
            draft.Note("absent", Standing.Jailed);
        }
    }

    /// <summary>Active members share the pot by S W q.</summary>
    /// <returns>Cents paid.</returns>
    internal static long Reward(IReadOnlyList<Draft> drafts, Network network, long treasuryCents, Parameters parameters)
    {
        var cap = Electorate.StakeCap(drafts.Select(draft => draft.Membership), parameters);
        var claims = new List<Claim>(drafts.Count);
        foreach (var draft in drafts)
        {
            if (draft.Membership.Standing == Standing.Active)
            {
                var stake = Math.Min(cap, draft.Membership.StakeCents);
                claims.Add(new(draft.Name, stake, Merit(draft, network, parameters)));
            }
        }

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
    internal static void Release(Draft draft, long goldAsked)
    {
        if (draft.Membership.Standing == Standing.Jailed && draft.Membership.JailedUntilGold <= goldAsked)
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
                && draft.Membership.GoldAsked >= parameters.ProbationGoldRows
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

    /// <summary>What everybody's word counts from now on.</summary>
    internal static void Weigh(
        IReadOnlyList<Draft> drafts,
        Network network,
        Comparison comparison,
        GoldBook book,
        Parameters parameters
    )
    {
        var standing = Electorate.Voting(drafts.Select(draft => draft.Membership));
        var cap = Electorate.StakeCap(drafts.Select(draft => draft.Membership), parameters);
        var candidates = new Candidate[drafts.Count];
        for (var index = 0; index < candidates.Length; index++)
        {
            var membership = drafts[index].Membership;
            var stake = membership.AtRisk ? Math.Min(cap, membership.StakeCents) : 0;
            candidates[index] = new(
                stake * membership.ClaimedSkill(network, parameters),
                membership.Standing == standing
            );
        }

        var worths = Worth.Of(candidates, comparison, book, parameters);
        for (var index = 0; index < candidates.Length; index++)
        {
            var worth = worths[index];
            drafts[index].Change(before => before with { Quality = worth.Quality, Originality = worth.Originality });
        }
    }

    /// <summary>W q: what was right, and only once, however many say it.</summary>
    private static double Merit(Draft draft, Network network, Parameters parameters) =>
        draft.Score?.Agreement is { Share: { } share } agreement
            ? draft.Membership.Weight(network, parameters)
                * Rewards.AboveChance(share, agreement.BestConstant)
                * Rewards.AboveChance(draft.Membership.GoldAccuracy, Gold.Chance(network, parameters))
            : 0;
}
