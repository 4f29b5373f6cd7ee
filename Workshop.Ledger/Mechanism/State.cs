using System.Collections.Immutable;

namespace Workshop.Ledger.Mechanism;

/// <summary>Where a membership stands.</summary>
public enum Standing
{
    /// <summary>Asked and scored, without influence and pay.</summary>
    Probation,

    /// <summary>With influence in proportion to stake and weight.</summary>
    Active,

    /// <summary>Asked and scored, without influence and pay, until some gold rows were asked.</summary>
    Jailed,

    /// <summary>On its way out: without influence and pay, but slashable.</summary>
    Exiting,

    /// <summary>Out for good; what is left of the stake is paid when the member exits.</summary>
    Ejected,

    /// <summary>Paid out.</summary>
    Left,
}

/// <summary>One member's part in one network.</summary>
/// <param name="DepositCents">What was put down.</param>
/// <param name="StakeCents">What is left of the deposit, and at risk.</param>
/// <param name="EarnedCents">Rewards so far; not at risk, not staked.</param>
/// <param name="DeclaredAccuracy">The claim that slashing bets against, in (0, 1]; 0 while it is open.</param>
/// <param name="Estimate">p of the formulas: agreement with the others, smoothed.</param>
/// <param name="GoldAccuracy">Share of gold rows right, smoothed.</param>
/// <param name="Standing">Where it stands.</param>
public sealed record Membership(
    long DepositCents,
    long StakeCents,
    long EarnedCents,
    double DeclaredAccuracy,
    double Estimate,
    double GoldAccuracy,
    Standing Standing
)
{
    /// <summary>Place in the order of registration, which is the order of admission.</summary>
    public long Order { get; init; }

    /// <summary>Batches taken part in.</summary>
    public long Batches { get; init; }

    /// <summary>Gold rows that it was asked, answered or not.</summary>
    public long GoldAsked { get; init; }

    /// <summary>The network's count of gold rows at which jail ends, while jailed.</summary>
    public long JailedUntilGold { get; init; }

    /// <summary>M: the richest bettor's capital on gold rows since the last slash.</summary>
    public double GoldBet { get; init; }

    /// <summary>The last batch whose rows are no evidence any more, since it was slashed by them; -1 for none.</summary>
    public long SlashedAt { get; init; } = -1;

    /// <summary>w: how good its answers are.</summary>
    public double Quality { get; init; } = 1;

    /// <summary>u: how much of what it says nobody else says.</summary>
    public double Originality { get; init; } = 1;

    /// <summary>How often it was slashed.</summary>
    public int SlashLevel { get; init; }

    /// <summary>One bit per batch of the absence window, the newest lowest; 1 is a batch missed.</summary>
    public uint Misses { get; init; }

    /// <summary>
    /// a of the formulas: what the member claims, and as long as that is open the estimate that everybody starts with.
    /// </summary>
    public double ClaimedAccuracy(Parameters parameters) =>
        DeclaredAccuracy > 0 ? DeclaredAccuracy : parameters.EstimateStart;

    /// <summary>c: how far above chance it claims to be, in [0, 1]. A member is believed as far as it vouches.</summary>
    public double ClaimedSkill(Network network, Parameters parameters) =>
        Rewards.AboveChance(ClaimedAccuracy(parameters), Gold.Chance(network, parameters));

    /// <summary>W = c w u, in [0, 1].</summary>
    public double Weight(Network network, Parameters parameters) =>
        ClaimedSkill(network, parameters) * Quality * Originality;

    /// <summary>Whether stake is at risk.</summary>
    public bool AtRisk => Standing is Standing.Probation or Standing.Active or Standing.Jailed or Standing.Exiting;

    /// <summary>Whether it has passed probation and is still there: counts for the admission limit.</summary>
    public bool Admitted => Standing is Standing.Active or Standing.Jailed;
}

