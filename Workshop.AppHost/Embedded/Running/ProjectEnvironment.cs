using System.Globalization;

namespace Workshop.AppHost.Embedded.Running;

/// <summary>The variables that a project gets from its host, by Aspire's conventions.</summary>
internal static class ProjectEnvironment
{
    /// <summary>Names a collector in the host's own environment; only then do services hear of one.</summary>
    private const string CollectorVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Passed on as they are where a collector is named.</summary>
    private static readonly string[] OfTheCollector =
    [
        CollectorVariable,
        "OTEL_EXPORTER_OTLP_PROTOCOL",
        "OTEL_EXPORTER_OTLP_HEADERS",
    ];

    /// <summary>Short delays, so that a person who looks sees what has just happened; milliseconds.</summary>
    private static readonly string[] ShortDelays =
    [
        "OTEL_BSP_SCHEDULE_DELAY",
        "OTEL_BLRP_SCHEDULE_DELAY",
        "OTEL_METRIC_EXPORT_INTERVAL",
    ];

    internal static Dictionary<string, EnvironmentValue> Of(ProjectResource project)
    {
        var values = new Dictionary<string, EnvironmentValue>(StringComparer.Ordinal)
        {
            ["ASPNETCORE_ENVIRONMENT"] = Open("Development"),
            ["DOTNET_ENVIRONMENT"] = Open("Development"),
            ["OTEL_SERVICE_NAME"] = Open(project.Name),
            ["OTEL_RESOURCE_ATTRIBUTES"] = Open(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"service.instance.id={project.Name}-{Environment.ProcessId}"
                )
            ),
        };
        if (project.Endpoints.Count > 0)
        {
            values["ASPNETCORE_URLS"] = Open(string.Join(';', project.Endpoints.Select(endpoint => endpoint.Url)));
        }

        AddCollector(values);
        foreach (var (name, value) in project.Environment)
        {
            values[name] = value;
        }

        return values;
    }

    private static void AddCollector(Dictionary<string, EnvironmentValue> values)
    {
        if (string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(CollectorVariable)))
        {
            return;
        }

        foreach (var name in OfTheCollector)
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
            {
                values[name] = new(() => value, name.EndsWith("HEADERS", StringComparison.Ordinal));
            }
        }

        foreach (var name in ShortDelays)
        {
            values[name] = Open("1000");
        }
    }

    private static EnvironmentValue Open(string value) => new(() => value, IsSecret: false);
}
