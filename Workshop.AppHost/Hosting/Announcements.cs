using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Workshop.AppHost.Faults;
using Workshop.AppHost.Postgres;

namespace Workshop.AppHost.Hosting;

/// <summary>
/// What a person reads on the console: each resource as it becomes healthy, each that ends unasked with its last words,
/// and the addresses to open. Where what all else stands on does not start, the run ends.
/// </summary>
internal sealed class Announcements(
    DistributedApplicationModel model,
    ResourceNotificationService notifications,
    ResourceViews views,
    IHostApplicationLifetime lifetime,
    Uri dashboard,
    Uri control,
    LanInvitation? invitation
)
{
    private const int LastWords = 6;

    /// <summary>The last words of what has just ended may still be on their way.</summary>
    private static readonly TimeSpan LogDelay = TimeSpan.FromMilliseconds(300);

    private readonly HashSet<string> healthy = new(StringComparer.Ordinal);
    private readonly HashSet<string> everHealthy = new(StringComparer.Ordinal);
    private readonly HashSet<(string Name, int? Process)> ended = [];
    private readonly long began = Stopwatch.GetTimestamp();

    /// <summary>Whether something did not start that all else waits for.</summary>
    internal bool HasFailed { get; private set; }

    /// <summary>Whether everything was healthy once.</summary>
    internal bool IsComplete { get; private set; }

    /// <summary>Reads what happens until the application stops.</summary>
    internal void Begin() => _ = Run();

    private async Task Run()
    {
        try
        {
            await foreach (var happened in notifications.WatchAsync(lifetime.ApplicationStopping))
            {
                if (happened.Resource is ProjectResource || DatabaseServers.Find(happened.Resource) is not null)
                {
                    await Tell(happened.Resource, happened.Snapshot);
                }
            }
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // The end.
        }
    }

    private async Task Tell(IResource resource, CustomResourceSnapshot snapshot)
    {
        var process = ProcessTarget.ProcessIdOf(snapshot);
        if (
            process is null
            && string.Equals(snapshot.State?.Text, KnownResourceStates.Starting, StringComparison.Ordinal)
        )
        {
            // A container has no number by which the one that ended is told from the next.
            ended.Remove((resource.Name, process));
        }

        if (ResourceStates.IsEnded(snapshot.State?.Text) && !IsDone(resource, snapshot))
        {
            healthy.Remove(resource.Name);
            if (!ended.Contains((resource.Name, process)))
            {
                ended.Add((resource.Name, process));
                await TellEnd(resource, snapshot);
                TellAll();
            }
        }

        // The orchestrator may still say of a process that it runs after it was killed.
        if (IsDone(resource, snapshot) && !ended.Contains((resource.Name, process)) && healthy.Add(resource.Name))
        {
            everHealthy.Add(resource.Name);
            Line($"{resource.Name} is {(IsWaitedForToEnd(resource) ? "done" : "healthy")}");
            TellAll();
        }
    }

    private async Task TellEnd(IResource resource, CustomResourceSnapshot snapshot)
    {
        if (snapshot.ExitCode is ResourceStates.KilledExitCode)
        {
            Line($"{resource.Name} was killed");
            return;
        }

        await Task.Delay(LogDelay, CancellationToken.None);
        var words = await views.LogsOf(resource, CancellationToken.None);
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return;
        }

        // The orchestrator does not know every exit code, and then says -1.
        var how =
            snapshot.ExitCode is { } code and not -1
                ? string.Create(CultureInfo.InvariantCulture, $"it ended with exit code {code}")
            : snapshot.StartTimeStamp is null ? "it could not be started"
            : "it ended with an error";
        var hasStarted = IsComplete || everHealthy.Contains(resource.Name);
        var what = $"{resource.Name} {(hasStarted ? "ended" : "did not start")}: {how}";
        await Console.Error.WriteLineAsync(
            $"{what}. It last said:\n    {string.Join("\n    ", words.TakeLast(LastWords))}"
        );
        if (!hasStarted && IsFoundation(resource))
        {
            await Console.Error.WriteLineAsync("error: all else waits for it, so the start ends here.");
            HasFailed = true;
            lifetime.StopApplication();
        }
    }

    private void TellAll()
    {
        IResource[] missing = [.. Expected.Where(resource => !healthy.Contains(resource.Name))];
        if (IsComplete || HasFailed || !Array.TrueForAll(missing, IsGivenUp))
        {
            return;
        }

        IsComplete = true;
        var what =
            missing.Length == 0
                ? "Everything"
                : $"Everything but {string.Join(", ", missing.Select(resource => resource.Name))}";
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"\n{what} is healthy after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s.\n"
            )
        );
        Address(
            "storefront",
            AddressOf("shop-web"),
            "buy, break things, and see what holds: /redundancy, /predictions"
        );
        Address("API pages", new(AddressOf("shop-web"), "/apis"), "every route of every service, to read and to try");
        Address("dashboard", dashboard, "everything that runs: logs, traces, metrics, faults as buttons");
        Address("faults", new(control, "/resources"), "the same by curl: POST /resources/{name}/{command}");
        Address("registry", AddressOf("registry"), "who serves what, and the conductor of the databases");
        Address("consensus", AddressOf("consensus"), "predictions, members and their ledger");
        if (invitation is not null)
        {
            Console.WriteLine($"\n{invitation.Text(AddressOf("shop-web").Port, AddressOf("consensus").Port)}");
        }

        Console.WriteLine("\nCtrl-C stops everything.");
    }

    /// <summary>Whether a service without which the rest goes on has ended.</summary>
    private bool IsGivenUp(IResource resource) =>
        !IsFoundation(resource) && ended.Any(one => string.Equals(one.Name, resource.Name, StringComparison.Ordinal));

    private IEnumerable<IResource> Expected =>
        model.Resources.Where(resource =>
            (resource is ProjectResource || DatabaseServers.Find(resource) is not null)
            && !resource.Annotations.OfType<ExplicitStartupAnnotation>().Any()
        );

    /// <summary>Whether it is what it should be: healthy, or at its good end where others wait for that.</summary>
    private bool IsDone(IResource resource, CustomResourceSnapshot snapshot) =>
        IsWaitedForToEnd(resource)
            ? string.Equals(snapshot.State?.Text, KnownResourceStates.Finished, StringComparison.Ordinal)
                && snapshot.ExitCode is 0
            : ResourceStates.IsUp(snapshot.State?.Text) && snapshot.HealthStatus is HealthStatus.Healthy;

    private bool IsWaitedForToEnd(IResource resource) =>
        model
            .Resources.SelectMany(waiting => waiting.Annotations.OfType<WaitAnnotation>())
            .Any(wait => wait.Resource == resource && wait.WaitType is WaitType.WaitForCompletion);

    /// <summary>The databases, and what services wait for: without it nobody can buy.</summary>
    private bool IsFoundation(IResource resource) =>
        DatabaseServers.Find(resource) is not null
        || resource.Name.StartsWith(Replicas.Registry, StringComparison.Ordinal)
        || IsWaitedForToEnd(resource);

    private Uri AddressOf(string name) =>
        new(
            (
                (IResourceWithEndpoints)
                    model.Resources.Single(resource => string.Equals(resource.Name, name, StringComparison.Ordinal))
            )
                .GetEndpoint("http")
                .Url
        );

    private void Line(string text) =>
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Stopwatch.GetElapsedTime(began).TotalSeconds, 6:0.0} s  {text}"
            )
        );

    private static void Address(string name, Uri address, string what) =>
        Console.WriteLine($"  {name, -11} {address.OriginalString, -32} {what}{BrowserPorts.Remark(address)}");
}

/// <summary>Adds them.</summary>
internal static class AnnouncementDefaults
{
    internal static void AddAnnouncements(
        this IDistributedApplicationBuilder builder,
        Uri dashboard,
        Uri control,
        LanInvitation? invitation
    )
    {
        builder.Services.AddSingleton(services => new Announcements(
            services.GetRequiredService<DistributedApplicationModel>(),
            services.GetRequiredService<ResourceNotificationService>(),
            services.GetRequiredService<ResourceViews>(),
            services.GetRequiredService<IHostApplicationLifetime>(),
            dashboard,
            control,
            invitation
        ));
        builder.Eventing.Subscribe<BeforeStartEvent>(
            (started, _) =>
            {
                started.Services.GetRequiredService<Announcements>().Begin();
                return Task.CompletedTask;
            }
        );
    }
}
