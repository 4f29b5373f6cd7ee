namespace Shop.Web.Redundancy.Runs;

/// <summary>A part of the shop as it stood at a moment of a run.</summary>
/// <param name="Name">The resource's name.</param>
/// <param name="Kind"><c>registry</c>, <c>server</c> or <c>database</c>.</param>
/// <param name="State">As in the picture, for example <c>down</c>.</param>
/// <param name="Role">Of a database, <c>primary</c>, <c>standby</c> or <c>none</c>.</param>
public sealed record RunPart(string Name, string Kind, string State, string? Role)
{
    /// <summary>For a person.</summary>
    public string Words => Role is null or "none" ? State : $"{Role}, {State}";
}

/// <summary>Something that the conductor saw or did during a run.</summary>
/// <param name="AtMilliseconds">Since the start of the run.</param>
/// <param name="Words">In its own words.</param>
public sealed record RunEvent(double AtMilliseconds, string Words)
{
    /// <summary>Most that are kept of a run.</summary>
    private const int Most = 100;

    /// <summary>Those of a run. Pure.</summary>
    /// <param name="startedAt">When it began.</param>
    /// <param name="events">All that the conductor remembers.</param>
    public static IReadOnlyList<RunEvent> Of(DateTimeOffset startedAt, IEnumerable<ConductorEvent> events) =>
        [
            .. events
                .Where(seen => seen.At >= startedAt)
                .OrderBy(seen => seen.At)
                .Take(Most)
                .Select(seen => new RunEvent(
                    Math.Round((seen.At - startedAt).TotalMilliseconds, 1),
                    seen.Detail is { Length: > 0 } detail ? $"{seen.Name}: {detail}" : seen.Name
                )),
        ];
}

/// <summary>A moment of a run at which something changed.</summary>
/// <param name="AtMilliseconds">Since the start of the run.</param>
/// <param name="Words">What changed.</param>
/// <param name="Phase">The phase of the failover that is under way; null for none.</param>
/// <param name="Parts">How each part stands from then on.</param>
/// <param name="InSync">Whether the standby is in sync; null in basic mode, and while nobody knows.</param>
public sealed record ReplayStep(
    double AtMilliseconds,
    string Words,
    string? Phase,
    IReadOnlyList<RunPart> Parts,
    bool? InSync
);

/// <summary>A run told step by step: faults, phases, what the conductor did and how the picture changed. Pure.</summary>
public static class RunReplay
{
    /// <summary>What the laboratory saw a moment before a fault is shown by its next looks, a few of them.</summary>
    private const double LateMilliseconds = 600;

    /// <summary>All steps, in their order.</summary>
    /// <param name="run">The run.</param>
    public static IReadOnlyList<ReplayStep> Of(RunRecord run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return
        [
            .. Told(run)
                .OrderBy(told => told.At)
                .Select(told => new ReplayStep(
                    Math.Round(told.At, 1),
                    told.Words,
                    PhaseAt(run, told.At)?.Name,
                    PartsAt(run, told.At),
                    MomentAt(run, told.At)?.InSync
                )),
        ];
    }

    private static IEnumerable<(double At, string Words)> Told(RunRecord run) =>
        new[] { (0.0, "The first buyer comes.") }
            .Concat(run.AllFaults.Select(fault => (fault.AtMilliseconds, Fault.Done(fault.Command, fault.Target))))
            .Concat(
                run.Bands.Where(band => band.Name is not RunBands.NotInSync)
                    .Select(band => (band.FromMilliseconds, $"{band.Name}: {RunBands.What(band.Name)}."))
            )
            .Concat(
                run.Bands.Where(band => band.Name is RunBands.Reroute)
                    .Select(band => (band.ToMilliseconds, "The shop’s servers have found the new primary."))
            )
            .Concat(
                (run.Events ?? []).Select(seen =>
                    (seen.AtMilliseconds, $"{(run.IsObserved ? "Registry" : "Conductor")}: {seen.Words}")
                )
            )
            .Concat(
                run.Moments.Zip(run.Moments.Skip(1))
                    .Select(pair => (pair.Second.AtMilliseconds, Difference(pair.First, pair.Second)))
                    .Where(change => change.Item2.Length > 0)
            )
            .Append((run.EndMilliseconds, "The last buyer has an answer, or has given up."));

    /// <summary>What is another way than before, in words; empty for nothing that a reader would miss.</summary>
    private static string Difference(RunMoment before, RunMoment after)
    {
        var changed = (after.Parts ?? [])
            .Where(part => !(before.Parts ?? []).Contains(part))
            .Select(part => $"{part.Name} is {part.Words}")
            .ToList();
        if (before.InSync != after.InSync && after.InSync is { } inSync)
        {
            changed.Add(inSync ? "the standby is in sync" : "no standby is in sync");
        }

        return changed.Count == 0 ? "" : $"Seen: {string.Join("; ", changed)}.";
    }

    private static RunMoment? MomentAt(RunRecord run, double at) =>
        run.Moments.LastOrDefault(moment => moment.AtMilliseconds <= at)
        ?? (run.Moments.Count > 0 ? run.Moments[0] : null);

    private static RunBand? PhaseAt(RunRecord run, double at) =>
        run.Bands.FirstOrDefault(band =>
            band.Name is not RunBands.NotInSync && band.FromMilliseconds <= at && at < band.ToMilliseconds
        );

    /// <summary>
    /// How the parts stand: as the laboratory saw them last, but for what it could not have seen yet. A look is a few tenths of a
    /// second old, and a whole failover may be shorter than that.
    /// </summary>
    private static IReadOnlyList<RunPart> PartsAt(RunRecord run, double at)
    {
        var seen = MomentAt(run, at);
        var parts = seen?.Parts ?? [];
        foreach (var fault in run.AllFaults.Where(fault => at >= fault.AtMilliseconds && IsLate(seen, fault, at)))
        {
            if (Fault.StateAfter(fault.Command) is { } state)
            {
                parts = Change(parts, fault.Target, part => part with { State = state });
            }
        }

        foreach (var failover in run.AllFailovers)
        {
            var published = (failover.At - run.StartedAt).TotalMilliseconds;
            var silent = published - (failover.TotalMilliseconds - failover.RerouteMilliseconds);
            var isSeen = string.Equals(seen?.Primary, failover.To, StringComparison.Ordinal);
            if (at >= silent && !isSeen && at < published + LateMilliseconds)
            {
                parts = Change(parts, failover.From, part => part with { State = "down", Role = "none" });
                parts = Change(parts, failover.To, part => part with { Role = at < published ? "standby" : "primary" });
            }
        }

        return parts;
    }

    private static bool IsLate(RunMoment? seen, RunFault fault, double at) =>
        at < fault.AtMilliseconds + LateMilliseconds
        && (seen is null || seen.AtMilliseconds < fault.AtMilliseconds + 1);

    private static IReadOnlyList<RunPart> Change(
        IReadOnlyList<RunPart> parts,
        string? name,
        Func<RunPart, RunPart> change
    ) => [.. parts.Select(part => string.Equals(part.Name, name, StringComparison.Ordinal) ? change(part) : part)];
}
