using Microsoft.AspNetCore.Http.HttpResults;
using Registry.Replicas;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Tokens;

namespace Registry.Leases;

/// <summary>The routes of the naming service.</summary>
internal static class LeaseRoutes
{
    /// <summary>The service that <c>/getServer</c> means when none is named.</summary>
    private const string DefaultService = "shop-api";

    private const double DefaultTtlSeconds = 5;
    private const double MinTtlSeconds = 0.5;
    private const double MaxTtlSeconds = 300;

    /// <summary>Adds the table of services and what it stands on.</summary>
    public static void AddLeases(this IHostApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<RegistryOptions>()
            .BindConfiguration("Registry")
            .Validate(options => options.AreValid(), "Registry: every bound and every time must be above zero.")
            .ValidateOnStart();
        builder.Services.AddSingleton<SteadyClock>();
        builder.Services.AddSingleton<ServiceTable>();
    }

    /// <summary>Maps <c>/getServer</c> and <c>/services</c>.</summary>
    public static void MapLeases(this IEndpointRouteBuilder routes)
    {
        var names = routes.MapGroup("").WithTags("Names");
        names
            .MapGet("/getServer", GetServer)
            .WithSummary("A live server of a service, in turn")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        names
            .MapGet("/services", (ServiceTable table) => TypedResults.Ok(table.All()))
            .WithSummary("All services and their instances");
        names
            .MapGet("/services/{service}", FindService)
            .WithSummary("One service; with wait and index, when it has changed")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        var leases = routes
            .MapGroup("/services/{service}/{instance}")
            .WithTags("Leases")
            .RequireAuthorization(AccessTokens.OperatorPolicy);
        leases
            .MapPut("", Register)
            .WithSummary("Registers a server, or renews its lease")
            .ProducesProblem(StatusCodes.Status409Conflict);
        leases
            .MapDelete("", Leave)
            .WithSummary("Takes a server out at once")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static Results<Ok<ServerAnswer>, ProblemHttpResult> GetServer(ServiceTable table, string? service = null)
    {
        var name = string.IsNullOrEmpty(service) ? DefaultService : service;
        return table.Next(name) switch
        {
            Turn.Server server => TypedResults.Ok(new ServerAnswer(StatusCodes.Status200OK, server.Address)),
            Turn.NoneAlive none => Refuse(503, $"No server of '{name}' is alive. {string.Join("; ", none.Reasons)}"),
            Turn.UnknownService { IsNew: true } => Refuse(503, NotYet(name)),
            _ => Refuse(404, $"No service '{name}' is registered."),
        };
    }

    /// <summary>The members that the workshop's text wants, beside those of every problem.</summary>
    private static ProblemHttpResult Refuse(int code, string error) =>
        TypedResults.Problem(Problems.Details(code, error, ("code", code), ("error", error)));

    private static string NotYet(string service) =>
        $"The registry has just started, and no server of '{service}' has come back yet; ask again.";

    private static async Task<Results<Ok<ServiceView>, ProblemHttpResult>> FindService(
        string service,
        ServiceTable table,
        HttpContext context,
        IHostApplicationLifetime life,
        string? wait = null,
        long? index = null,
        CancellationToken ct = default
    )
    {
        if ((wait is null ? TimeSpan.Zero : Grammar.ReadWait(wait)) is not { } longest)
        {
            return Problems.Invalid(nameof(wait), "Write a time such as 30s or 500ms.");
        }

        using var until = CancellationTokenSource.CreateLinkedTokenSource(ct, life.ApplicationStopping);
        try
        {
            var view =
                index is { } number && longest > TimeSpan.Zero
                    ? await table.FindChanged(service, number, longest, context.User.IsOperator(), until.Token)
                    : table.Find(service);
            return view is not null ? TypedResults.Ok(view)
                : table.IsNew ? Unavailable(NotYet(service))
                : Problems.Of(StatusCodes.Status404NotFound, $"No service '{service}' is registered.");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Unavailable("The registry is stopping; ask again.");
        }
    }

    private static ProblemHttpResult Unavailable(string detail) =>
        Problems.Of(StatusCodes.Status503ServiceUnavailable, detail);

    private static async Task<Results<Ok<InstanceView>, Created<InstanceView>, ProblemHttpResult>> Register(
        string service,
        string instance,
        RegistrationRequest request,
        ServiceTable table,
        IRegistryCommit commits,
        ILogger<ServiceTable> logger
    )
    {
        var ttlSeconds = request.TtlSeconds ?? DefaultTtlSeconds;
        if (Check(service, instance, request.Address, ttlSeconds) is { } invalid)
        {
            return invalid;
        }

        var ttl = TimeSpan.FromSeconds(ttlSeconds);
        if (table.Refusal(service, instance) is null && table.IsNews(service, instance, request.Address, ttl))
        {
            await commits.Commit(new(Registered: new(service, instance, request.Address, ttl)));
        }

        var outcome = table.Renew(service, instance, request.Address, ttl, out var view);
        if (outcome is Registration.Created)
        {
            LogMessages.Registered(logger, service, instance, request.Address);
        }

        return outcome switch
        {
            Registration.Created => TypedResults.Created($"/services/{service}", view),
            Registration.Renewed => TypedResults.Ok(view),
            Registration.Full => Conflict($"The registry holds no more services, or '{service}' no more instances."),
            _ => Conflict($"'{service}' is written by the registry's conductor alone."),
        };
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Leave(
        string service,
        string instance,
        ServiceTable table,
        IRegistryCommit commits,
        ILogger<ServiceTable> logger
    )
    {
        if (table.Has(service, instance))
        {
            await commits.Commit(new(Left: LeasedInstance.KeyOf(service, instance)));
        }

        if (!table.Leave(service, instance))
        {
            return Problems.Of(
                StatusCodes.Status404NotFound,
                $"No instance '{instance}' of '{service}' is registered."
            );
        }

        LogMessages.Left(logger, service, instance);
        return TypedResults.NoContent();
    }

    private static ProblemHttpResult Conflict(string detail) => Problems.Of(StatusCodes.Status409Conflict, detail);

    private static ProblemHttpResult? Check(string service, string instance, string address, double ttlSeconds) =>
        !Grammar.IsName(service)
            ? Problems.Invalid(nameof(service), "1 to 64 letters, digits, dots, hyphens or underscores.")
        : !Grammar.IsName(instance)
            ? Problems.Invalid(nameof(instance), "1 to 64 letters, digits, dots, hyphens or underscores.")
        : !Grammar.IsAddress(address)
            ? Problems.Invalid(nameof(address), "Write host:port, for example localhost:3001.")
        : ttlSeconds is not (>= MinTtlSeconds and <= MaxTtlSeconds)
            ? Problems.Invalid(nameof(ttlSeconds), $"From {MinTtlSeconds} to {MaxTtlSeconds} seconds.")
        : null;

    /// <summary>The answer of <c>/getServer</c>: <c>{ "code": 200, "server": "localhost:3001" }</c>.</summary>
    internal sealed record ServerAnswer(int Code, string Server);

    /// <summary>The body of a registration.</summary>
    internal sealed record RegistrationRequest(string Address, double? TtlSeconds = null);
}
