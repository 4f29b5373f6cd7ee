using System.Globalization;
using System.Net;
using Workshop.AppHost.Hosting;

namespace Workshop.AppHost;

/// <summary>Where the pair's databases run.</summary>
internal enum DatabaseKind
{
    /// <summary>As processes of this machine.</summary>
    Native,

    /// <summary>In containers of Docker or Podman.</summary>
    Containers,
}

/// <summary>What a person chooses on the command line, behind <c>--</c>.</summary>
internal sealed record WorkshopOptions
{
    /// <summary>
    /// The kernel takes ports of outgoing connections from here on; a listener there may find its port in use.
    /// </summary>
    private const int FirstOutgoingPort = 32_768;

    /// <summary>The highest of the workshop's ports, the resource service's.</summary>
    private const int HighestPort = 18_890;

    /// <summary>The highest offset that leaves every port below those of outgoing connections.</summary>
    internal const int MaxPortOffset = FirstOutgoingPort - 1 - HighestPort;

    /// <summary>Names another state folder than the checkout's <c>.workshop</c>.</summary>
    internal const string StateVariable = "WORKSHOP_STATE";

    /// <summary>What every choice is and does.</summary>
    internal const string Usage = """
        Usage: dotnet run --project Workshop.AppHost [-- options]

          --storage basic|synchronous|asynchronous   how orders are stored, at the first start (synchronous)
          --policy available|strict                  synchronous mode without its standby: go on, or refuse (available)
          --databases native|containers              PostgreSQL as processes, or under Docker or Podman (native)
          --consensus-replicas N                     processes that keep the ledger together: 1, 3 or 5 (1)
          --registry-replicas N                      processes that name servers and fail over together: 1, 3 or 5 (1)
          --port-offset N                            added to every port (0)
          --lan [ADDRESS]                            let other machines in: listen on this machine's address too
          --reset                                    forget all data and secrets first
          --ephemeral                                keep nothing; runs beside another workshop, with --port-offset
        """;

    /// <summary>Each mode, and the folder that the workshop's text calls it by.</summary>
    private static readonly (string Mode, string Folder)[] Modes =
    [
        ("basic", "Basic_Implementation"),
        ("synchronous", "Synchronous_Mirroring"),
        ("asynchronous", "Asynchronous-Replication"),
    ];

    private static readonly string[] WithValue =
    [
        "storage",
        "policy",
        "databases",
        "consensus-replicas",
        "registry-replicas",
        "port-offset",
    ];

    private static readonly string[] Flags = ["reset", "ephemeral", "help"];

    /// <summary>An option that is a flag, and may have a value.</summary>
    private const string Lan = "lan";

    /// <summary>Words of Aspire's own command line, which are passed on.</summary>
    private static readonly string[] OfAspire =
    [
        "publisher",
        "output-path",
        "operation",
        "step",
        "environment",
        "log-level",
        "include-exception-details",
        "clear-cache",
        "deploy",
    ];

    /// <summary>Sections of Aspire's configuration, of which a value is named as <c>--Section:Key</c>.</summary>
    private static readonly string[] SectionsOfAspire =
    [
        "AppHost",
        "ConnectionStrings",
        "Dashboard",
        "DcpPublisher",
        "Logging",
        "Parameters",
        "Pipeline",
        "Publishing",
    ];

    /// <summary>
    /// <c>basic</c>, <c>synchronous</c> or <c>asynchronous</c>: of the first start, or as it was kept since.
    /// </summary>
    internal string Storage { get; private init; } = "synchronous";

    /// <summary>Whether the command line names the mode; else it is the default.</summary>
    internal bool NamesStorage { get; private init; }

    /// <summary><c>available</c> or <c>strict</c>: what synchronous mode does without its standby.</summary>
    internal string Policy { get; private init; } = "available";

    /// <summary>Where databases run.</summary>
    internal DatabaseKind Databases { get; private init; }

    /// <summary>Processes that keep the ledger together: an odd number.</summary>
    internal int ConsensusReplicas { get; private init; } = 1;

    /// <summary>Processes that are the registry together: an odd number.</summary>
    internal int RegistryReplicas { get; private init; } = 1;

    /// <summary>Added to every port.</summary>
    internal int PortOffset { get; private init; }

    /// <summary>The address at which other machines reach this one; null where only this machine does.</summary>
    internal IPAddress? LanAddress { get; private init; }

    /// <summary>Forget what earlier runs kept.</summary>
    internal bool Reset { get; private init; }

    /// <summary>Keep nothing.</summary>
    internal bool Ephemeral { get; private init; }

    /// <summary>Only say what can be chosen.</summary>
    internal bool Help { get; private init; }

    /// <summary>Holds secrets and each service's data; null for the checkout's own.</summary>
    internal string? StateFolder { get; init; }

    /// <summary>What of the command line is Aspire's.</summary>
    internal IReadOnlyList<string> ForAspire { get; private init; } = [];

