using Npgsql;

namespace Registry.Conductor;

/// <summary>Looks every two seconds whether the servers' disks have room, on sessions of its own.</summary>
internal sealed class DiskWatch(TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>By then the last word says nothing: the server may have been started on a disk with room.</summary>
    private static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(6);

    private readonly Lock gate = new();
    private readonly Dictionary<string, (long Since, long Seen)> full = new(StringComparer.Ordinal);

    /// <summary>How long the server has had no room; null while it has some, or nobody knows.</summary>
    public TimeSpan? FullFor(string server)
    {
        lock (gate)
        {
            return Since(server) is { } since ? time.GetElapsedTime(since) : null;
        }
    }

    /// <summary>Looks until told to stop.</summary>
    /// <param name="probe">The server; one that is idle is not asked.</param>
    /// <param name="ct">Ends it.</param>
    public async Task Run(ServerProbe probe, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            await Task.Delay(Interval, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (probe.IsIdle)
            {
                continue;
            }

            try
            {
                Note(probe.Server.Name, await probe.Server.HasRoom(ct));
            }
            catch (Exception error)
                when (error is NpgsqlException or TimeoutException or IOException or OperationCanceledException)
            {
                // A server that does not answer says nothing about its disk: the last word stands for a while.
            }
        }
    }

    private void Note(string server, bool hasRoom)
    {
        lock (gate)
        {
            if (hasRoom)
            {
                full.Remove(server);
            }
            else
            {
                var now = time.GetTimestamp();
                full[server] = (Since(server) ?? now, now);
            }
        }
    }

    private long? Since(string server) =>
        full.TryGetValue(server, out var at) && time.GetElapsedTime(at.Seen) < StaleAfter ? at.Since : null;
}
