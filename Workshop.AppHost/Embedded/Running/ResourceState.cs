namespace Workshop.AppHost.Embedded.Running;

/// <summary>Where a resource is in its life.</summary>
internal enum ResourceState
{
    /// <summary>Never started.</summary>
    NotStarted,

    /// <summary>Wants to start, but something that it waits for is not healthy yet.</summary>
    Waiting,

    /// <summary>Its process runs, and has not been healthy yet.</summary>
    Starting,

    /// <summary>Runs, and has been healthy.</summary>
    Running,

    /// <summary>Its processes are stopped by SIGSTOP.</summary>
    Paused,

    /// <summary>Was told to stop.</summary>
    Stopping,

    /// <summary>Its process has ended.</summary>
    Exited,

    /// <summary>Could not be started.</summary>
    Failed,
}

/// <summary>The last answer to the health check.</summary>
internal enum ResourceHealth
{
    /// <summary>It does not run, or has not been asked.</summary>
    Unknown,

    /// <summary>It answered well.</summary>
    Healthy,

    /// <summary>It answered badly, or not in time.</summary>
    Unhealthy,
}