/// <summary>A member: a name, an address, and a membership per network.</summary>
/// <param name="Name">Unique for ever, 1-64 characters.</param>
/// <param name="Url">Where it is asked.</param>
/// <param name="Protocol"><c>predict</c> or <c>v2</c>.</param>
/// <param name="Memberships">By network.</param>
/// <param name="ExitsAtGold">Count of gold rows asked at which it is paid out; null while it stays.</param>
/// <param name="PaidOutCents">What it was paid when it left.</param>
public sealed record Member(
    string Name,
    string Url,
    string Protocol,
    ImmutableSortedDictionary<string, Membership> Memberships,
    long? ExitsAtGold,
    long PaidOutCents
)
{
    /// <summary>Its public key, where it is a witness; null where it signs nothing.</summary>
    public string? Key { get; init; }

    /// <summary>Whether a stake of it is at risk in any network.</summary>
    public bool IsAtRisk => Memberships.Values.Any(membership => membership.AtRisk);

    /// <summary>Gold rows that it was asked, over all networks.</summary>
    public long GoldAsked => Memberships.Values.Sum(membership => membership.GoldAsked);

    /// <summary>Stakes and rewards that it would be paid if it had left.</summary>
    public long BalanceCents =>
        Memberships.Values.Sum(membership => checked(membership.StakeCents + membership.EarnedCents));
}

/// <summary>One slash, remembered while it counts towards correlation.</summary>
/// <param name="Batch">Batch number.</param>
/// <param name="Member">Who.</param>
/// <param name="StakeCents">Its stake before the slash.</param>
public sealed record Slash(long Batch, string Member, long StakeCents);

/// <summary>What the mechanism remembers of a network.</summary>
/// <param name="Batches">Batches so far; the next has this number.</param>
/// <param name="Admissions">Batch numbers of the admissions within the window.</param>
/// <param name="Slashes">Slashes within the correlation window.</param>
public sealed record NetworkState(long Batches, ImmutableArray<long> Admissions, ImmutableArray<Slash> Slashes)
{
    /// <summary>Gold rows asked so far, truths told later included.</summary>
    public long GoldAsked { get; init; }

    /// <summary>What all rows have shown.</summary>
    public Comparison Comparison { get; init; } = Comparison.Empty;

    /// <summary>What gold rows have shown.</summary>
    public GoldBook Book { get; init; } = GoldBook.Empty;

    /// <summary>Batches whose truths may still be told, oldest first.</summary>
    public ImmutableArray<AskedBatch> Recent { get; init; } = [];

    /// <summary>SHA-256 of the next batch's seed; null where nobody has committed to one.</summary>
    public string? Commitment { get; init; }

    /// <summary>Before the first batch.</summary>
    public static NetworkState Empty { get; } = new(0, [], []);
}

/// <summary>Everything that follows from a ledger.</summary>
/// <param name="Parameters">What it was written under.</param>
/// <param name="Members">By name.</param>
/// <param name="Networks">By name.</param>
/// <param name="TreasuryCents">What is there to pay rewards with.</param>
/// <param name="DepositedCents">All deposits ever, the treasury's included.</param>
/// <param name="PaidOutCents">All that ever left.</param>
/// <param name="Batches">Batches of all networks.</param>
public sealed record State(
    Parameters Parameters,
    ImmutableSortedDictionary<string, Member> Members,
    ImmutableSortedDictionary<string, NetworkState> Networks,
    long TreasuryCents,
    long DepositedCents,
    long PaidOutCents,
    long Batches
)
{
    /// <summary>An empty ledger's state.</summary>
    public static State Empty { get; } =
        new(
            Parameters.Default,
            ImmutableSortedDictionary.Create<string, Member>(StringComparer.Ordinal),
            Network.All.ToImmutableSortedDictionary(pair => pair.Key, _ => NetworkState.Empty, StringComparer.Ordinal),
            0,
            0,
            0,
            0
        );
}
