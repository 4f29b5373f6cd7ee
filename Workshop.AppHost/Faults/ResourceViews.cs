using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Workshop.AppHost.Hosting;
using Workshop.AppHost.Postgres;

namespace Workshop.AppHost.Faults;

/// <summary>A resource as the wire shows it.</summary>
internal sealed record ResourceView(
    string Name,
    string Type,
    string State,
    string Health,
    DateTime? StartedAt,
    int? ProcessId,
    int? ExitCode,
    string[] Endpoints,
    string[] Commands
);

/// <summary>A resource with its environment, secrets masked.</summary>
internal sealed record ResourceDetails(ResourceView Resource, SortedDictionary<string, string> Environment);

/// <summary>What is known of the resources that commands reach.</summary>
internal sealed partial class ResourceViews(
    DistributedApplicationModel model,
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    IConfiguration configuration
)
{
    /// <summary>What is shown in a secret's place.</summary>
    private const string Mask = "●●●●●●●●";

    /// <summary>A log is followed from its last lines; who wants all has the dashboard.</summary>
    private const int MaxLogLines = 1000;

    private static readonly string[] CommonCommands = ["start", "stop", "restart", "kill", "pause", "resume"];

    private static readonly string[] DatabaseCommands =
    [
        .. CommonCommands,
        "fence",
        "unfence",
        "rejoin",
        "switchover",
        "backup",
        "restore",
    ];

    internal static string[] CommandsOf(IResource resource) =>
        DatabaseServers.Find(resource) is null ? CommonCommands : DatabaseCommands;

    internal ResourceView[] All() => [.. Shown.Select(Of)];

    internal IResource? Find(string name) =>
        Shown.FirstOrDefault(resource => string.Equals(resource.Name, name, StringComparison.Ordinal));

    internal ResourceView Of(IResource resource)
    {
        var snapshot = SnapshotOf(resource);
        var state = snapshot is null ? null : ResourceStates.Of(snapshot);
        return new(
            resource.Name,
            DatabaseServers.Find(resource) is null ? "Project" : "PostgreSQL",
            ResourceStates.OnWire(state),
            snapshot?.HealthStatus?.ToString() ?? "Unknown",
            snapshot?.StartTimeStamp,
            snapshot is not null && ResourceStates.IsUp(snapshot.State?.Text)
                ? ProcessTarget.ProcessIdOf(snapshot)
                : null,
            snapshot?.ExitCode,
            [.. Endpoints(resource)],
            CommandsOf(resource)
        );
    }

    internal ResourceDetails DetailsOf(IResource resource)
    {
        string[] secrets = [.. Secrets.All.Select(name => configuration[$"Parameters:{name}"]).OfType<string>()];
        var environment = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var variable in SnapshotOf(resource)?.EnvironmentVariables ?? [])
        {
            var value = variable.Value ?? "";
            environment[variable.Name] = Array.Exists(
                secrets,
                secret => value.Contains(secret, StringComparison.Ordinal)
            )
                ? Mask
                : value;
        }

        return new(Of(resource), environment);
    }

    /// <summary>The last lines of a resource's console, without terminal colours.</summary>
    internal async Task<string[]> LogsOf(IResource resource, CancellationToken ct)
    {
        var lines = new List<string>();
        await foreach (var batch in logs.GetAllAsync(resource).WithCancellation(ct))
        {
            lines.AddRange(batch.Select(line => Colours().Replace(line.Content, "")));
        }

        // Each line begins with its time; Aspire hands out its own lines behind the process's.
        return [.. lines.OrderBy(line => line.Split(' ', 2)[0], StringComparer.Ordinal).TakeLast(MaxLogLines)];
    }

    /// <summary>The addresses themselves, not the links to pages under them.</summary>
    private static IEnumerable<string> Endpoints(IResource resource) =>
        resource is IResourceWithEndpoints service
            ? service.GetEndpoints().Where(endpoint => endpoint.IsAllocated).Select(endpoint => endpoint.Url)
            : [];

    private IEnumerable<IResource> Shown =>
        model.Resources.Where(resource => resource is ProjectResource || DatabaseServers.Find(resource) is not null);

    private CustomResourceSnapshot? SnapshotOf(IResource resource) =>
        notifications.TryGetCurrentState(resource.Name, out var current) ? current.Snapshot : null;

    [GeneratedRegex(@"\x1B\[[0-9;]*m", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Colours();
}
