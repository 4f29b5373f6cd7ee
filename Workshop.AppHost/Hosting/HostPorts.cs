namespace Workshop.AppHost.Hosting;

/// <summary>Ports of the host itself, before the offset.</summary>
internal static class HostPorts
{
    internal const int Dashboard = 18_888;

    /// <summary>Where the dashboard takes telemetry.</summary>
    internal const int Otlp = 18_889;

    /// <summary>Where the dashboard asks for resources.</summary>
    internal const int ResourceService = 18_890;

    /// <summary>Where faults are ordered.</summary>
    internal const int Control = 18_880;

    internal static readonly (string Name, int Port)[] All =
    [
        ("the dashboard", Dashboard),
        ("the dashboard's telemetry", Otlp),
        ("the dashboard's resource service", ResourceService),
        ("the control endpoint", Control),
    ];
}
