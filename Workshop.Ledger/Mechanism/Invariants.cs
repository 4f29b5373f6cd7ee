namespace Workshop.Ledger.Mechanism;

/// <summary>What holds for every state. Checked before a block is written, and after one is read back.</summary>
public static class Invariants
{
    /// <summary>The first invariant that a state breaks, in words with the numbers; null where all hold.</summary>
    public static string? Violation(State state)
    {
        var balances = 0L;
        foreach (var member in state.Members.Values)
        {
            foreach (var (network, membership) in member.Memberships)
            {
                if (Violation(membership, state.Parameters) is { } violation)
                {
                    return $"{member.Name} on {network}: {violation}";
                }
            }

            balances = checked(balances + member.BalanceCents);
        }

        if (state.TreasuryCents < 0)
        {
            return $"The treasury holds {state.TreasuryCents} cents.";
        }

        return state.DepositedCents == checked(balances + state.TreasuryCents + state.PaidOutCents)
            ? null
            : $"Deposits of {state.DepositedCents} cents are not balances of {balances}, a treasury of "
                + $"{state.TreasuryCents} and {state.PaidOutCents} paid out.";
    }

    private static string? Violation(Membership membership, Parameters parameters) =>
        membership.StakeCents < 0 || membership.StakeCents > membership.DepositCents || membership.EarnedCents < 0
            ? $"a stake of {membership.StakeCents} of {membership.DepositCents} cents."
        : membership.Estimate is not (>= 0 and <= 1) || membership.GoldAccuracy is not (>= 0 and <= 1)
            ? $"an estimate of {membership.Estimate}, a gold accuracy of {membership.GoldAccuracy}."
        : !(membership.GoldBet >= 0 && membership.GoldBet <= parameters.BetThreshold)
            ? $"a bet of {membership.GoldBet}."
        : membership.Quality is not (> 0 and <= 1) || membership.Originality is not (> 0 and <= 1)
            ? $"a quality of {membership.Quality}, an originality of {membership.Originality}."
        : membership.Standing == Standing.Active && membership.StakeCents < parameters.EjectionCents
            ? $"active with {membership.StakeCents} cents."
        : null;
}
