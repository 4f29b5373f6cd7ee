namespace Shop.Web.Redundancy.Runs;

/// <summary>The phases of a fault on the time axis of its run. Pure.</summary>
public static class RunBands
{
    /// <summary>The old primary is silent, and nobody has decided yet.</summary>
    public const string Detect = "detect";

    /// <summary>The old primary is made sure to be dead.</summary>
    public const string Fence = "fence";

    /// <summary>The standby becomes the primary.</summary>
    public const string Promote = "promote";

    /// <summary>The shop's servers find the new primary.</summary>
    public const string Reroute = "re-route";

    /// <summary>There is no standby in sync.</summary>
    public const string NotInSync = "not in sync";

    /// <summary>All of them, in the order in which they follow one another, with what happens in each.</summary>
    public static IReadOnlyList<(string Name, string What)> All { get; } =
    [
        (Detect, "the old primary is silent, until the conductor decides that it is down"),
        (Fence, "the conductor makes sure that it is dead"),
        (Promote, "the standby becomes the primary"),
        (Reroute, "the shop's servers find the new primary"),
        (NotInSync, "no standby has everything: another fault now could lose orders, or stop the shop"),
    ];

    /// <summary>What happens in a band.</summary>
    /// <param name="name">Its name.</param>
    public static string What(string name) =>
        All.First(band => string.Equals(band.Name, name, StringComparison.Ordinal)).What;

    /// <summary>The phases of a failover, and the stretches without a standby in sync.</summary>
    /// <param name="startedAt">When the run began.</param>
    /// <param name="faults">The faults, in the order of time.</param>
    /// <param name="failovers">The failovers, in their order.</param>
    /// <param name="moments">How things stood.</param>
    /// <param name="isObserved">Whether somebody else failed over: then nobody here knows of a fence.</param>
    public static IReadOnlyList<RunBand> Of(
        DateTimeOffset startedAt,
        IReadOnlyList<RunFault> faults,
        IReadOnlyList<Failover> failovers,
        IReadOnlyList<RunMoment> moments,
        bool isObserved
    ) =>
        [
            .. failovers
                .SelectMany(failover => Phases(startedAt, failover))
                .Where(band => !isObserved || band.Name is not Fence),
            .. WithoutStandby(faults.Count > 0 ? faults[0] : null, moments),
        ];

    private static IEnumerable<RunBand> Phases(DateTimeOffset startedAt, Failover failover)
    {
        // It is dated by the new primary's publication, after which only the clients' way is left.
        var published = (failover.At - startedAt).TotalMilliseconds;
        var at = published - (failover.TotalMilliseconds - failover.RerouteMilliseconds);
        foreach (
            var (name, took) in new[]
            {
                (Detect, failover.DetectMilliseconds),
                (Fence, failover.FenceMilliseconds),
                (Promote, failover.PromoteMilliseconds),
                (Reroute, failover.RerouteMilliseconds),
            }
        )
        {
            yield return new(name, at, at + took);
            at += took;
        }
    }

    private static IEnumerable<RunBand> WithoutStandby(RunFault? fault, IReadOnlyList<RunMoment> moments)
    {
        double? since = null;
        foreach (var moment in moments.Where(moment => fault is null || moment.AtMilliseconds >= fault.AtMilliseconds))
        {
            if (moment.InSync is false)
            {
                since ??= moment.AtMilliseconds;
            }
            else if (moment.InSync is true && since is { } from)
            {
                yield return new(NotInSync, from, moment.AtMilliseconds);
                since = null;
            }
        }

        if (since is { } open)
        {
            yield return new(NotInSync, open, moments[^1].AtMilliseconds);
        }
    }
}
