using System.Runtime.InteropServices;
using Workshop.AppHost.Embedded.Inspection;
using Workshop.AppHost.Embedded.Postgres;
using Workshop.AppHost.Embedded.Running;

namespace Workshop.AppHost.Embedded.Hosting;

/// <summary>Runs an application model on this machine, from the first process to the last.</summary>
internal static class EmbeddedHost
{
    private const int ExitCodeOfFailure = 1;

    /// <summary>As a shell reports a command that was ended by Ctrl-C.</summary>
    private const int ExitCodeOfInterrupt = 130;

    /// <summary>Runs until told to stop.</summary>
    /// <returns>The process's exit code: 0 after a run that was stopped, another where the start failed.</returns>
    internal static async Task<int> Run(IReadOnlyList<Resource> resources, HostOptions options, CancellationToken ct)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        try
        {
            await RunUntil(resources, options, stopping.Token);
            return 0;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            Console.WriteLine("Interrupted while starting; everything is stopped.");
            return ExitCodeOfInterrupt;
        }
        catch (Exception e) when (e is HostException or WrongStateException)
        {
            await Console.Error.WriteLineAsync($"error: {e.Message}");
            return ExitCodeOfFailure;
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stopping.Cancel();
        }
    }

    private static async Task RunUntil(IReadOnlyList<Resource> resources, HostOptions options, CancellationToken stop)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new HostException(
                "The embedded host runs on Linux (on Windows: in WSL). Elsewhere run the workshop on Aspire, with Docker: "
                    + "dotnet run --project Workshop.AppHost -p:UseAspire=true"
            );
        }

        EphemeralFolders.RemoveAbandoned();
        using var state = StateFolder.Open(options);
        Ports.RequireFree([
            ("the inspection page", options.InspectionPort),
            ("the resource service for Aspire's dashboard", options.DashboardPort),
            .. resources.SelectMany(resource => resource.Endpoints.Select(endpoint => (resource.Name, endpoint.Port))),
        ]);

        var time = TimeProvider.System;
        using var http = new HttpClient();
        var installation = await FindPostgres(resources, stop);
        await using var supervisor = new Supervisor(
            Runners(resources, state, installation, http, time),
            Console.WriteLine
        );
        await using var inspection = await InspectionServer.Start(supervisor, options, stop);
        try
        {
            var began = time.GetTimestamp();
            await supervisor.Start(time, stop);
            Announce(resources, options, time.GetElapsedTime(began));
            await UntilCancelled(stop);
            Console.WriteLine("Stopping…");
        }
        finally
        {
            await supervisor.Stop();
        }
    }

    private static async Task<PostgresInstallation?> FindPostgres(
        IReadOnlyList<Resource> resources,
        CancellationToken ct
    )
    {
        if (!resources.OfType<PostgresServerResource>().Any())
        {
            return null;
        }

        try
        {
            var configured = Environment.GetEnvironmentVariable(PostgresInstallation.FolderVariable);
            return await PostgresInstallation.FindOrFetch(configured, Console.WriteLine, ct);
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException)
        {
            throw new HostException(e.Message, e);
        }
    }

    private static List<Runner> Runners(
        IReadOnlyList<Resource> resources,
        StateFolder state,
        PostgresInstallation? installation,
        HttpClient http,
        TimeProvider time
    )
    {
        var runners = new List<Runner>();
        foreach (var resource in resources)
        {
            runners.Add(
                resource switch
                {
                    ProjectResource project => new ProjectRunner(project, http, time),
                    PostgresServerResource database => Database(database, state, installation!, time),
                    _ => throw new HostException(
                        $"{resource.Name}: the embedded host cannot run a {resource.GetType().Name}."
                    ),
                }
            );
        }

        var databases = runners.OfType<DatabaseRunner>().ToArray();
        foreach (var database in databases)
        {
            var partner = ((PostgresServerResource)database.Resource).Partner;
            database.Partner = Array.Find(databases, other => other.Resource == partner);
        }

        return runners;
    }

    private static DatabaseRunner Database(
        PostgresServerResource resource,
        StateFolder state,
        PostgresInstallation installation,
        TimeProvider time
    )
    {
        DatabaseRunner? runner = null;
        var alone = new Dictionary<string, string>(StringComparer.Ordinal) { ["synchronous_standby_names"] = "" };
        var server = new PostgresServer(
            installation,
            new()
            {
                Name = resource.Name,
                Folder = Path.Combine(state.DatabaseFolder, resource.Name),
                Port = resource.PrimaryEndpoint.Port,
                Password = resource.PasswordParameter.Value,
                // A run with two servers may have left a name to wait for; with one server nobody would ever answer.
                Settings = resource.Partner is null ? alone : [],
                Output = line => runner?.Log.Add(line),
            }
        );
        return runner = new(resource, server, time);
    }

    private static void Announce(IReadOnlyList<Resource> resources, HostOptions options, TimeSpan took)
    {
        Console.WriteLine($"\nEverything is healthy after {took.TotalSeconds:0.0} s.\n");
        foreach (var resource in resources.Where(resource => resource.Name is "shop-web" or "registry" or "consensus"))
        {
            Tell(resource.Name, new(resource.Endpoints[0].Url));
        }

        Tell("inspection", new(options.InspectionUrl));
        Console.WriteLine("\nCtrl-C stops everything.");

        static void Tell(string name, Uri address) =>
            Console.WriteLine($"  {name, -12} {address.OriginalString}{BrowserPorts.Remark(address)}");
    }

    private static async Task UntilCancelled(CancellationToken ct)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = ct.Register(cancelled.SetResult);
        await cancelled.Task;
    }
}
