namespace Registry.Leases;

/// <summary>The life of a lease as a pure state machine: facts and the time in, the new lease out.</summary>
internal static class LeaseMachine
{
    /// <summary>Good probes in a row after which an instance that was out is in again.</summary>
    public const int GoodProbesToReturn = 2;

    /// <summary>Missed probes in a row after which an instance is dead. One refused connection says as much.</summary>
    public const int MissesToDie = 2;

    private const string WasRefused = "refused the connection";

    private const string RanOut = "its lease ran out";

    private const string HasLeft = "it left";

    /// <summary>How long a lease that ran out is still shown, as dead, before it is forgotten.</summary>
    public static readonly TimeSpan ForgottenAfter = TimeSpan.FromSeconds(60);

    /// <summary>Applies one fact.</summary>
    /// <param name="lease">The lease so far; null for an instance that is not known.</param>
    /// <param name="instance">The instance's name.</param>
    /// <param name="fact">What was seen.</param>
    /// <param name="now">When it was seen.</param>
    /// <returns>The lease now; null when the instance is not known, or forgotten.</returns>
    public static Lease? Apply(Lease? lease, string instance, Fact fact, DateTimeOffset now) =>
        (lease, fact) switch
        {
            (_, Fact.Renewed renewed) when IsNewcomer(lease, renewed) => new(
                instance,
                renewed.Address,
                renewed.Ttl,
                now,
                InstanceState.Live
            ),
            (null, _) => null,
            // Its last probes fail because it has left, and not the other way round.
            ({ State: InstanceState.Draining }, not Fact.Renewed) => Settle(lease, now),
            (_, Fact.Left) => lease with { State = InstanceState.Draining, Reason = HasLeft },
            _ => Settle(Note(lease, fact, now), now),
        };

    /// <summary>
    /// The instances that requests may go to: the live ones, or, when there is none, the suspect ones.
    /// </summary>
    /// <param name="leases">All leases of one service.</param>
    /// <returns>Those to route to; empty when none is alive.</returns>
    public static IReadOnlyList<Lease> Routable(IEnumerable<Lease> leases)
    {
        var alive = leases.ToLookup(lease => lease.State);
        return alive.Contains(InstanceState.Live) ? [.. alive[InstanceState.Live]] : [.. alive[InstanceState.Suspect]];
    }

    /// <summary>
    /// A first registration, one after leaving, or one at another address: the past counts for nothing.
    /// </summary>
    private static bool IsNewcomer(Lease? lease, Fact.Renewed renewed) =>
        lease is null
        || lease.State is InstanceState.Draining
        || !string.Equals(lease.Address, renewed.Address, StringComparison.Ordinal);

    private static Lease Note(Lease lease, Fact fact, DateTimeOffset now) =>
        fact switch
        {
            Fact.Renewed renewed => lease with { RenewedAt = now, Ttl = renewed.Ttl },
            Fact.Answered answered => lease with
            {
                GoodProbes = Math.Min(lease.GoodProbes + 1, GoodProbesToReturn),
                MissedProbes = 0,
                LastProbe = now,
                Latency = answered.Latency,
            },
            Fact.Missed missed => lease with
            {
                GoodProbes = 0,
                MissedProbes = Math.Min(lease.MissedProbes + 1, MissesToDie),
                LastProbe = now,
                Reason = missed.Reason,
            },
            Fact.Refused => lease with
            {
                GoodProbes = 0,
                MissedProbes = MissesToDie,
                LastProbe = now,
                Reason = WasRefused,
            },
            _ => lease,
        };

    private static Lease? Settle(Lease lease, DateTimeOffset now)
    {
        if (lease.State is InstanceState.Draining)
        {
            return now < lease.EndsAt ? lease : null;
        }

        if (now >= lease.EndsAt + ForgottenAfter)
        {
            return null;
        }

        var state =
            now >= lease.EndsAt || lease.MissedProbes >= MissesToDie ? InstanceState.Dead
            : lease.MissedProbes > 0 && lease.State is not InstanceState.Dead ? InstanceState.Suspect
            : lease.GoodProbes >= GoodProbesToReturn ? InstanceState.Live
            : lease.State;
        return lease with
        {
            State = state,
            Reason =
                state is InstanceState.Live ? null
                : now >= lease.EndsAt ? RanOut
                : lease.Reason,
        };
    }
}
