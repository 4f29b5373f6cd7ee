using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Registry.Conductor.StateMachine;
using Registry.Observer;
using Registry.Replicas;
using Workshop.Replicas;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Telemetry;
using Workshop.ServiceDefaults.Tokens;

namespace Registry.Conductor;

/// <summary>The conductor's own routes.</summary>
internal static class ConductorRoutes
{
    /// <summary>
    /// Adds the conductor, where a database is wired to this registry; where somebody else decides, the observer in its place.
    /// </summary>
    public static void AddConductor(this IHostApplicationBuilder builder)
    {
        if (ConductorOptions.Read(builder.Configuration) is not { } options)
        {
            return;
        }

        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<Journal>();
        builder.Services.AddSingleton<LagInjector>();
        builder.Services.AddSingleton<LossCollector>();
        builder.Services.AddSingleton<Wires>();
        if (!options.IsExternal && builder.Configuration["Workshop:HostUrl"] is { Length: > 0 } host)
        {
            builder.Services.AddSingleton(services => new HostFence(
                new(
                    services.GetService<MajorityLog>() is { } log
                        ? new TermHeader(log)
                        : new SocketsHttpHandler { UseProxy = false }
                )
                {
                    BaseAddress = new(host),
                    Timeout = Timeout.InfiniteTimeSpan,
                }
            ));
        }

        foreach (var (name, connectionString) in options.Servers)
        {
            builder.AddKeyedNpgsqlDataSource(
                name,
                settings =>
                {
                    settings.ConnectionString = DatabaseServer.Settings(connectionString).ConnectionString;
                    // The conductor knows more of its servers than one question would tell.
                    settings.DisableHealthChecks = true;
                },
                source =>
                    source.ConfigureTracing(tracing =>
                        tracing.ConfigureCommandSpanNameProvider(command => SqlSummary.Of(command.CommandText))
                    )
            );
        }

        builder.Services.AddSingleton<ConductorTelemetry>();
        if (options.IsExternal)
        {
            builder.AddWhereItLeads<ObserverRunner>();
            return;
        }

        builder.AddWhereItLeads<PairConductor>();
    }

    /// <summary>Maps <c>/conductor</c>.</summary>
    public static void MapConductor(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/conductor").WithTags("Conductor").WithMetadata(new AnsweredByTheLeader());
        group
            .MapGet("", Show)
            .WithSummary("What the conductor of the database pair knows")
            .ProducesProblem(StatusCodes.Status404NotFound);
        var commands = group
            .MapGroup("")
            .RequireAuthorization(AccessTokens.OperatorPolicy)
            .AddEndpointFilter<OnlyObserved>();
        commands
            .MapPost("/promote", Promote)
            .WithSummary("A person's decision that the standby is to be primary")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        commands
            .MapPost("/switchover", SwitchOver)
            .WithSummary("The primary stops, and the standby, which is in sync, takes its place")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        commands
            .MapPut("/mode", ChangeMode)
            .WithSummary("Changes the storage mode while the workshop runs; GET /conductor shows the way there")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        commands
            .MapPost("/lag", InjectLag)
            .WithSummary("Holds the standby back, in asynchronous mode")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        group.MapWires(commands);
    }

    private static Results<Ok<ConductorView>, ProblemHttpResult> Show(IServiceProvider services) =>
        (services.GetService<PairConductor>()?.View ?? services.GetService<ObserverRunner>()?.View) is { } view
            ? TypedResults.Ok(
                view with
                {
                    LastFailover = services.GetRequiredService<LossCollector>().LastFailover,
                    Events = services.GetRequiredService<Journal>().Events,
                }
            )
            : NoDatabase();

