namespace Shop.Web.Redundancy.Runs;

/// <summary>A confirmed order that is not there.</summary>
/// <param name="Id">The order.</param>
/// <param name="BeganMilliseconds">When its buyer began, since the start of the run.</param>
/// <param name="ConfirmedMilliseconds">When it was confirmed.</param>
/// <param name="Server">The server that confirmed it.</param>
/// <param name="Naive">Whether the buyer was a naive one.</param>
public sealed record LostOrder(
    Guid Id,
    double BeganMilliseconds,
    double ConfirmedMilliseconds,
    string? Server,
    bool Naive
);

/// <summary>What a run lost, and whether a restored backup is why. Pure.</summary>
/// <param name="BackupMilliseconds">When the backup was made; null where that was before the run.</param>
/// <param name="RestoreMilliseconds">When it took the place of the data; null where nothing was restored.</param>
/// <param name="Orders">All of them, in the order in which they were confirmed.</param>
public sealed record RunLosses(double? BackupMilliseconds, double? RestoreMilliseconds, IReadOnlyList<LostOrder> Orders)
{
    /// <summary>Looks at a run.</summary>
    /// <param name="run">The run.</param>
    public static RunLosses Of(RunRecord run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var restore = run.AllFaults.LastOrDefault(fault => fault.Command is "restore")?.AtMilliseconds;
        var backup = run
            .AllFaults.LastOrDefault(fault => fault.Command is "backup" && fault.AtMilliseconds < restore)
            ?.AtMilliseconds;
        var lost = (run.Verdict?.Lost ?? []).Concat(run.Naive?.Verdict.Lost ?? []).ToHashSet();
        return new(
            backup,
            restore,
            [
                .. run
                    .Orders.Where(order => order.OrderId is { } id && lost.Contains(id))
                    .Select(order => new LostOrder(
                        order.OrderId!.Value,
                        order.AtMilliseconds,
                        order.AtMilliseconds + order.LatencyMilliseconds,
                        order.Server,
                        order.Naive
                    ))
                    .OrderBy(order => order.ConfirmedMilliseconds),
            ]
        );
    }
}
