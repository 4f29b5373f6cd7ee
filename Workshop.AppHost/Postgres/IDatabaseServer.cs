using Workshop.AppHost.Faults;

namespace Workshop.AppHost.Postgres;

/// <summary>One server of the pair, as a process or in a container.</summary>
internal interface IDatabaseServer : IResourceAnnotation
{
    /// <summary>The resource.</summary>
    IResource Resource { get; }

    /// <summary>The other server of the pair.</summary>
    IDatabaseServer Partner { get; }

    /// <summary>Where faults reach it; null before it was first started.</summary>
    IFaultTarget? Target { get; }

    /// <summary>Keeps it down until it rejoins.</summary>
    Fence Fence { get; }

    /// <summary>Why its last start ended before there was anything to run; null where it did not.</summary>
    string? WhyNotPrepared { get; }

    /// <summary>Whether that was for want of a partner to copy from.</summary>
    bool LacksPartner { get; }

    /// <summary>How its superuser reaches it.</summary>
    Task<string> ConnectionString(CancellationToken ct);

    /// <summary>Why no backup can be made of it, whatever its state; null where one can.</summary>
    string? WhyNoBackup { get; }

    /// <summary>Backs it up; it is a primary that answers.</summary>
    Task<Backup> BackUp(CancellationToken ct);

    /// <summary>
    /// Why no backup can take the place of its data: there is none, or another server has newer data.
    /// </summary>
    string? WhyNoRestore { get; }

    /// <summary>Puts the newest backup in the place of its data. It does not run now.</summary>
    Task<Backup> Restore(CancellationToken ct);

    /// <summary>
    /// It was stopped. Where the storage mode has one server only, the other one keeps no log for it any more.
    /// </summary>
    Task LeavePair(CancellationToken ct);

    /// <summary>
    /// Sees to it that its next start makes it a standby of <see cref="Partner"/>. It does not run now.
    /// </summary>
    Task BecomeStandby(CancellationToken ct);
}

/// <summary>Finds the servers among a model's resources.</summary>
internal static class DatabaseServers
{
    /// <summary>What <paramref name="resource"/> is in the pair, or null.</summary>
    internal static IDatabaseServer? Find(IResource resource) =>
        resource.Annotations.OfType<IDatabaseServer>().FirstOrDefault();
}
