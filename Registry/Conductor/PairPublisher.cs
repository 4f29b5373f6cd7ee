using System.Globalization;
using Registry.Leases;

namespace Registry.Conductor;

/// <summary>Writes the pair into the registry's own table as <c>shop-db</c>, so that who waits hears at once.</summary>
internal sealed class PairPublisher(ServiceTable table)
{
    /// <summary>The name that clients follow.</summary>
    public const string Service = "shop-db";

    /// <summary>States who is who now. The same again is no change.</summary>
    public void Publish(
        Facts facts,
        IEnumerable<(ServerFacts Server, string Address, TimeSpan? Latency)> servers,
        DateTimeOffset now
    ) =>
        Publish(
            facts.Persisted.Term,
            (ModeChange.Word(facts.Mode), ModeChange.Word(facts.Target)),
            servers.Select(one => (one.Server, one.Address, one.Latency, Role(facts, one.Server))),
            now
        );

    /// <summary>The same of servers whose roles are known.</summary>
    public void Publish(
        long term,
        (string Now, string Next) mode,
        IEnumerable<(ServerFacts Server, string Address, TimeSpan? Latency, string Role)> servers,
        DateTimeOffset now
    )
    {
        var termWord = term.ToString(CultureInfo.InvariantCulture);
        table.Publish(
            Service,
            [
                .. servers.Select(one => new PublishedInstance(
                    one.Server.Name,
                    one.Address,
                    State(one.Server),
                    now - one.Server.SilentFor,
                    one.Latency,
                    new Dictionary<string, string>(StringComparer.Ordinal)
                    {
                        ["role"] = one.Role,
                        ["term"] = termWord,
                        ["mode"] = mode.Now,
                        ["next"] = mode.Next,
                    },
                    Reason(one.Server)
                )),
            ]
        );
    }

    /// <summary>
    /// <c>primary</c> is the persisted state's, until it is down or another is to take its place; <c>standby</c> one that replays
    /// the primary's log; <c>none</c> everything else.
    /// </summary>
    internal static string Role(Facts facts, ServerFacts server)
    {
        var isNamedPrimary = string.Equals(server.Name, facts.Persisted.Primary, StringComparison.Ordinal);
        return isNamedPrimary && !server.IsDown && !facts.IsPrimaryFenced && facts.Persisted.Pending is null ? "primary"
            : !isNamedPrimary && server.IsStandby && !server.IsBusy && !facts.IsPending && !facts.IsRebuildDue
                ? "standby"
            : "none";
    }

    /// <summary>Why it is not alive, in words; null where it is.</summary>
    private static string? Reason(ServerFacts server) =>
        server.Reach switch
        {
            Reach.Answers => null,
            Reach.Starting => "it is starting",
            Reach.Refused => "refused the connection",
            _ => string.Create(CultureInfo.InvariantCulture, $"silent for {server.SilentFor.TotalSeconds:0} s"),
        };

    /// <summary>Whether it counts as alive.</summary>
    private static InstanceState State(ServerFacts server) =>
        server.Reach is Reach.Answers ? InstanceState.Live
        : server.IsDown ? InstanceState.Dead
        : InstanceState.Suspect;
}
