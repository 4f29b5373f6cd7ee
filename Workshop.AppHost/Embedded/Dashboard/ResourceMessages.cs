using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Workshop.AppHost.Embedded.Dashboard.Protocol;
using Workshop.AppHost.Embedded.Inspection;
using Workshop.AppHost.Embedded.Running;

namespace Workshop.AppHost.Embedded.Dashboard;

/// <summary>A resource as Aspire's dashboard wants to be told of it.</summary>
internal static class ResourceMessages
{
    /// <summary>The dashboard shows the text itself where it knows no better.</summary>
    private static readonly Dictionary<ResourceState, (string Text, string Style)> States = new()
    {
        [ResourceState.NotStarted] = ("NotStarted", "info"),
        [ResourceState.Waiting] = ("Waiting", "info"),
        [ResourceState.Starting] = ("Starting", "info"),
        [ResourceState.Running] = ("Running", "success"),
        [ResourceState.Paused] = ("Paused", "warning"),
        [ResourceState.Stopping] = ("Stopping", "info"),
        [ResourceState.Exited] = ("Exited", "info"),
        [ResourceState.Failed] = ("FailedToStart", "error"),
    };

    /// <summary>How each command looks; <c>Question</c> is asked before it is given.</summary>
    private static readonly Dictionary<string, (string Icon, string Description, string? Question)> Commands = new(
        StringComparer.Ordinal
    )
    {
        ["start"] = ("Play", "Start it, and wait until it is healthy", null),
        ["stop"] = ("Stop", "Stop it cleanly", null),
        ["restart"] = ("ArrowCounterclockwise", "Stop it cleanly and start it", null),
        ["kill"] = ("Flash", "End its processes with SIGKILL", "End it with SIGKILL?"),
        ["pause"] = ("Pause", "Stop its processes with SIGSTOP: alive, and silent", null),
        ["resume"] = ("FastForward", "Let its processes go on", null),
        ["rejoin"] = ("BranchFork", "Make it the standby of the server that leads", null),
    };

    /// <summary>Everything of one resource; secrets are masked.</summary>
    /// <param name="runner">The resource.</param>
    /// <param name="createdAt">When the host began.</param>
    internal static Protocol.Resource Of(Runner runner, DateTimeOffset createdAt)
    {
        var view = ResourceView.Of(runner);
        var (state, style) = States[view.State];
        var message = new Protocol.Resource
        {
            Name = view.Name,
            ResourceType = view.Type,
            DisplayName = view.Name,
            Uid = view.Name,
            State = state,
            StateStyle = style,
            CreatedAt = createdAt.ToTimestamp(),
            StartedAt = view.StartedAt?.ToTimestamp(),
        };
        message.Environment.AddRange(
            ResourceView
                .EnvironmentOf(runner)
                .Select(pair => new EnvironmentVariable
                {
                    Name = pair.Key,
                    Value = pair.Value,
                    IsFromSpec = true,
                })
        );
        message.Commands.AddRange(view.Commands.Select(Command));
        message.Properties.AddRange(Properties(view));
        message.Urls.AddRange(view.Endpoints.Select(url => Endpoint(url, view.State)));
        message.HealthReports.AddRange(Reports(view));
        message.Relationships.AddRange(
            runner.WaitsFor.Select(other => new ResourceRelationship { ResourceName = other.Name, Type = "WaitFor" })
        );
        return message;
    }

    private static ResourceCommand Command(string name)
    {
        var (icon, description, question) = Commands[name];
        var command = new ResourceCommand
        {
            Name = name,
            DisplayName = string.Create(CultureInfo.InvariantCulture, $"{char.ToUpperInvariant(name[0])}{name[1..]}"),
            DisplayDescription = description,
            IconName = icon,
            IsHighlighted = name is "start" or "stop" or "kill",
        };
        if (question is not null)
        {
            command.ConfirmationMessage = question;
        }

        return command;
    }

    private static IEnumerable<ResourceProperty> Properties(ResourceView view)
    {
        // The dashboard's "source" column reads a project's path, or else the source.
        yield return Property("project.path", Value.ForString(view.Source));
        yield return Property("resource.source", Value.ForString(view.Source));
        if (view.ProcessId is { } processId)
        {
            yield return Property("executable.pid", Value.ForNumber(processId));
        }

        if (view.ExitCode is { } exitCode)
        {
            yield return Property("resource.exitCode", Value.ForNumber(exitCode));
        }
    }

    private static ResourceProperty Property(string name, Value value) => new() { Name = name, Value = value };

    private static Url Endpoint(string url, ResourceState state)
    {
        var scheme = new Uri(url).Scheme;
        return new()
        {
            EndpointName = scheme,
            FullUrl = url,
            IsInactive = state is not (ResourceState.Running or ResourceState.Starting or ResourceState.Paused),
            DisplayProperties = new() { DisplayName = scheme },
        };
    }

    /// <summary>One report while it is to be healthy; one without a status where nothing was heard yet.</summary>
    private static IEnumerable<HealthReport> Reports(ResourceView view)
    {
        if (view.State is not (ResourceState.Running or ResourceState.Starting or ResourceState.Paused))
        {
            yield break;
        }

        var report = new HealthReport { Key = $"{view.Name}_check" };
        if (view.Health is not ResourceHealth.Unknown)
        {
            report.Status = view.Health is ResourceHealth.Healthy ? HealthStatus.Healthy : HealthStatus.Unhealthy;
        }

        yield return report;
    }
}
