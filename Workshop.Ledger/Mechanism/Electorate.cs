using System.Collections.Immutable;

namespace Workshop.Ledger.Mechanism;

/// <summary>How a combined answer came about.</summary>
public enum Method
{
    /// <summary>Plain mean, stake for stake: nobody has a history yet, or nobody with weight answered.</summary>
    Average,

    /// <summary>Weighted by stake, claim, quality and originality.</summary>
    Weighted,
}

/// <summary>A member whose answer counts.</summary>
/// <param name="Name">Of the member.</param>
/// <param name="StakeCents">S, capped.</param>
/// <param name="Weight">W = c w u, in [0, 1].</param>
/// <param name="Witness">
/// c min(1, 10 w): how far its word counts when the majority is sought. Neither better nor more original members count for
/// more there, so that nobody can win trust first and then judge the others.
/// </param>
public sealed record Elector(string Name, long StakeCents, double Weight, double Witness);

/// <summary>The members that may influence a network's answers, and how much, as a batch begins.</summary>
public sealed class Electorate
{
    /// <summary>Leaves nobody out of a count.</summary>
    internal const int Nobody = -1;

    private readonly ImmutableArray<Elector> electors;

    /// <summary>Whether nobody has a history: weights say nothing yet.</summary>
    private readonly bool isFirst;

    private Electorate(ImmutableArray<Elector> electors, bool isFirst)
    {
        this.electors = electors;
        this.isFirst = isFirst;
    }

    /// <summary>
    /// The active members with S W. While a network has admitted nobody yet, its members on probation count among
    /// themselves. Batch 0 is a plain mean.
    /// </summary>
    public static Electorate Of(State state, string network)
    {
        var memberships = Of(state.Members, network).ToArray();
        var standing = Voting(memberships.Select(entry => entry.Membership));
        var cap = StakeCap(memberships.Select(entry => entry.Membership), state.Parameters);
        var shape = Network.All[network];
        return new(
            [
                .. memberships
                    .Where(entry => entry.Membership.Standing == standing)
                    .Select(entry => new Elector(
                        entry.Name,
                        Math.Min(cap, entry.Membership.StakeCents),
                        entry.Membership.Weight(shape, state.Parameters),
                        entry.Membership.ClaimedSkill(shape, state.Parameters)
                            * Math.Min(1, entry.Membership.Quality / state.Parameters.WitnessQuality)
                    )),
            ],
            state.Networks[network].Batches == 0
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

    /// <summary>The standing that has a vote: active, but probation while nobody was admitted yet.</summary>
    internal static Standing Voting(IEnumerable<Membership> memberships) =>
        memberships.Any(membership => membership.Admitted) ? Standing.Active : Standing.Probation;

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

    /// <summary>Weight that counts now: W while active, else 0.</summary>
    public static double EffectiveWeight(Membership membership, Network network, Parameters parameters) =>
        membership.Standing == Standing.Active ? membership.Weight(network, parameters) : 0;

    /// <summary>The names of all electors, sorted.</summary>
    public IEnumerable<string> Names => electors.Select(elector => elector.Name);

    /// <summary>How many electors there are.</summary>
    public int Count => electors.Length;

    /// <summary>Counts the answers to one row.</summary>
    /// <param name="answers">By member; one that is missing, or empty, is absent.</param>
    /// <returns>Votes sorted by name; none when no elector answered.</returns>
    public Ballot Tally(IReadOnlyDictionary<string, ImmutableArray<long>> answers)
    {
        var aligned = new ImmutableArray<long>[electors.Length];
        for (var index = 0; index < aligned.Length; index++)
        {
            aligned[index] = answers.GetValueOrDefault(electors[index].Name, []);
        }

        var votes = new Vote[electors.Length];
        var places = new int[electors.Length];
        var count = Cast(aligned, Nobody, votes, out var method, places);
        return new(
            method,
            [.. Enumerable.Range(0, count).Select(index => (electors[places[index]].Name, votes[index]))]
        );
    }

    /// <summary>Turns the electors' answers into votes.</summary>
    /// <param name="answers">In the order of the electors; empty for a miss.</param>
    /// <param name="except">An elector whose answer is left out, or <see cref="Nobody"/>.</param>
    /// <param name="votes">Gets them, in the same order; as long as the answers.</param>
    /// <param name="method">Weighted; a plain mean in batch 0, and where nobody with weight answered.</param>
    /// <param name="places">Gets the elector of each vote, where wanted.</param>
    /// <returns>How many votes there are.</returns>
    internal int Cast(
        ReadOnlySpan<ImmutableArray<long>> answers,
        int except,
        Span<Vote> votes,
        out Method method,
        Span<int> places = default
    )
    {
        var total = 0.0;
        for (var index = 0; index < answers.Length; index++)
        {
            total += index == except || answers[index].IsEmpty ? 0 : electors[index].Weight;
        }

        method = isFirst || total <= 0 ? Method.Average : Method.Weighted;
        var count = 0;
        for (var index = 0; index < answers.Length; index++)
        {
            // A mean weighs stakes, not names: one stake under two names must not count twice.
            var weight = method == Method.Average ? 1 : electors[index].Weight;
            if (index == except || answers[index].IsEmpty || weight <= 0)
            {
                continue;
            }

            if (!places.IsEmpty)
            {
                places[count] = index;
            }

            votes[count++] = new(answers[index], electors[index].StakeCents * weight);
        }

        return count;
    }

    /// <summary>
    /// The answers that a majority is sought among, each with the backing in good standing behind it: B min(1, 10 w).
    /// Where nobody has backing, stake for stake.
    /// </summary>
    /// <returns>How many there are.</returns>
    internal int Witnesses(ReadOnlySpan<ImmutableArray<long>> answers, Span<Vote> votes)
    {
        var count = 0;
        for (var index = 0; index < answers.Length; index++)
        {
            if (!answers[index].IsEmpty && electors[index].Witness > 0)
            {
                votes[count++] = new(answers[index], electors[index].StakeCents * electors[index].Witness);
            }
        }

        return count > 0 ? count : Cast(answers, Nobody, votes, out _);
    }
}

/// <summary>The answers that count for one row.</summary>
/// <param name="Method">Weighted or plain.</param>
/// <param name="Votes">With the name of who gave each, sorted by name.</param>
public sealed record Ballot(Method Method, ImmutableArray<(string Name, Vote Vote)> Votes)
{
    /// <summary>The votes without names.</summary>
    public Vote[] Anonymous() => [.. Votes.Select(entry => entry.Vote)];
}
