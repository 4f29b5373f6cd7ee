namespace Registry.Conductor;

/// <summary>
/// Power over the servers' processes: the AppHost's, or what a test puts in its place.
/// </summary>
internal interface IFence
{
    /// <summary>Ends a server at once, and returns when its processes have been seen dead: that is the proof.</summary>
    /// <exception cref="HttpRequestException">The host cannot be reached, or refuses: there is no proof.</exception>
    /// <exception cref="FenceException">It answered, but the server has not been seen dead.</exception>
    Task Kill(string server, CancellationToken ct);

    /// <summary>Starts a server that does not run, with the data that it has.</summary>
    /// <exception cref="FenceException">
    /// The host is about something else with it: it is no failure, and tried again.
    /// </exception>
    /// <exception cref="HttpRequestException">The host cannot be reached, or refuses.</exception>
    Task Start(string server, CancellationToken ct);

    /// <summary>Makes a server a fresh copy of the primary, and returns when it streams from it.</summary>
    /// <exception cref="HttpRequestException">The host cannot be reached, or refuses.</exception>
    /// <exception cref="FenceException">It is about something else with it, or cannot make copies.</exception>
    Task Rejoin(string server, string primary, CancellationToken ct);

    /// <summary>Whether somebody answers who could do all this.</summary>
    Task<bool> IsThere(CancellationToken ct);

    /// <summary>When the host's last backup was made; null where there is none, or the host does not say.</summary>
    Task<DateTimeOffset?> LastBackup(CancellationToken ct);
}

/// <summary>The host answered, and what was asked for is not so.</summary>
internal sealed class FenceException : Exception
{
    /// <summary>Says what it showed instead.</summary>
    public FenceException(string message)
        : base(message) { }

    /// <summary>Says what it showed instead, and why.</summary>
    public FenceException(string message, Exception innerException)
        : base(message, innerException) { }

    /// <summary>Says nothing more.</summary>
    public FenceException() { }
}
