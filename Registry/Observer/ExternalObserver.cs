using System.Globalization;
using Registry.Conductor;
using Registry.Conductor.StateMachine;

namespace Registry.Observer;

/// <summary>Whom clients are to follow, by what the servers say.</summary>
/// <param name="Primary">The server that takes writes and is followed; null while none does.</param>
/// <param name="Last">The last one that was followed; null before the first.</param>
/// <param name="Alarm">More than one server takes writes, in words; null where all is well.</param>
internal sealed record Choice(ObservedServer? Primary, LastPrimary? Last, string? Alarm);

/// <summary>
/// Where somebody else decides who is primary: what follows from what the servers say, and nothing else. Pure.
/// </summary>
internal static class ExternalObserver
{
    private const string RuleName = "only observed: who is primary is decided outside of the workshop";

    /// <summary>
    /// The primary is the server that takes writes on the highest timeline. Nobody goes back: a server on a lower timeline than
    /// the last primary's, or another one on the same, has missed a promotion and is not followed.
    /// </summary>
    public static Choice Choose(IReadOnlyList<ObservedServer> servers, LastPrimary? last)
    {
        var writing = servers
            .Where(server => server is { Facts.IsWritable: true, Says: not null })
            .OrderByDescending(server => server.Says!.Timeline)
            .ToArray();
        // Where nobody belongs to the cluster of before, it was made anew, and its timelines began anew.
        var known = servers.Any(server =>
            last is null || server.Says is null || IsSame(server.Says.System, last.System)
        )
            ? last
            : null;
        var candidates = writing.Where(server => MayFollow(server, known)).ToArray();
        if (candidates.Length == 0)
        {
            return new(null, last, Alarm(writing, last: known, followed: null));
        }

        var best = candidates[0];
        var isSplit = candidates.Length > 1 && candidates[1].Says!.Timeline == best.Says!.Timeline;
        return isSplit
            ? new(null, last, Alarm(writing, known, followed: null))
            : new(best, new(best.Name, best.Says!.Timeline, best.Says.System), Alarm(writing, known, best));
    }

    /// <summary>
    /// <c>primary</c> is the followed one until it is down or says that it is none; <c>standby</c> one that replays a log.
    /// </summary>
    public static string Role(ObservedServer server, Choice choice) =>
        choice.Primary is { } primary ? RoleBeside(server, primary.Name)
        : choice.Last is { } last && IsSame(server.Name, last.Name) && !server.Facts.IsDown && IsUnheard(server)
            ? "primary"
        : server.Facts.IsStandby ? "standby"
        : "none";

    /// <summary>All that is shown at <c>GET /conductor</c>.</summary>
    public static ConductorView View(ConductorOptions options, IReadOnlyList<ObservedServer> servers, Choice choice)
    {
        var streams = choice.Primary?.Says?.Streams ?? [];
        var standbys = servers
            .Where(server => server.Facts.IsStandby)
            .OrderByDescending(server => StreamOf(server, streams) is { IsWaitedFor: true })
            .ThenBy(server => server.LagBytes ?? long.MaxValue)
            .ToArray();
        var because = NotInSync(options.Mode, choice, standbys);
        var best = standbys.FirstOrDefault();
        return new(
            ModeChange.Word(options.Mode),
            Policy: ConductorOptions.External,
            choice.Last?.Timeline ?? 0,
            Rule: 0,
            choice.Alarm ?? RuleName,
            choice.Primary?.Name,
            best?.Name,
            Armed: because is null,
            CanFence: false,
            Guarantee(options.Mode, choice, best, because),
            best?.LagBytes,
            best?.Lag?.TotalMilliseconds,
            LastFailover: null,
            [],
            InSync: because is null,
            because,
            best?.ReplayBehind?.TotalMilliseconds,
            [.. servers.Select(server => new DiskView(server.Name, server.Facts.FullFor is not null))]
        )
        {
            Conductor = ConductorOptions.External,
            Databases = [.. servers.Select(server => Show(server, choice, streams))],
        };
    }

    private static bool MayFollow(ObservedServer server, LastPrimary? last) =>
        last is null
        || server.Says!.Timeline > last.Timeline
        || (server.Says.Timeline == last.Timeline && IsSame(server.Name, last.Name));