    private static Results<Accepted<ConductorView>, ProblemHttpResult> Promote(
        IServiceProvider services,
        bool force = false
    )
    {
        if (services.GetService<PairConductor>() is not { View: { } view } conductor)
        {
            return NoDatabase();
        }

        if (conductor.Stop is { } stop)
        {
            if (!force || !stop.MayGoOn)
            {
                return Conflict(stop.Why);
            }

            conductor.Force(server: null, mayLose: true);
            return TypedResults.Accepted("/conductor", view);
        }

        if (view.Standby is not { } standby || view.Mode is "basic")
        {
            return Conflict("There is no standby that answers, or none in this storage mode.");
        }

        if (!view.IsPromotable && !force)
        {
            var lag = view.LagBytes is { } bytes
                ? string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes of the log")
                : "an unknown part of the log";
            return Conflict(
                $"{standby} is not promotable: {lag} would be lost, and every order in it. Add force=true to promote it anyway."
            );
        }

        conductor.Force(standby, force);
        return TypedResults.Accepted("/conductor", view);
    }

    /// <summary>The host stops the primary; that it is gone, the conductor then finds as it finds any other end.</summary>
    private static async Task<Results<Accepted<ConductorView>, ProblemHttpResult>> SwitchOver(
        IServiceProvider services,
        CancellationToken ct
    )
    {
        if (services.GetService<PairConductor>() is not { View: { } view })
        {
            return NoDatabase();
        }

        if (view is not { Primary: { } primary, Standby: { } standby, IsPromotable: true })
        {
            return Conflict($"Nobody could take over without a loss. {view.Guarantee}");
        }

        if (services.GetService<HostFence>() is not { } host)
        {
            return Conflict("No host is wired to this registry that could stop a server.");
        }

        try
        {
            return await host.SwitchOver(primary, ct) is { } reason
                ? Conflict(reason)
                : TypedResults.Accepted("/conductor", view);
        }
        catch (Exception error)
            when (error is HttpRequestException || (error is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return Problems.Of(
                StatusCodes.Status503ServiceUnavailable,
                $"The host, which would stop {primary} for {standby}, does not answer: {error.Message}"
            );
        }
    }

    private static async Task<Results<Accepted<ConductorView>, ProblemHttpResult>> ChangeMode(
        ModeRequest request,
        IServiceProvider services,
        CancellationToken ct
    )
    {
        if (services.GetService<PairConductor>() is not { View: not null } conductor)
        {
            return NoDatabase();
        }

        var words = Enum.GetValues<StorageMode>().ToDictionary(ModeChange.Word, StringComparer.Ordinal);
        if (!words.TryGetValue(request.Mode, out var mode))
        {
            return Problems.Invalid("mode", $"One of {string.Join(", ", words.Keys)}.");
        }

        return await conductor.Want(mode, ct) is { } reason
            ? Conflict(reason)
            : TypedResults.Accepted("/conductor", conductor.View!);
    }

    private static Results<NoContent, ProblemHttpResult> InjectLag(LagRequest request, IServiceProvider services)
    {
        if (services.GetService<PairConductor>() is not { View: { } view })
        {
            return NoDatabase();
        }

        if (request.Milliseconds is < 0 or > LagInjector.MaxMilliseconds)
        {
            return Problems.Invalid(
                "milliseconds",
                string.Create(CultureInfo.InvariantCulture, $"From 0 to {LagInjector.MaxMilliseconds}.")
            );
        }

        if (view is not { Mode: "asynchronous", Change: null })
        {
            return Conflict("Only asynchronous replication may lag.");
        }

        services.GetRequiredService<LagInjector>().Milliseconds = request.Milliseconds;
        return TypedResults.NoContent();
    }

    internal static ProblemHttpResult NoDatabase() =>
        Problems.Of(
            StatusCodes.Status404NotFound,
            "No database is wired to this registry, or nothing is known of it yet."
        );

    internal static ProblemHttpResult Conflict(string detail) => Problems.Of(StatusCodes.Status409Conflict, detail);

    /// <summary>The body of <c>PUT /conductor/mode</c>.</summary>
    /// <param name="Mode"><c>basic</c>, <c>synchronous</c> or <c>asynchronous</c>.</param>
    internal sealed record ModeRequest(string Mode);

    /// <summary>The body of <c>POST /conductor/lag</c>.</summary>
    internal sealed record LagRequest(int Milliseconds);
}
