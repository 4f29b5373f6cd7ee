using System.Collections.Immutable;

namespace Consensus.Mechanism;

/// <summary>How a combined answer came about.</summary>
public enum Method
{
    /// <summary>Plain mean: nobody has a history yet, or nobody with weight answered.</summary>
    Average,

    /// <summary>Weighted by stake and accuracy.</summary>
    Weighted,
}

/// <summary>Who may influence a network's answers, and how much, as a batch begins.</summary>
public sealed class Electorate
{
    private readonly ImmutableArray<(string Name, double Influence)> electors;

    private Electorate(ImmutableArray<(string Name, double Influence)> electors) => this.electors = electors;

    /// <summary>
    /// The active members with influence S w; while there is none admitted yet, all on probation with influence 0,
    /// which makes their plain mean the answer.
    /// </summary>
    public static Electorate Of(State state, string network)
    {
        var memberships = Of(state.Members, network).ToArray();
        var founding = !memberships.Any(entry => entry.Membership.Admitted);
        var cap = StakeCap(memberships.Select(entry => entry.Membership), state.Parameters);
        var classCount = Network.All[network].ClassCount;
        return new([
            .. memberships
                .Where(entry => entry.Membership.Standing == (founding ? Standing.Probation : Standing.Active))
                .Select(entry => (entry.Name, Influence(entry.Membership, classCount, cap, state.Parameters))),
        ]);
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
        var votes = new List<(string Name, Vote Vote)>(electors.Length);
        var total = 0.0;
        foreach (var (name, influence) in electors)
        {
            if (
                !string.Equals(name, except, StringComparison.Ordinal)
                && answers.TryGetValue(name, out var answer)
                && !answer.IsEmpty
            )
            {
                votes.Add((name, new(answer, influence)));
                total += influence;
            }
        }

        return total > 0
            ? new(Method.Weighted, [.. votes.Where(entry => entry.Vote.Influence > 0)])
            : new(Method.Average, [.. votes.Select(entry => (entry.Name, entry.Vote with { Influence = 1 }))]);
    }

    private static double Influence(Membership membership, int classCount, long cap, Parameters parameters) =>
        Math.Min(membership.StakeCents, cap) * EffectiveWeight(membership, classCount, parameters);
}

/// <summary>The answers that count for one row.</summary>
/// <param name="Method">Weighted or plain.</param>
/// <param name="Votes">With the name of who gave each, sorted by name.</param>
public sealed record Ballot(Method Method, ImmutableArray<(string Name, Vote Vote)> Votes)
{
    /// <summary>The votes without names.</summary>
    public Vote[] Anonymous() => [.. Votes.Select(entry => entry.Vote)];
}
