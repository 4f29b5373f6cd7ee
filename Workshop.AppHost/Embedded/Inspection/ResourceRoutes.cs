using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Workshop.AppHost.Embedded.Running;

namespace Workshop.AppHost.Embedded.Inspection;

/// <summary><c>/resources</c>: what runs, what it says, and commands.</summary>
internal static class ResourceRoutes
{
    internal static void MapResources(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/resources", (Supervisor supervisor) => supervisor.Runners.Select(ResourceView.Of).ToArray());
        routes.MapGet("/resources/{name}", Find);
        routes.MapGet("/resources/{name}/logs", Logs);
        routes.MapPost("/resources/{name}/{command}", Execute);
    }

    private static Results<Ok<ResourceDetails>, ProblemHttpResult> Find(string name, Supervisor supervisor) =>
        supervisor.Find(name) is { } runner
            ? TypedResults.Ok(new ResourceDetails(ResourceView.Of(runner), ResourceView.EnvironmentOf(runner)))
            : Unknown(name);

    /// <summary>
    /// The kept lines as JSON; or, to a client that accepts server-sent events, those and each new one as it comes.
    /// </summary>
    private static IResult Logs(
        string name,
        HttpRequest request,
        Supervisor supervisor,
        IHostApplicationLifetime lifetime,
        CancellationToken ct
    )
    {
        if (supervisor.Find(name) is not { } runner)
        {
            return Unknown(name);
        }

        if (!request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase))
        {
            return TypedResults.Ok(runner.Log.Last(ConsoleLog.Capacity));
        }

        _ = long.TryParse(request.Headers["Last-Event-ID"], CultureInfo.InvariantCulture, out var after);
        return TypedResults.ServerSentEvents(Events(runner.Log, after, lifetime.ApplicationStopping, ct));
    }

    private static async IAsyncEnumerable<SseItem<ConsoleLine>> Events(
        ConsoleLog log,
        long after,
        CancellationToken stopping,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, ct);
        await using var lines = log.Follow(after, either.Token).GetAsyncEnumerator(either.Token);
        while (await HasNext(lines, either.Token))
        {
            yield return new(lines.Current, "line")
            {
                EventId = lines.Current.Number.ToString(CultureInfo.InvariantCulture),
            };
        }
    }

    private static async Task<bool> HasNext(IAsyncEnumerator<ConsoleLine> lines, CancellationToken ct)
    {
        try
        {
            return await lines.MoveNextAsync();
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return false; // The reader went away, or the host stops.
        }
    }

    /// <summary>Runs a command. Who pressed a button of the page gets a page again, also where it did not work.</summary>
    private static async Task<IResult> Execute(
        string name,
        string command,
        [AsParameters] CommandOptions options,
        HttpRequest request,
        Supervisor supervisor
    ) =>
        (await Attempt(name, command, options, supervisor), IsForm(request)) switch
        {
            (ProblemHttpResult refused, true) => InspectionPage.Refusal($"{command} {name}", refused.ProblemDetails),
            (not ProblemHttpResult, true) => TypedResults.LocalRedirect($"/#{name}"),
            var (answer, _) => answer,
        };

    private static async Task<IResult> Attempt(
        string name,
        string command,
        CommandOptions options,
        Supervisor supervisor
    )
    {
        if (supervisor.Find(name) is not { } runner)
        {
            return Unknown(name);
        }

        if (await ResourceCommands.Execute(runner, command, options, supervisor) is { } failure)
        {
            return TypedResults.Problem(failure.Message, statusCode: failure.Status);
        }

        return TypedResults.Ok(ResourceView.Of(runner));
    }

    private static bool IsForm(HttpRequest request) =>
        request.HasFormContentType && request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);

    private static ProblemHttpResult Unknown(string name) =>
        TypedResults.Problem($"There is no resource '{name}'.", statusCode: StatusCodes.Status404NotFound);
}
