using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Workshop.AppHost.Faults;
using Workshop.AppHost.Postgres.Containers;
using Workshop.AppHost.Processes;

namespace Workshop.AppHost.Hosting;

/// <summary>One run of the workshop, from the command line to the exit code.</summary>
internal static class WorkshopRun
{
    private const int FailedExitCode = 1;

    /// <summary>As a shell reports a command that was ended by Ctrl-C.</summary>
    private const int InterruptedExitCode = 130;

    /// <summary>
    /// The dashboard's banner about unsecured endpoints: everything here is on loopback, and meant to be open.
    /// </summary>
    private static readonly string[] SilencedBanners =
    [
        "DASHBOARD__OTLP__SUPPRESSUNSECUREDMESSAGE",
        "DASHBOARD__API__SUPPRESSUNSECUREDMESSAGE",
    ];

    /// <summary>Runs the application that <paramref name="describe"/> describes, until it is told to stop.</summary>
    /// <returns>0 after a run that was stopped; 1 where the start failed; 2 for a wrong choice.</returns>
    internal static async Task<int> Run(string[] args, Action<WorkshopBuilder> describe)
    {
        // In a test's process errors are the test's to see.
        var isProcess = Assembly.GetEntryAssembly() == typeof(WorkshopRun).Assembly;
        try
        {
            var options = WorkshopOptions.Read(args);
            if (options.Help)
            {
                Console.WriteLine(WorkshopOptions.Usage);
                return 0;
            }

            return await Run(options, describe, isProcess);
        }
        catch (HostException e) when (isProcess)
        {
            await Console.Error.WriteLineAsync($"error: {e.Message}");
            return e.ExitCode;
        }
        catch (DistributedApplicationException e) when (isProcess)
        {
            await Console.Error.WriteLineAsync($"error: Aspire cannot run the workshop: {e.Message}");
            return FailedExitCode;
        }
    }

    private static async Task<int> Run(WorkshopOptions options, Action<WorkshopBuilder> describe, bool isProcess)
    {
        var builder = DistributedApplication.CreateBuilder(Translate(options));
        // Aspire's testing package starts several side by side.
        var isRandom = builder.Configuration.GetValue("DcpPublisher:RandomizePorts", defaultValue: false);
        // Before anything is forgotten.
        var engine =
            builder.ExecutionContext.IsRunMode && options.Databases is DatabaseKind.Containers
                ? await ContainerEngine.Find(builder.Configuration, CancellationToken.None)
                : null;
        using var state = builder.ExecutionContext.IsRunMode ? OpenState(builder, options) : null;
        options = KeepMode(options, state);
        var workshop = new WorkshopBuilder(builder, options, state, isRandom ? null : options.PortOffset)
        {
            Engine = engine,
        };
        if (state is not null)
        {
            Secrets.AddTo(builder.Configuration, state.Root);
            workshop.Control = builder.AddControl(workshop.Port(HostPorts.Control));
            builder.AddOrderlyStop();
            builder.AddAnnouncements(
                new(Url(HostPorts.Dashboard, options)),
                new(workshop.Control),
                options.LanAddress is { } lan ? new(lan, Secrets.FileIn(state.Root)) : null
            );
        }

        describe(workshop);
        await MakeWay(workshop, isRandom);

        using var watch = isProcess && state is not null ? Prepare() : null;

        var app = builder.Build();
        var exitCode = 0;
        await using (app)
        {
            exitCode = await Run(app);
        }

        if (options.Ephemeral)
        {
            await ContainerPair.Forget(workshop, CancellationToken.None);
        }

        if (exitCode is InterruptedExitCode)
        {
            // The orchestrator's own end takes some seconds more, and a start meanwhile would find its ports taken.
            await Ports.UntilFree(workshop.Needs, CancellationToken.None);
            Console.WriteLine("Interrupted while starting; everything is stopped.");
        }

        return exitCode;
    }

