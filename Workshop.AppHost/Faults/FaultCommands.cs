using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Workshop.AppHost.Postgres;

namespace Workshop.AppHost.Faults;

/// <summary>
/// Faults as buttons of the dashboard. Aspire adds <c>start</c>, <c>stop</c> and <c>restart</c> itself, so they are not
/// added again; the icons' names are FluentUI's.
/// </summary>
internal static class FaultCommands
{
    private const string Reminder = "A fault of the workshop's: nothing that was acknowledged is to be lost.";

    /// <summary>Adds <c>kill</c>, <c>pause</c> and <c>resume</c>.</summary>
    internal static IResourceBuilder<T> WithFaults<T>(this IResourceBuilder<T> resource)
        where T : IResource
    {
        resource.ApplicationBuilder.Services.TryAddSingleton<Readiness>();
        resource.ApplicationBuilder.Services.TryAddSingleton<ResourceFaults>();
        return resource
            .WithCommand(
                "kill",
                "Kill",
                context => Faults(context).Kill(resource.Resource, context.CancellationToken),
                Options(
                    "The process is gone at once, as in a crash.",
                    "DismissCircle",
                    ResourceStates.IsUp,
                    $"Kill {resource.Resource.Name}? {Reminder}"
                )
            )
            .WithCommand(
                "pause",
                "Pause",
                context => Faults(context).Pause(resource.Resource, context.CancellationToken),
                Options("It hangs: it takes connections and answers nothing.", "Pause", state => state is "Running")
            )
            .WithCommand(
                "resume",
                "Resume",
                context => Faults(context).Resume(resource.Resource, context.CancellationToken),
                Options("What hangs goes on.", "Play", state => state is ResourceStates.Paused)
            );
    }

    /// <summary>
    /// Adds what database servers have beyond: <c>fence</c>, <c>unfence</c>, <c>rejoin</c>, <c>switchover</c>.
    /// </summary>
    internal static IResourceBuilder<T> WithDatabaseFaults<T>(this IResourceBuilder<T> resource, IDatabaseServer server)
        where T : IResource
    {
        return resource
            .WithFaults()
            .WithBackups(server)
            .WithCommand(
                "fence",
                "Fence",
                context => Faults(context).Fence(server, CancellationToken.None),
                Options(
                    "Kill it, and keep it down until it rejoins: another server is to take its place.",
                    "LockClosed",
                    _ => true,
                    $"Fence {server.Resource.Name}? It stays down until it rejoins."
                )
            )
            .WithCommand(
                "unfence",
                "Start although fenced",
                context => Faults(context).Unfence(server, context.CancellationToken),
                Options("Only if no other server took its place.", "LockOpen", _ => server.Fence.IsUp)
            )
            .WithCommand(
                "rejoin",
                "Rejoin",
                context => Faults(context).Rejoin(server, context.CancellationToken),
                Options(
                    "Make it a standby of the other server, rewound or copied anew.",
                    "ArrowSync",
                    _ => true,
                    $"Rejoin {server.Resource.Name}? What only it has is given up."
                )
            )
            .WithCommand(
                "switchover",
                "Switch over",
                context => Faults(context).SwitchOver(server, context.CancellationToken),
                Options(
                    "Stop this primary cleanly; the conductor promotes the other.",
                    "ArrowSwap",
                    state => state is "Running"
                )
            );
    }

    private static IResourceBuilder<T> WithBackups<T>(this IResourceBuilder<T> resource, IDatabaseServer server)
        where T : IResource =>
        resource
            .WithCommand(
                "backup",
                "Back up",
                context => Faults(context).BackUp(server, context.CancellationToken),
                Options(
                    "Copies this primary, and the ledger, into the state folder.",
                    "Save",
                    state => state is "Running"
                )
            )
            .WithCommand(
                "restore",
                "Restore",
                context => Faults(context).Restore(server, context.CancellationToken),
                Options(
                    "Puts the newest backup in the place of this server's data.",
                    "ArrowUndo",
                    _ => true,
                    $"Restore {server.Resource.Name}? Every order since the backup is lost."
                )
            );

    private static ResourceFaults Faults(ExecuteCommandContext context) =>
        context.Services.GetRequiredService<ResourceFaults>();

    private static CommandOptions Options(
        string description,
        string icon,
        Func<string?, bool> fits,
        string? question = null
    ) =>
        new()
        {
            Description = description,
            IconName = icon,
            ConfirmationMessage = question,
            // Shown only: a command looks at the state itself.
            UpdateState = context =>
                fits(context.ResourceSnapshot.State?.Text)
                    ? ResourceCommandState.Enabled
                    : ResourceCommandState.Disabled,
        };
}
