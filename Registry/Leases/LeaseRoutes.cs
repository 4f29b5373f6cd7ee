using Microsoft.AspNetCore.Http.HttpResults;
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
        routes.MapGet("/getServer", GetServer);
        routes.MapGet("/services", (ServiceTable table) => table.All());
        routes.MapGet("/services/{service}", FindService);
        routes.MapPut("/services/{service}/{instance}", Register).RequireAuthorization(AccessTokens.OperatorPolicy);
        routes.MapDelete("/services/{service}/{instance}", Leave).RequireAuthorization(AccessTokens.OperatorPolicy);
    }

    private static IResult GetServer(ServiceTable table, string? service = null)
    {
        var name = string.IsNullOrEmpty(service) ? DefaultService : service;
        return table.Next(name) switch
        {
            Turn.Server server => TypedResults.Ok(new ServerAnswer(StatusCodes.Status200OK, server.Address)),
            Turn.NoneAlive => Refuse(StatusCodes.Status503ServiceUnavailable, $"No server of '{name}' is alive."),
            _ => Refuse(StatusCodes.Status404NotFound, $"No service '{name}' is registered."),
        };
    }

    private static JsonHttpResult<ErrorAnswer> Refuse(int code, string error) =>
        TypedResults.Json(new ErrorAnswer(code, error), statusCode: code);

    private static async Task<Results<Ok<ServiceView>, ProblemHttpResult, ValidationProblem>> FindService(
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
            return Invalid(nameof(wait), "Write a time such as 30s or 500ms.");
        }

        using var until = CancellationTokenSource.CreateLinkedTokenSource(ct, life.ApplicationStopping);
        try
        {
            var poll =
                index is { } number && longest > TimeSpan.Zero
                    ? await table.FindChanged(service, number, longest, until.Token)
                    : new Poll.Answer(table.Find(service));
            return poll switch
            {
                Poll.Answer { View: { } view } => TypedResults.Ok(view),
                Poll.TooManyWaiters full => Unavailable(context, $"{full.Most} long polls wait already; ask again."),
                _ => TypedResults.Problem(
                    $"No service '{service}' is registered.",
                    statusCode: StatusCodes.Status404NotFound
                ),
            };
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Unavailable(context, "The registry is stopping; ask again.");
        }
    }

    private static ProblemHttpResult Unavailable(HttpContext context, string detail)
    {
        context.Response.Headers.RetryAfter = "1";
        return TypedResults.Problem(detail, statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private static Results<Ok<InstanceView>, Created<InstanceView>, ProblemHttpResult, ValidationProblem> Register(
        string service,
        string instance,
        RegistrationRequest request,
        ServiceTable table,
        ILogger<ServiceTable> logger
    )
    {
        var ttlSeconds = request.TtlSeconds ?? DefaultTtlSeconds;
        if (Check(service, instance, request.Address, ttlSeconds) is { } invalid)
        {
            return invalid;
        }

        var outcome = table.Renew(service, instance, request.Address, TimeSpan.FromSeconds(ttlSeconds), out var view);
        switch (outcome)
        {
            case Registration.Full:
                return Conflict($"The registry holds no more services, or '{service}' no more instances.");
            case Registration.Reserved:
                return Conflict($"'{service}' is written by the registry's conductor alone.");
            default:
                if (outcome is Registration.Renewed)
                {
                    return TypedResults.Ok(view);
                }

                LogMessages.Registered(logger, service, instance, request.Address);
                return TypedResults.Created($"/services/{service}", view);
        }
    }

    private static Results<NoContent, ProblemHttpResult> Leave(
        string service,
        string instance,
        ServiceTable table,
        ILogger<ServiceTable> logger
    )
    {
        if (!table.Leave(service, instance))
        {
            return TypedResults.Problem(
                $"No instance '{instance}' of '{service}' is registered.",
                statusCode: StatusCodes.Status404NotFound
            );
        }

        LogMessages.Left(logger, service, instance);
        return TypedResults.NoContent();
    }

    private static ProblemHttpResult Conflict(string detail) =>
        TypedResults.Problem(detail, statusCode: StatusCodes.Status409Conflict);

    private static ValidationProblem? Check(string service, string instance, string address, double ttlSeconds) =>
        !Grammar.IsName(service) ? Invalid(nameof(service), "1 to 64 letters, digits, dots, hyphens or underscores.")
        : !Grammar.IsName(instance)
            ? Invalid(nameof(instance), "1 to 64 letters, digits, dots, hyphens or underscores.")
        : !Grammar.IsAddress(address) ? Invalid(nameof(address), "Write host:port, for example localhost:3001.")
        : ttlSeconds is not (>= MinTtlSeconds and <= MaxTtlSeconds)
            ? Invalid(nameof(ttlSeconds), $"From {MinTtlSeconds} to {MaxTtlSeconds} seconds.")
        : null;

    private static ValidationProblem Invalid(string member, string reason) =>
        TypedResults.ValidationProblem(
            new Dictionary<string, string[]>(StringComparer.Ordinal) { [member] = [reason] }
        );

    /// <summary>The answer of <c>/getServer</c>: <c>{ "code": 200, "server": "localhost:3001" }</c>.</summary>
    internal sealed record ServerAnswer(int Code, string Server);

    /// <summary>The refusal of <c>/getServer</c>: <c>{ "code": 503, "error": "..." }</c>.</summary>
    internal sealed record ErrorAnswer(int Code, string Error);

    /// <summary>The body of a registration.</summary>
    internal sealed record RegistrationRequest(string Address, double? TtlSeconds = null);
}