    /// <summary>Ends what a killed host left, sees that the ports are free, and then forgets what is to be forgotten.</summary>
    private static async Task MakeWay(WorkshopBuilder workshop, bool isRandom)
    {
        await ContainerPair.EndLeftovers(workshop, CancellationToken.None);
        if (workshop.State is not { } state)
        {
            return;
        }

        if (!isRandom)
        {
            await Ports.RequireFree(workshop.Needs, state.WasAbandoned, CancellationToken.None);
        }

        state.Settle();
        if (workshop.Options.Reset)
        {
            await ContainerPair.Forget(workshop, CancellationToken.None);
        }
    }

    /// <summary>The storage mode is the conductor's; <c>--storage</c> says it at the first start.</summary>
    private static WorkshopOptions KeepMode(WorkshopOptions options, StateFolder? state)
    {
        var kept = options.InMode(state is null ? null : Replicas.ConductorMemory(state, options).Mode);
        if (options.NamesStorage && !string.Equals(kept.Storage, options.Storage, StringComparison.Ordinal))
        {
            Console.WriteLine(
                $"The workshop keeps storage mode {kept.Storage}: --storage counts at the first start. "
                    + "The redundancy page changes it, or PUT /conductor/mode of the registry."
            );
        }

        return kept;
    }

    /// <summary>Runs the built application until it is told to stop.</summary>
    /// <returns>The exit code.</returns>
    private static async Task<int> Run(DistributedApplication app)
    {
        using var terminated = new CancellationTokenSource();
        // Aspire hears these too; its start, cancelled by them, does not stop what it has started.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        try
        {
            await app.RunAsync(terminated.Token);
        }
        catch (OperationCanceledException)
        {
            await app.Services.GetRequiredService<OrderlyStop>().StopAsync(CancellationToken.None);
        }

        return app.Services.GetService<Announcements>() is not { } announced ? 0
            : announced.HasFailed ? FailedExitCode
            : announced.IsComplete ? 0
            : InterruptedExitCode;

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            try
            {
                terminated.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // A second signal, while the run is ending already.
            }
        }
    }

    /// <summary>
    /// Everything that a launch profile would say, so that <c>dotnet Workshop.AppHost.dll</c>, a test and <c>dotnet
    /// run</c> are the same: all on loopback, without TLS, moved by the offset. It must be there before the builder is
    /// made, which decides then whether the dashboard wants a token.
    /// </summary>
    private static DistributedApplicationOptions Translate(WorkshopOptions options) =>
        new()
        {
            Args =
            [
                $"--ASPNETCORE_URLS={Url(HostPorts.Dashboard, options)}",
                $"--ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL={Url(HostPorts.Otlp, options)}",
                $"--ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL={Url(HostPorts.ResourceService, options)}",
                "--ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS=true",
                "--DcpPublisher:WaitForResourceCleanup=true",
                "--Logging:LogLevel:Default=Warning",
                // It warns that loopback is unsecured, and that keys of a dashboard without log-in lie unencrypted.
                "--Logging:LogLevel:Aspire.Hosting.Dashboard=Error",
                "--Logging:LogLevel:Microsoft.AspNetCore.DataProtection=Error",
                // A start that is cut short by Ctrl-C is no failure of the host's.
                "--Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host=None",
                .. options.ForAspire,
            ],
            AllowUnsecuredTransport = true,
            DashboardApplicationName = "Workshop",
        };

    private static StateFolder OpenState(IDistributedApplicationBuilder builder, WorkshopOptions options) =>
        StateFolder.Open(options, Path.GetDirectoryName(builder.AppHostDirectory)!, Url(HostPorts.Dashboard, options));

    /// <summary>The orchestrator hands this process's environment to all that it starts.</summary>
    private static DeathWatch Prepare()
    {
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (variable.Key is string name && !ChildEnvironment.Passes(name))
            {
                Environment.SetEnvironmentVariable(name, null);
            }
        }

        foreach (var name in SilencedBanners)
        {
            Environment.SetEnvironmentVariable(name, "true");
        }

        return DeathWatch.Begin();
    }

    private static string Url(int port, WorkshopOptions options) =>
        string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port + options.PortOffset}");
}
