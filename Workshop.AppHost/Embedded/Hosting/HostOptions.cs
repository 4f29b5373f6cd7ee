using System.Globalization;

namespace Workshop.AppHost.Embedded.Hosting;

/// <summary>How this run of the host differs from another.</summary>
internal sealed record HostOptions
{
    /// <summary>The inspection page's port without an offset, as the Aspire dashboard's.</summary>
    private const int InspectionPortBase = 18888;

    /// <summary>Where Aspire's dashboard attaches, as its launch profiles have it.</summary>
    private const int DashboardPortBase = 18890;

    /// <summary>Names another state folder than the checkout's <c>.workshop</c>.</summary>
    internal const string StateVariable = "WORKSHOP_STATE";

    /// <summary>Holds secrets and each service's data; only the owner may look into it.</summary>
    internal required string StateFolder { get; init; }

    /// <summary>The port of the inspection page and of the commands.</summary>
    internal required int InspectionPort { get; init; }

    /// <summary>The port of Aspire's resource protocol.</summary>
    internal required int DashboardPort { get; init; }

    /// <summary>Forget what earlier runs kept.</summary>
    internal bool Reset { get; init; }

    /// <summary>Keep nothing.</summary>
    internal bool Ephemeral { get; init; }

    /// <summary>Where commands go.</summary>
    internal string InspectionUrl => string.Create(CultureInfo.InvariantCulture, $"http://localhost:{InspectionPort}");

    internal static HostOptions From(IReadOnlyDictionary<string, string?> commandLine, string appHostDirectory)
    {
        var offset = int.TryParse(commandLine.GetValueOrDefault("port-offset"), CultureInfo.InvariantCulture, out var n)
            ? n
            : 0;
        var ephemeral = commandLine.ContainsKey("ephemeral");
        return new()
        {
            Ephemeral = ephemeral,
            Reset = commandLine.ContainsKey("reset"),
            InspectionPort = InspectionPortBase + offset,
            DashboardPort = DashboardPortBase + offset,
            StateFolder =
                ephemeral ? EphemeralFolders.Own()
                : Environment.GetEnvironmentVariable(StateVariable) is { Length: > 0 } folder ? Path.GetFullPath(folder)
                : Path.Combine(Path.GetDirectoryName(appHostDirectory)!, ".workshop"),
        };
    }
}