    /// <summary>Said as long as it is so: what is acknowledged on the other server is lost when it follows again.</summary>
    private static string? Alarm(ObservedServer[] writing, LastPrimary? last, ObservedServer? followed)
    {
        var others = writing.Where(server => server != followed).ToArray();
        if (others.Length == 0)
        {
            return null;
        }

        var who = string.Join(
            " and ",
            others.Select(server =>
                string.Create(CultureInfo.InvariantCulture, $"{server.Name} (timeline {server.Says!.Timeline})")
            )
        );
        return followed is not null
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"TWO PRIMARIES: {who} takes writes beside {followed.Name} (timeline {followed.Says!.Timeline}), which is followed"
                )
            : last is null || others.Length > 1
                ? $"TWO PRIMARIES: {who} take writes, and nobody can tell which of them is right; none is followed"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{who} takes writes, but is not after {last.Name} (timeline {last.Timeline}), the last primary; it is not followed"
            );
    }

    private static string RoleBeside(ObservedServer server, string primary) =>
        IsSame(server.Name, primary) ? "primary"
        : server.Facts.IsStandby ? "standby"
        : "none";

    /// <summary>The primary's last word still stands: it has not answered since, and is not down yet.</summary>
    private static bool IsUnheard(ObservedServer server) =>
        server is { Says.IsInRecovery: false, Facts.Reach: not Reach.Answers };

    private static string? NotInSync(StorageMode mode, Choice choice, ObservedServer[] standbys)
    {
        if (choice.Alarm is { } alarm)
        {
            return alarm;
        }

        if (choice.Primary is not { Says: { } says })
        {
            return "no server takes writes";
        }

        var near = standbys.Where(server => server.IsReplayNear).ToArray();
        if (mode is StorageMode.Asynchronous)
        {
            return near.Length > 0 ? null : Behind(standbys);
        }

        var wanted = SyncNames.Parse(says.SyncNames);
        if (wanted.Count == 0)
        {
            return $"writes wait for no standby (synchronous_standby_names of {choice.Primary.Name} is empty)";
        }

        if (says.Streams.Count > 0 && says.Streams.All(stream => stream.State is null))
        {
            return "the account may not see who streams; grant it pg_monitor";
        }

        var waitedFor = says.Streams.Count(stream => stream.IsWaitedFor);
        if (waitedFor < wanted.Count)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"writes wait for {wanted.Count} of the standbys, and {waitedFor} stream"
            );
        }

        var known = standbys.Where(server => StreamOf(server, says.Streams) is { IsWaitedFor: true }).ToArray();
        return known.Length == 0 ? "the standbys that writes wait for are none of the servers that are known here"
            : known.Count(server => server.IsReplayNear) < Math.Min(wanted.Count, known.Length) ? Behind(known)
            : null;
    }

    private static string Behind(ObservedServer[] standbys) =>
        standbys.FirstOrDefault() is { } standby
            ? ConductorView.Behind(standby.Name, standby.Says is { IsReplayPaused: true }, standby.ReplayBehind)
            : "there is no standby that answers";

    private static string Guarantee(StorageMode mode, Choice choice, ObservedServer? best, string? because)
    {
        if (because is not null)
        {
            return mode is StorageMode.Synchronous ? $"RPO 0: not in sync: {because}" : $"RPO: not in sync: {because}";
        }

        if (mode is StorageMode.Asynchronous)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"RPO: the lag, now {best?.LagBytes ?? 0} bytes, {best?.Lag?.TotalMilliseconds ?? 0:0} ms"
            );
        }

        var wanted = SyncNames.Parse(choice.Primary!.Says!.SyncNames);
        return wanted.IsQuorum
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"RPO 0: in sync, any {wanted.Count} of {choice.Primary.Says.Streams.Count(stream => stream.IsWaitedFor)}"
            )
            : "RPO 0: in sync";
    }

    /// <summary>The stream of a standby: by the name that it streams under, else by its name here.</summary>
    private static ObservedStream? StreamOf(ObservedServer server, IReadOnlyList<ObservedStream> streams) =>
        streams.FirstOrDefault(stream => IsSame(stream.Name, server.Says?.StreamName ?? server.Name));

    private static ObservedServerView Show(
        ObservedServer server,
        Choice choice,
        IReadOnlyList<ObservedStream> streams
    ) =>
        new(
            server.Name,
            Role(server, choice),
            server.Facts.Reach is Reach.Answers,
            server.Says?.Timeline,
            server.Facts.IsStandby ? StreamOf(server, streams)?.SyncState : null,
            server.LagBytes,
            server.Lag?.TotalMilliseconds,
            server.ReplayBehind?.TotalMilliseconds
        );

    private static bool IsSame(string one, string other) => string.Equals(one, other, StringComparison.Ordinal);
}
