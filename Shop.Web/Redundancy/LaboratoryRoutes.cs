using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Shop.Web.Redundancy.Buyers;
using Shop.Web.Redundancy.Runs;
using Shop.Web.Site;

namespace Shop.Web.Redundancy;

/// <summary>One moment for the live page.</summary>
/// <param name="Situation">The parts.</param>
/// <param name="At">Milliseconds since 1970, UTC.</param>
/// <param name="Phase">Of the buyers' run; null when there was none.</param>
/// <param name="PhaseWords">The phase, for a person.</param>
/// <param name="OrdersPerSecond">Acknowledged lately.</param>
/// <param name="MedianMilliseconds">Of those.</param>
/// <param name="WorstMilliseconds">Of those.</param>
/// <param name="Acknowledged">In the whole run.</param>
/// <param name="UnderWay">Purchases without an answer yet.</param>
/// <param name="RunPage">The run's own page, once it has ended and is kept.</param>
public sealed record Moment(
    Situation Situation,
    long At,
    string? Phase,
    string? PhaseWords,
    double OrdersPerSecond,
    double? MedianMilliseconds,
    double? WorstMilliseconds,
    int Acknowledged,
    int UnderWay,
    string? RunPage = null
);

/// <summary>What the laboratory's forms and live plots ask.</summary>
internal static class LaboratoryRoutes
{
    internal const string Page = "/redundancy";

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500);

    /// <summary>What "lately" means in a plot, in milliseconds.</summary>
    private const double Window = 1000;

    /// <summary>A page that watches longer asks again by itself (EventSource does).</summary>
    private static readonly TimeSpan LongestWatch = TimeSpan.FromMinutes(10);

    internal static void MapLaboratory(this WebApplication app)
    {
        app.MapGet($"{Page}/live", Live);
        var forms = app.MapGroup(Page).RequireOwnForm();
        forms.MapPost("/faults", Break);
        forms.MapPost("/buyers", StartBuyers);
        forms.MapPost("/buyers/stop", StopBuyers);
        forms.MapPost("/lag", Delay);
    }

    private static ServerSentEventsResult<Moment> Live(
        SituationWatch watch,
        BuyerGenerator buyers,
        TimeProvider time,
        HttpContext context
    ) => TypedResults.ServerSentEvents(Moments(watch, buyers, time, context.RequestAborted));

    private static async IAsyncEnumerable<Moment> Moments(
        SituationWatch watch,
        BuyerGenerator buyers,
        TimeProvider time,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        using var longest = new CancellationTokenSource(LongestWatch, time);
        using var timer = new PeriodicTimer(Beat, time);
        while (!longest.IsCancellationRequested)
        {
            var situation = await watch.Current();
            var run = buyers.Run;
            var (perSecond, median, worst) = run?.Lately(buyers.Now, Window) ?? default;
            yield return new(
                situation,
                time.GetUtcNow().ToUnixTimeMilliseconds(),
                run?.Phase.ToString(),
                run is null ? null : BuyerRun.Words(run.Phase),
                perSecond,
                median,
                worst,
                run?.Journal.Count(purchase => purchase.Outcome is Outcome.Acknowledged) ?? 0,
                run?.UnderWay ?? 0,
                run?.Number is { } number ? RunRecord.AddressOf(number) : null
            );
            await timer.WaitForNextTickAsync(ct);
        }
    }

    /// <summary>Where a form came from: the page, or its show for a projector with the plan that it had.</summary>
    private static string Back(string? show) => show is null ? Page : $"{Page}?show=1";

    private static async Task<RedirectHttpResult> Break(
        [FromForm] string resource,
        [FromForm] string command,
        [FromForm] string? show,
        SituationWatch watch,
        HostClient host,
        Courier courier,
        HttpContext context
    )
    {
        var part = (await watch.Current()).Parts.FirstOrDefault(known =>
            string.Equals(known.Name, resource, StringComparison.Ordinal)
        );
        if (
            part is null
            || !Fault.For(part).Any(fault => string.Equals(fault.Command, command, StringComparison.Ordinal))
        )
        {
            return courier.Refuse(Back(show), new("There is no such part or fault here.", IsError: true));
        }

        var answer = await host.Command(resource, command, context.RequestAborted);
        return answer.Problem is { } problem
            ? courier.Refuse(Back(show), new(problem.Sentence, IsError: true))
            : courier.Send(Back(show), Fault.Done(command, resource));
    }

    private static RedirectHttpResult StartBuyers(
        [FromForm] string? rate,
        [FromForm] string? seconds,
        [FromForm] string? fault,
        [FromForm] string? show,
        BuyerGenerator buyers,
        Courier courier
    )
    {
        var page = show is null ? $"{Page}#buyers" : Back(show);
        return BuyerPlan.Read(rate, seconds, fault, out var error) is not { } plan ? Refuse(error)
            : buyers.Start(plan) ? courier.Send(page)
            : Refuse("A run is under way already.");

        RedirectHttpResult Refuse(string? why) => courier.Refuse(page, new(why, IsError: true, Line: "buyers"));
    }

    private static RedirectHttpResult StopBuyers(BuyerGenerator buyers, Courier courier)
    {
        buyers.Stop();
        return courier.Send($"{Page}#buyers");
    }

    private static async Task<RedirectHttpResult> Delay(
        [FromForm] string? milliseconds,
        RegistryClient registry,
        Courier courier,
        HttpContext context
    )
    {
        if (WholeNumber.Read(milliseconds, 0, RegistryClient.LongestDelay) is not { } delay)
        {
            var rule = $"The delay is a whole number from 0 to {RegistryClient.LongestDelay}.";
            return courier.Refuse(Page, new(rule, IsError: true));
        }

        var answer = await registry.Delay(delay, context.RequestAborted);
        return answer.Problem is { } problem
            ? courier.Refuse(Page, new(problem.Sentence, IsError: true))
            : courier.Send(Page, $"The replica is held back by {delay} ms.");
    }
}
