using System.Collections.Immutable;

namespace Consensus.Mechanism;

/// <summary>How a combined answer came about.</summary>
public enum Method
{
    /// <summary>Mean of equals, stake for stake: nobody has a history yet, or nobody with weight answered.</summary>
    Average,

    /// <summary>Weighted by stake and accuracy.</summary>
    Weighted,
}

/// <summary>Someone whose answer counts.</summary>
/// <param name="Name">Who.</param>
/// <param name="StakeCents">S, capped.</param>
/// <param name="Weight">w, in [0, 1].</param>
public sealed record Elector(string Name, long StakeCents, double Weight);

/// <summary>Who may influence a network's answers, and how much, as a batch begins.</summary>
public sealed class Electorate
{
    private readonly ImmutableArray<Elector> electors;

    /// <summary>Whether nobody has a history: weights say nothing yet.</summary>
    private readonly bool isFirst;

    private Electorate(ImmutableArray<Elector> electors, bool isFirst)
    {
        this.electors = electors;
        this.isFirst = isFirst;
    }

    /// <summary>
    /// The active members with S w. While a network has admitted nobody yet its founders are all on probation: they
    /// count among themselves by what each has shown since batch 0, where all weights are the same.
    /// </summary>
    public static Electorate Of(State state, string network)
    {
        var memberships = Of(state.Members, network).ToArray();
        var founding = !memberships.Any(entry => entry.Membership.Admitted);
        var standing = founding ? Standing.Probation : Standing.Active;
        var voting = memberships.Where(entry => entry.Membership.Standing == standing).ToArray();
        var cap = StakeCap(memberships.Select(entry => entry.Membership), state.Parameters);
        var classCount = Network.All[network].ClassCount;
        return new(
            [
                .. voting.Select(entry => new Elector(
                    entry.Name,
                    Math.Min(cap, entry.Membership.StakeCents),
                    Weight.Of(entry.Membership.Estimate, classCount, state.Parameters)
                )),
            ],
            founding && voting.All(entry => entry.Membership.Batches == 0)
        );
    }

    /// <summary>The memberships of a network, sorted by name.</summary>
    public static IEnumerable<(string Name, Membership Membership)> Of(
        IReadOnlyDictionary<string, Member> members,
        string network
    ) =>
        members
            .Values.Where(member => member.Memberships.ContainsKey(network))
            .Select(member => (member.Name, member.Memberships[network]));

    /// <summary>The most stake that counts: 5 times the median of the admitted members' stakes.</summary>
    public static long StakeCap(IEnumerable<Membership> memberships, Parameters parameters)
    {
        var stakes = memberships
            .Where(membership => membership.Admitted)
            .Select(membership => membership.StakeCents)
            .Order()
            .ToArray();
        return stakes.Length == 0
            ? long.MaxValue
            : (long)(parameters.StakeCapOverMedian * stakes[(stakes.Length - 1) / 2]);
    }

    /// <summary>Weight that counts now: w while active, else 0.</summary>
    public static double EffectiveWeight(Membership membership, int classCount, Parameters parameters) =>
        membership.Standing == Standing.Active ? Weight.Of(membership.Estimate, classCount, parameters) : 0;

    /// <summary>The names of all electors, sorted.</summary>
    public IEnumerable<string> Names => electors.Select(elector => elector.Name);

    /// <summary>Counts the answers to one row.</summary>
    /// <param name="answers">By member; one that is missing, or empty, is absent.</param>
    /// <param name="except">A member whose answer is left out, or null.</param>
    /// <returns>Votes sorted by name; none when no elector answered.</returns>
    public Ballot Count(IReadOnlyDictionary<string, ImmutableArray<long>> answers, string? except = null)
    {
        var voting = new List<(Elector Elector, ImmutableArray<long> Answer)>(electors.Length);
        var total = 0.0;
        foreach (var elector in electors)
        {
            if (
                !string.Equals(elector.Name, except, StringComparison.Ordinal)
                && answers.TryGetValue(elector.Name, out var answer)
                && !answer.IsEmpty
            )
            {
                voting.Add((elector, answer));
                total += elector.Weight;
            }
        }

        // A mean weighs stakes, not names: one stake under two names must not count twice.
        return isFirst || total <= 0
            ? new(Method.Average, [.. voting.Select(vote => Cast(vote.Elector, 1, vote.Answer))])
            : new(
                Method.Weighted,
                [
                    .. voting
                        .Where(vote => vote.Elector.Weight > 0)
                        .Select(vote => Cast(vote.Elector, vote.Elector.Weight, vote.Answer)),
                ]
            );
    }

    private static (string Name, Vote Vote) Cast(Elector elector, double weight, ImmutableArray<long> answer) =>
        (elector.Name, new(answer, elector.StakeCents * weight));
}

/// <summary>The answers that count for one row.</summary>
/// <param name="Method">Weighted or plain.</param>
/// <param name="Votes">With the name of who gave each, sorted by name.</param>
public sealed record Ballot(Method Method, ImmutableArray<(string Name, Vote Vote)> Votes)
{
    /// <summary>The votes without names.</summary>
    public Vote[] Anonymous() => [.. Votes.Select(entry => entry.Vote)];
}
