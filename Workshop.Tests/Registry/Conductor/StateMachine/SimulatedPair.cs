using System.Globalization;
using Registry.Conductor.StateMachine;
using Xunit.Sdk;

namespace Workshop.Tests.Registry.Conductor.StateMachine;

/// <summary>
/// A small dumb world of two servers, their replication, and clients that write; it knows what was acknowledged, and throws when
/// a promise is broken.
/// </summary>
internal sealed class SimulatedPair
{
    /// <summary>A connection that hangs is given up by then.</summary>
    private const long SenderTimeout = 3_000;

    private readonly HashSet<int> acknowledged = [];
    private int lastId;
    private int timeline = 1;
    private long? idleSince;

    public SimulatedPair(int seed, StorageMode mode)
    {
        Chance = new(seed);
        First = new(ServerNames.First) { Timeline = 1 };
        Second = new(ServerNames.Second) { Timeline = 1, IsStandby = true };
        First.Run(0);
        if (mode is not StorageMode.Basic)
        {
            Second.Run(0);
        }
    }

    public Random Chance { get; }

    public long Now { get; private set; }

    public SimulatedServer First { get; }

    public SimulatedServer Second { get; }

    /// <summary>The conductor's disk.</summary>
    public PersistedState Disk { get; set; } = PersistedState.None;

    /// <summary>Whom the clients were told to write to.</summary>
    public string? Published { get; set; }

    /// <summary>The last promotion was of a server that was promotable, in synchronous mode.</summary>
    public bool IsPromised { get; set; } = true;

    /// <summary>The standby streams.</summary>
    public bool IsConnected { get; private set; }

    public long ReplicationCutUntil { get; set; }

    public long LagsUntil { get; set; }

    public List<string>? Trace { get; init; }

    public int Acknowledged => acknowledged.Count;

    public SimulatedServer this[string server] => server is ServerNames.First ? First : Second;

    public static DateTimeOffset At(long now) => DateTimeOffset.UnixEpoch.AddMilliseconds(now);

    public SimulatedServer Other(SimulatedServer server) => server == First ? Second : First;

    public void Say(string what) =>
        Trace?.Add(string.Create(CultureInfo.InvariantCulture, $"{Now / 1000.0:0.000} {what}"));

    /// <summary>Some time passes.</summary>
    public void Tick(long length)
    {
        Now += length;
        First.Tick(Now);
        Second.Tick(Now);
        Replicate();
        Write(Published is { } leader ? this[leader] : null, isStray: false);
        Write(Chance.Next(2) == 0 ? First : Second, isStray: true);
        Acknowledge(First);
        Acknowledge(Second);
        First.Observe(this);
        Second.Observe(this);
    }

    /// <summary>Makes a standby a primary.</summary>
    public void Promote(SimulatedServer server)
    {
        if (!server.IsStandby)
        {
            return;
        }

        var other = Other(server);
        Break(
            other.IsRunning && !other.IsStandby,
            $"{server.Name} is promoted while {other.Name} is a primary that lives"
        );
        var lost = acknowledged.Except(server.Log).ToArray();
        Break(IsPromised && lost.Length > 0, $"{server.Name} is promoted without {string.Join(", ", lost)}");
        acknowledged.ExceptWith(lost);
        (server.IsStandby, server.Timeline) = (false, ++timeline);
        Say($"{server.Name} is promoted");
    }

    /// <summary>All that was acknowledged is where it should be.</summary>
    public void Check(SimulatedServer server)
    {
        var lost = acknowledged.Except(server.Log).ToArray();
        Break(lost.Length > 0, $"{server.Name} lacks {string.Join(", ", lost)}");
    }

    public static void Break(bool isBroken, string what)
    {
        if (isBroken)
        {
            throw new XunitException(what);
        }
    }

    public ProbeAnswer Answer(SimulatedServer server)
    {
        var isSender = IsConnected && !server.IsStandby;
        var standby = Other(server);
        return new(
            server.IsStandby,
            server.Log.Count,
            server.ShownWait is not null,
            isSender,
            isSender && string.Equals(server.ShownWait, standby.Name, StringComparison.Ordinal),
            isSender ? standby.Log.Count : null,
            server.IsStandby ? server.Log.Count : null,
            IsCheckpointing: Now < server.CheckpointsUntil
        );
    }

    private void Replicate()
    {
        var standby = First.IsStandby ? First : Second;
        var primary = Other(standby);
        var isThere = primary.IsRunning && standby.IsRunning && standby.IsStandby && !primary.IsStandby;
        var isFlowing = primary.TakesWrites(Now) && standby.Serves(Now) && Now >= ReplicationCutUntil;
        idleSince = isFlowing ? null : idleSince ?? Now;
        IsConnected =
            isThere && (isFlowing ? Follows(standby, primary) : IsConnected && Now - idleSince < SenderTimeout);
        if (IsConnected && isFlowing && Now >= LagsUntil)
        {
            var missing = primary.Log.Count - standby.Log.Count;
            standby.Log.AddRange(primary.Log.Skip(standby.Log.Count).Take(Chance.Next(missing + 1)));
            standby.Timeline = primary.Timeline;
        }
    }

    /// <summary>The standby's log is the beginning of the primary's.</summary>
    private static bool Follows(SimulatedServer standby, SimulatedServer primary) =>
        standby.Log.Count == 0
        || (standby.Log.Count <= primary.Log.Count && primary.Log[standby.Log.Count - 1] == standby.Log[^1]);

    private void Write(SimulatedServer? server, bool isStray)
    {
        if (server is { FullSince: null } && server.TakesWrites(Now) && Chance.Next(isStray ? 8 : 2) == 0)
        {
            server.Log.Add(++lastId);
            server.Waiting.Add((lastId, server.Log.Count, isStray));
        }
    }

    private void Acknowledge(SimulatedServer server)
    {
        if (server.Waiting.Count == 0 || !server.TakesWrites(Now))
        {
            return;
        }

        var waits = server.SessionsWait;
        var standby = Other(server);
        var has =
            waits is null ? int.MaxValue
            : IsConnected && string.Equals(waits, standby.Name, StringComparison.Ordinal) ? standby.Log.Count
            : 0;
        foreach (var (id, place, isStray) in server.Waiting)
        {
            if (place <= has)
            {
                // Who does not ask the registry is promised nothing where a promotion may lose writes.
                Break(
                    server.Timeline < timeline && (!isStray || IsPromised),
                    $"{server.Name}, which was replaced, acknowledges {id}"
                );
                Break(
                    place > standby.Log.Count && IsSaidToWait(server),
                    $"{server.Name} acknowledges {id} alone, though {standby.Name} is promotable"
                );
                if (server.Timeline == timeline)
                {
                    acknowledged.Add(id);
                }
            }
        }

        server.Waiting.RemoveAll(one => one.Place <= has);
    }

    /// <summary>The disk says that the other server may take this one's place, and that nothing is lost by it.</summary>
    private bool IsSaidToWait(SimulatedServer server) =>
        Disk is { Mode: StorageMode.Synchronous, Pending: null }
        && string.Equals(Disk.Primary, server.Name, StringComparison.Ordinal)
        && string.Equals(Disk.Promotable, Other(server).Name, StringComparison.Ordinal);
}
