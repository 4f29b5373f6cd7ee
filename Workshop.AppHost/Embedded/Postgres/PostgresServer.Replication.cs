using System.Globalization;

namespace Workshop.AppHost.Embedded.Postgres;

/// <summary>What makes a server the standby of another.</summary>
public sealed partial class PostgresServer
{
    private static readonly TimeSpan StreamLimit = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Makes this server's folder, whatever it held, a fresh copy of a running primary's, ready to start as its standby.
    /// This server must not run.
    /// </summary>
    public async Task CopyFrom(PostgresServer primary, CancellationToken ct)
    {
        var draft = Folder + ".new";
        DataFolder.Delete(draft);
        await using var session = await ServerSession.Open(primary.ConnectionString(), ct);
        await session.MakeSlot(options.Slot, ct);
        await session.BeginBackup(Name, ct);
        await Task.Run(() => DataFolder.Copy(primary.Folder, draft, withLog: false), ct);
        await File.WriteAllTextAsync(Path.Combine(draft, "backup_label"), await session.EndBackup(ct), ct);
        DataFolder.Replace(Folder, draft);
        Follow(primary);
    }

    /// <summary>
    /// Makes this server, which must not run, start as a standby of <paramref name="primary"/> with the data that it
    /// has.
    /// </summary>
    public void Follow(PostgresServer primary) =>
        DataFolder.FollowPrimary(
            Folder,
            string.Create(
                CultureInfo.InvariantCulture,
                $"host=localhost port={primary.Port} user={User} password={options.Password} application_name={Name} connect_timeout=2"
            ),
            options.Slot
        );

    /// <summary>Returns when this server streams from its primary.</summary>
    /// <exception cref="TimeoutException">It does not after 20 s.</exception>
    public async Task WaitUntilStreaming(CancellationToken ct)
    {
        await using var session = await ServerSession.Open(ConnectionString(), ct);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(StreamLimit);
        while (!await session.IsStreaming(ct))
        {
            try
            {
                await Task.Delay(PollInterval, timeout.Token);
            }
            catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
            {
                var limit = StreamLimit.TotalSeconds;
                throw new TimeoutException($"{Name} does not stream from its primary after {limit:0} s: {lastLine}", e);
            }
        }
    }

    /// <summary>
    /// Drops all replication slots of this server, which must be a primary without standbys: each keeps log for one.
    /// </summary>
    public async Task DropSlots(CancellationToken ct)
    {
        await using var session = await ServerSession.Open(ConnectionString(), ct);
        await session.DropSlots(ct);
    }
}