    /// <summary>Whether the shop starts on two database servers.</summary>
    internal bool HasStandby => Storage is not "basic";

    /// <summary>Reads <c>--name value</c>, <c>--name=value</c> and flags.</summary>
    /// <exception cref="HostException">
    /// A word is not known, comes twice, or lacks its value; a misspelt choice must not be ignored.
    /// </exception>
    internal static WorkshopOptions Read(IReadOnlyList<string> args)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var forAspire = new List<string>();
        for (var i = 0; i < args.Count; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                throw Unknown(args[i]);
            }

            var (name, value) = Split(args[i]);
            var next =
                i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal) ? args[i + 1] : null;
            if (IsOfAspire(name))
            {
                forAspire.AddRange(value is null && next is not null ? [args[i], args[++i]] : [args[i]]);
                continue;
            }

            if (name is Lan)
            {
                value ??= next is null ? "" : args[++i];
            }
            else if (WithValue.Contains(name, StringComparer.Ordinal))
            {
                value ??= next is null ? null : args[++i];
                value = value is { Length: > 0 } ? value : throw Misuse($"--{name} wants a value.");
            }
            else if (!Flags.Contains(name, StringComparer.Ordinal) || value is not null)
            {
                throw Unknown(args[i]);
            }

            if (!values.TryAdd(name, value ?? "true"))
            {
                throw Misuse($"--{name} comes twice.");
            }
        }

        return new()
        {
            Storage = ReadMode(values.GetValueOrDefault("storage", "synchronous")),
            NamesStorage = values.ContainsKey("storage"),
            Policy = ReadOneOf(values, "policy", "available", "strict"),
            Databases = ReadOneOf(values, "databases", "native", "containers") is "native"
                ? DatabaseKind.Native
                : DatabaseKind.Containers,
            ConsensusReplicas = ReadReplicas(values, "consensus-replicas"),
            RegistryReplicas = ReadReplicas(values, "registry-replicas"),
            PortOffset = ReadOffset(values.GetValueOrDefault("port-offset", "0")),
            LanAddress = values.TryGetValue(Lan, out var address) ? OwnAddress.Read(address) : null,
            Reset = values.ContainsKey("reset"),
            Ephemeral = values.ContainsKey("ephemeral"),
            Help = values.ContainsKey("help"),
            StateFolder = Environment.GetEnvironmentVariable(StateVariable) is { Length: > 0 } folder ? folder : null,
            ForAspire = forAspire,
        };
    }

    /// <summary>The same choices in the storage mode that was kept, which a later start does not change.</summary>
    /// <param name="kept">Null at the first start.</param>
    internal WorkshopOptions InMode(string? kept) =>
        kept is not null && Array.Exists(Modes, mode => Same(kept, mode.Mode)) ? this with { Storage = kept } : this;

    private static HostException Unknown(string word) => Misuse($"{word} is not known; --help lists the options.");

    private static bool IsOfAspire(string name) =>
        OfAspire.Contains(name, StringComparer.Ordinal)
        || SectionsOfAspire.Any(section => name.StartsWith(section + ':', StringComparison.OrdinalIgnoreCase));

    private static (string Name, string? Value) Split(string word)
    {
        var at = word.IndexOf('=', StringComparison.Ordinal);
        return at < 0 ? (word[2..], null) : (word[2..at], word[(at + 1)..]);
    }

    private static string ReadMode(string text) =>
        Array.Find(Modes, mode => Same(text, mode.Mode) || Same(text, mode.Folder)).Mode
        ?? throw Misuse(
            $"--storage {text}: it is one of {string.Join(", ", Modes.Select(mode => $"{mode.Mode} ({mode.Folder})"))}."
        );

    /// <summary>The choice of a name; the first is the default.</summary>
    private static string ReadOneOf(Dictionary<string, string> values, string name, params string[] known)
    {
        var text = values.GetValueOrDefault(name, known[0]);
        return Array.Find(known, word => Same(text, word))
            ?? throw Misuse($"--{name} {text}: it is one of {string.Join(", ", known)}.");
    }

    private static int ReadReplicas(Dictionary<string, string> values, string name) =>
        values.GetValueOrDefault(name, "1") is var text
        && int.TryParse(text, CultureInfo.InvariantCulture, out var count)
        && count is 1 or 3 or 5
            ? count
            : throw Misuse(
                $"--{name} {text}: it is 1, 3 or 5; an even number survives no more than the odd one below it."
            );

    private static int ReadOffset(string text) =>
        int.TryParse(text, CultureInfo.InvariantCulture, out var offset) && offset is >= 0 and <= MaxPortOffset
            ? offset
            : throw Misuse(
                $"--port-offset {text}: it is a number from 0 to {MaxPortOffset}; above, the machine's outgoing connections take ports."
            );

    /// <summary>A choice that makes no sense, said in one sentence.</summary>
    internal static HostException Misuse(string message) => new(message) { ExitCode = HostException.Misuse };

    private static bool Same(string left, string right) =>
        string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
