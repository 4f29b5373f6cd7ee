using Shop.Web.Redundancy.Wires;

namespace Shop.Web.Redundancy;

/// <summary>A fault that is made while buyers buy.</summary>
/// <param name="Id">In forms and files.</param>
/// <param name="Label">For a person.</param>
/// <param name="Command">The host's command, or one of ours; null for none.</param>
/// <param name="Target"><c>primary</c>, <c>standby</c>, a resource's name, or the name of a wire.</param>
/// <param name="Group">What it hits, as a heading.</param>
/// <param name="Needs">Where it makes sense: <c>basic</c>, <c>asynchronous</c>, <c>pair</c>, or null for everywhere.</param>
public sealed record PlannedFault(
    string Id,
    string Label,
    string? Command,
    string? Target,
    string Group = "",
    string? Needs = null
)
{
    /// <summary>Our own command: what the primary writes reaches the standby later.</summary>
    public const string HoldBack = "hold-back";

    /// <summary>Ends <see cref="HoldBack"/>.</summary>
    public const string Release = "release";

    /// <summary>How far the standby is held back.</summary>
    public const int HeldBackMilliseconds = 2000;

    /// <summary>A target: from the conductor to the primary.</summary>
    public const string ConductorWire = "conductor wire";

    /// <summary>A target: from the primary to its standby.</summary>
    public const string PairWire = "pair wire";

    private const string Pair = "pair";

    private const string Network = "the network";

    /// <summary>All of them; the first is none.</summary>
    public static readonly IReadOnlyList<PlannedFault> All =
    [
        new("none", "No fault", Command: null, Target: null),
        .. Of("primary", "the primary database", "primary", needs: null),
        new(
            "switchover",
            "Switch over to the standby, as planned",
            "switchover",
            "primary",
            "the primary database",
            Pair
        ),
        new("backup", "Back up the primary database", "backup", "primary", "the primary database"),
        new("restore", "Restore the newest backup", "restore", "primary", "the primary database", "basic"),
        .. Of("standby", "the standby database", "standby", Pair),
        new(
            HoldBack,
            FormattableString.Invariant($"Hold the standby back by {HeldBackMilliseconds} ms"),
            HoldBack,
            "standby",
            "the standby database",
            "asynchronous"
        ),
        .. Of("server", "shop-api-1", "shop-api-1", needs: null),
        .. Of("server-2", "shop-api-2", "shop-api-2", needs: null),
        .. Of("registry", "the registry", "registry", needs: null),
        new("cut-conductor", "Cut the conductor from the primary", WireFaults.Cut, ConductorWire, Network, Pair),
        new("cut-standby", "Cut the primary from its standby", WireFaults.Cut, PairWire, Network, Pair),
        new("slow-standby", Slowly("Slow the wire to the standby"), WireFaults.Slow, PairWire, Network, Pair),
        new("cut-server-1", "Cut buyers from shop-api-1", WireFaults.Cut, "shop-api-1", Network),
        new("slow-server-1", Slowly("Slow buyers’ wire to shop-api-1"), WireFaults.Slow, "shop-api-1", Network),
        new("break-server-1", "Break buyers’ connections to shop-api-1", WireFaults.Break, "shop-api-1", Network),
    ];

    /// <summary>Whether it is a fault of the network, in one wire.</summary>
    public bool IsOfWire => Group is Network;

    /// <summary>Whether nothing else would end it, so that it ends with its run.</summary>
    public bool EndsWithRun => Back is Release or WireFaults.Mend;

    /// <summary>The command that puts it right; null where nothing has to be.</summary>
    public string? Back =>
        Command switch
        {
            "kill" or "stop" => "start",
            "pause" => "resume",
            HoldBack => Release,
            WireFaults.Cut or WireFaults.Slow => WireFaults.Mend,
            _ => null,
        };

    /// <summary>Finds one by its id.</summary>
    /// <param name="id">As in forms and files.</param>
    public static PlannedFault? Find(string? id) =>
        All.FirstOrDefault(known => string.Equals(known.Id, id, StringComparison.Ordinal));

    /// <summary>Whether it makes sense in a storage mode.</summary>
    /// <param name="mode">The mode; null where nobody knows.</param>
    public bool Fits(string? mode) =>
        Needs switch
        {
            null => true,
            Pair => mode is not "basic",
            _ => mode is null || string.Equals(mode, Needs, StringComparison.Ordinal),
        };

    /// <summary>The resource, or the wire, that it hits just now.</summary>
    /// <param name="situation">Who is what.</param>
    /// <returns>Its name, or null when there is none of that role.</returns>
    public string? Resolve(Situation situation) =>
        IsOfWire ? WireFaults.Resolve(this, situation)
        : Target is "primary" or "standby"
            ? situation.Parts.FirstOrDefault(part => string.Equals(part.Role, Target, StringComparison.Ordinal))?.Name
        : Target;

    private static string Slowly(string what) =>
        FormattableString.Invariant($"{what} by {WireFaults.SlowMilliseconds} ms");

    private static IEnumerable<PlannedFault> Of(string id, string name, string target, string? needs) =>
        [
            new($"kill-{id}", $"Kill {name}", "kill", target, name, needs),
            new($"stop-{id}", $"Stop {name}, as for an update", "stop", target, name, needs),
            new($"pause-{id}", $"Freeze {name}", "pause", target, name, needs),
        ];
}
