namespace LaboratoryBench.Failover.Outside;

/// <summary>What is done to databases in containers, whoever fails them over.</summary>
internal enum OutsideFault
{
    /// <summary>The primary's container is killed.</summary>
    KillPrimary,

    /// <summary>It hangs.</summary>
    PausePrimary,

    /// <summary>It hears no other container, and clients still reach it.</summary>
    CutPrimary,

    /// <summary>A standby's container is killed.</summary>
    KillStandby,

    /// <summary>It hangs.</summary>
    PauseStandby,

    /// <summary>It hears no other container.</summary>
    CutStandby,

    /// <summary>A member of the manager's own store is killed.</summary>
    KillEtcd,

    /// <summary>It hangs.</summary>
    PauseEtcd,

    /// <summary>It hears no other container.</summary>
    CutEtcd,
}

/// <summary>A fault that was done.</summary>
/// <param name="Kind">What.</param>
/// <param name="At">When, since the start of the run.</param>
/// <param name="Healed">How long until everything was whole again.</param>
internal sealed record OutsideStrike(OutsideFault Kind, TimeSpan At, TimeSpan Healed);

/// <summary>Databases, and a shop on them, to which faults are done.</summary>
internal interface IFaultySide : IAsyncDisposable
{
    /// <summary>In one word.</summary>
    string Name { get; }

    /// <summary>What can be done here.</summary>
    IReadOnlyList<OutsideFault> Kinds { get; }

    /// <summary>Sends to the shop on the storefront's client path.</summary>
    HttpClient Shop { get; }

    /// <summary>Whether another server has to become primary.</summary>
    bool FailsOver(OutsideFault kind);

    /// <summary>Who is primary, and whether all that belongs to it is there and in sync.</summary>
    Task<(string? Primary, bool IsWhole)> State();

    /// <summary>Does the fault.</summary>
    /// <returns>What puts it right again.</returns>
    Task<Func<Task>> Strike(OutsideFault kind);
}
