using Workshop.AppHost.Embedded.Running;

namespace Workshop.AppHost.Embedded.Inspection;

/// <summary>A resource as the wire shows it.</summary>
internal sealed record ResourceView(
    string Name,
    string Type,
    ResourceState State,
    ResourceHealth Health,
    DateTimeOffset? StartedAt,
    int? ProcessId,
    int? ExitCode,
    string[] Endpoints,
    string Source,
    string[] Commands
)
{
    /// <summary>What is shown in a secret's place.</summary>
    private const string Mask = "●●●●●●●●";

    internal static ResourceView Of(Runner runner) =>
        new(
            runner.Name,
            runner.Type,
            runner.State,
            runner.Health,
            runner.StartedAt,
            runner.ProcessId,
            runner.LastExitCode,
            [.. runner.Resource.Endpoints.Select(endpoint => endpoint.Url)],
            runner.Source,
            [.. runner.Commands]
        );

    /// <summary>The environment of the process, secrets masked.</summary>
    internal static SortedDictionary<string, string> EnvironmentOf(Runner runner) =>
        new(
            runner.ProcessEnvironment.ToDictionary(pair => pair.Key, pair => Show(pair.Value), StringComparer.Ordinal),
            StringComparer.Ordinal
        );

    private static string Show(EnvironmentValue value) => value.IsSecret ? Mask : value.Read();
}

/// <summary>A resource with its environment.</summary>
internal sealed record ResourceDetails(ResourceView Resource, SortedDictionary<string, string> Environment);
