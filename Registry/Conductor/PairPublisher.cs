using System.Globalization;
using Registry.Conductor.StateMachine;
using Registry.Leases;

namespace Registry.Conductor;

/// <summary>Writes the pair into the registry's own table as <c>shop-db</c>, so that who waits hears at once.</summary>
internal sealed class PairPublisher(ServiceTable table)
{
    /// <summary>The name that clients follow.</summary>
    public const string Service = "shop-db";

    private const string InNoRole = "it answers, and is neither primary nor standby yet";

    private static readonly string NoRole = Word(ServerRole.None);

    /// <summary>States who is who now. The same again is no change.</summary>
    public void Publish(
        Facts facts,
        IEnumerable<(ServerFacts Server, string Address, TimeSpan? Latency)> servers,
        DateTimeOffset now
    ) =>
        Publish(
            facts.Persisted.Term,
            (ModeChange.Word(facts.Mode), ModeChange.Word(facts.Target)),
            servers.Select(one => (one.Server, one.Address, one.Latency, Word(facts.RoleOf(one.Server)))),
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
                    Reason(one.Server, one.Role)
                )),
            ]
        );
    }

    private static string Word(ServerRole role) => role.ToString().ToLowerInvariant();

    /// <summary>Why it gets no requests, in words; null where it does.</summary>
    private static string? Reason(ServerFacts server, string role) =>
        server.Reach switch
        {
            Reach.Answers => string.Equals(role, NoRole, StringComparison.Ordinal) ? InNoRole : null,
            Reach.Starting => "it is starting",
            Reach.Damaged => "cannot read its own files",
            Reach.Refused => "refused the connection",
            _ => string.Create(CultureInfo.InvariantCulture, $"silent for {server.SilentFor.TotalSeconds:0} s"),
        };

    /// <summary>Whether it counts as alive.</summary>
    private static InstanceState State(ServerFacts server) =>
        server.Reach is Reach.Answers ? InstanceState.Live
        : server.IsDown && server.Reach is not Reach.Damaged ? InstanceState.Dead
        : InstanceState.Suspect;
}
