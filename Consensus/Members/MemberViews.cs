using System.Text.Json.Serialization;
using Consensus.Batches;
using Consensus.Ledger;
using Workshop.Ledger.Mechanism;

namespace Consensus.Members;

/// <summary>A member as <c>GET /predictors</c> shows it. Money is in euros.</summary>
/// <param name="Name">Who.</param>
/// <param name="Url">Where it answers.</param>
/// <param name="Protocol"><c>predict</c> or <c>v2</c>.</param>
/// <param name="State">The standing that all memberships share; else that of the one that fares best.</param>
/// <param name="Balance">Stakes and rewards: what it would be paid if it had left.</param>
/// <param name="Stake">What is at risk, over all networks.</param>
/// <param name="Deposited">What it put down, over all networks.</param>
/// <param name="Earned">Rewards, over all networks; kept when it has left.</param>
/// <param name="Slashed">Lost of the deposits; kept when it has left.</param>
/// <param name="PaidOut">Paid when it left.</param>
/// <param name="Weight">Mean of the memberships' weights.</param>
/// <param name="AccuracyEstimate">Mean of the memberships' estimates.</param>
/// <param name="GoldRowsUntilPaidOut">Gold rows that it will still be asked, while exiting.</param>
/// <param name="Memberships">One per network.</param>
internal sealed record MemberView(
    string Name,
    string Url,
    string Protocol,
    string State,
    decimal Balance,
    decimal Stake,
    decimal Deposited,
    decimal Earned,
    decimal Slashed,
    decimal PaidOut,
    double Weight,
    double AccuracyEstimate,
    long? GoldRowsUntilPaidOut,
    IReadOnlyList<MembershipView> Memberships
)
{
    /// <summary>What happened to it, newest first; only where one member is asked for.</summary>
    public IReadOnlyList<HistoryItem>? History { get; init; }

    /// <summary>What lets it leave or move; told once, to whoever registered it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? MemberToken { get; init; }

    /// <summary>Its public key, where it is a witness of the ledger.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Key { get; init; }

    /// <summary>What it answered when it joined, one per network; told with <see cref="MemberToken"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FirstAnswer>? FirstAnswers { get; init; }

    /// <summary>Why it last gave no answer, since the service began; only where one member is asked for.</summary>
    public LastMiss? LastMiss { get; init; }

    /// <summary>
    /// A member, also one that has left. Paying it out empties its memberships, so what it earned and lost is added up from
    /// the blocks.
    /// </summary>
    internal static MemberView Of(Member member, State state, LedgerIndex index)
    {
        var totals = index.TotalsOf(member.Name);
        var memberships = member.Memberships.Select(pair => MembershipView.Of(pair.Key, pair.Value, state)).ToArray();
        var parts = member.Memberships.Values.ToArray();
        return new(
            member.Name,
            member.Url,
            member.Protocol,
            Names.Of(parts.Select(part => part.Standing).MinBy(Rank)),
            Euro.From(member.BalanceCents),
            Euro.From(parts.Sum(part => part.AtRisk ? part.StakeCents : 0)),
            Euro.From(parts.Sum(part => part.DepositCents)),
            Euro.From(totals.EarnedCents),
            Euro.From(totals.SlashedCents),
            Euro.From(member.PaidOutCents),
            memberships.Average(membership => membership.Weight),
            memberships.Average(membership => membership.AccuracyEstimate),
            member.ExitsAtGold is { } at && at > member.GoldAsked ? at - member.GoldAsked : null,
            memberships
        )
        {
            Key = member.Key,
        };
    }

    /// <summary>Active fares best; the others follow in the order of their declaration.</summary>
    private static int Rank(Standing standing) => standing == Standing.Active ? -1 : (int)standing;
}

/// <summary>A membership as the API shows it.</summary>
/// <param name="Network">For example <c>iris</c>.</param>
/// <param name="State">A word of <see cref="Names"/>.</param>
/// <param name="Deposit">Put down.</param>
/// <param name="Stake">Left of it; 0 once it was paid out.</param>
/// <param name="Earned">Rewards; 0 once they were paid out.</param>
/// <param name="Weight">In [0, 1]; 0 without influence.</param>
/// <param name="AccuracyEstimate">Smoothed agreement with the others.</param>
/// <param name="GoldAccuracy">Smoothed accuracy on gold rows.</param>
/// <param name="DeclaredAccuracy">Its own claim; where it starts, until its evaluation is there.</param>
/// <param name="GoldBet">Capital of the bet against the claim; at 10000 it is slashed.</param>
/// <param name="ClaimedSkill">c: how far above chance it claims to be, in [0, 1].</param>
/// <param name="Quality">w: how good its answers are, in (0, 1].</param>
/// <param name="Originality">u: how much of what it says nobody else says, in (0, 1].</param>
/// <param name="SlashLevel">How often it was slashed.</param>
/// <param name="Batches">Batches taken part in.</param>
/// <param name="GoldAsked">Gold rows that it was asked.</param>
/// <param name="GoldRowsUntilReleased">Gold rows that the network will still ask, while jailed.</param>
internal sealed record MembershipView(
    string Network,
    string State,
    decimal Deposit,
    decimal Stake,
    decimal Earned,
    double Weight,
    double AccuracyEstimate,
    double GoldAccuracy,
    double DeclaredAccuracy,
    double GoldBet,
    double ClaimedSkill,
    double Quality,
    double Originality,
    int SlashLevel,
    long Batches,
    long GoldAsked,
    long? GoldRowsUntilReleased
)
{
    internal static MembershipView Of(string network, Membership membership, State state)
    {
        var shape = Workshop.Ledger.Mechanism.Network.All[network];
        return new(
            network,
            Names.Of(membership.Standing),
            Euro.From(membership.DepositCents),
            Euro.From(membership.StakeCents),
            Euro.From(membership.EarnedCents),
            Electorate.EffectiveWeight(membership, shape, state.Parameters),
            membership.Estimate,
            membership.GoldAccuracy,
            membership.ClaimedAccuracy(state.Parameters),
            membership.GoldBet,
            membership.ClaimedSkill(shape, state.Parameters),
            membership.Quality,
            membership.Originality,
            membership.SlashLevel,
            membership.Batches,
            membership.GoldAsked,
            membership.Standing == Standing.Jailed
                ? Math.Max(0, membership.JailedUntilGold - state.Networks[network].GoldAsked)
                : null
        );
    }
}

/// <summary>The words of the contract.</summary>
internal static class Names
{
    internal static string Of(Standing standing) =>
        standing switch
        {
            Standing.Probation => "probation",
            Standing.Active => "active",
            Standing.Jailed => "jailed",
            Standing.Exiting => "exiting",
            Standing.Ejected => "ejected",
            _ => "left",
        };
}
