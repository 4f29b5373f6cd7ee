using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Shop.Web.Redundancy.Buyers;
using Shop.Web.Redundancy.Modes;
using Shop.Web.Redundancy.Replicas;
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
/// <param name="NaiveWithoutAnswer">Naive buyers who got none; 0 without them.</param>
/// <param name="People">Who bought during the last fault, simulated customers aside; null before the first one.</param>
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
    int NaiveWithoutAnswer = 0,
    int? People = null,
    string? RunPage = null
);

/// <summary>What the laboratory's forms and live plots ask.</summary>
internal static class LaboratoryRoutes
{
    internal const string Page = "/redundancy";

    /// <summary>What is longer is no number and no fault's name.</summary>
    private const int LongestField = 32;

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
        FaultWindow window,
        TimeProvider time,
        IHostApplicationLifetime lifetime,
        HttpContext context
    ) =>
        TypedResults.ServerSentEvents(
            Moments(watch, buyers, window, time, lifetime.ApplicationStopping, context.RequestAborted)
        );

    private static async IAsyncEnumerable<Moment> Moments(
        SituationWatch watch,
        BuyerGenerator buyers,
        FaultWindow window,
        TimeProvider time,
        CancellationToken stopping,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        using var longest = new CancellationTokenSource(LongestWatch, time);
        using var timer = new PeriodicTimer(Beat, time);
        while (!longest.IsCancellationRequested && !stopping.IsCancellationRequested)
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
                run?.NaiveJournal.Count(purchase => purchase.Outcome is Outcome.Unknown) ?? 0,
                window.People,
                run?.Number is { } number ? RunRecord.AddressOf(number) : null
            );
            await timer.WaitForNextTickAsync(ct);
        }
    }

    private static async Task<RedirectHttpResult> Break(
        [FromForm] string resource,
        [FromForm] string command,
        IFormCollection form,
        SituationWatch watch,
        FaultWindow window,
        LeaderChanges changes,
        HostClient host,
        Courier courier,
        HttpContext context
    )
    {
        var page = form.ContainsKey("show") ? WithPlan(form) : Page;
        var now = await watch.Current();
        var part = now.Parts.FirstOrDefault(known => string.Equals(known.Name, resource, StringComparison.Ordinal));
        if (!Faults(now, part, resource).Any(fault => string.Equals(fault.Command, command, StringComparison.Ordinal)))
        {
            return courier.Refuse(page, new("There is no such part or fault here.", IsError: true));
        }

        // People go on buying without a replica of another service.
        if (part is not null && Fault.IsHarm(command))
        {
            window.Open();
        }

        var answer = await changes.Command(now, host, resource, command, context.RequestAborted);
        return answer.Problem is { } problem
            ? courier.Refuse(page, new(problem.Sentence, IsError: true))
            : courier.Send(page, Fault.Done(command, resource));
    }

    /// <summary>What can be done to a part of the picture, or to a replica; nothing to what is neither.</summary>
    private static IReadOnlyList<Fault> Faults(Situation now, Part? part, string resource) =>
        part is not null ? Fault.For(part, now.Conductor?.Mode)
        : now
            .Groups.SelectMany(group => group.Replicas)
            .Any(replica => string.Equals(replica.Name, resource, StringComparison.Ordinal))
            ? Fault.OfAll
        : [];

    private static RedirectHttpResult StartBuyers(
        IFormCollection form,
        BuyerGenerator generator,
        ModeComparer comparer,
        Courier courier
    )
    {
        var page = WithPlan(form);
        return BuyerPlan.Read(name => form[name].FirstOrDefault(), out var error) is not { } plan ? Refuse(error)
            : comparer.Current is not null ? Refuse("A comparison of the storage modes is under way.")
            : generator.Start(plan) ? courier.Send(page)
            : Refuse("A run is under way already.");

        // The stage has no form beside which a refusal could stand.
        RedirectHttpResult Refuse(string? why) =>
            courier.Refuse(page, new(why, IsError: true, Line: form.ContainsKey("show") ? null : "buyers"));
    }

    /// <summary>The page whose form holds what was sent, so that it can be mended or sent again.</summary>
    internal static string WithPlan(IFormCollection form)
    {
        var isShow = form.ContainsKey("show");
        var fields = BuyerPlan
            .Names.Select(name => KeyValuePair.Create(name, form[name].FirstOrDefault()))
            .Where(field => field.Value is { Length: > 0 and <= LongestField });
        return QueryHelpers.AddQueryString(isShow ? $"{Page}?show=1" : Page, fields) + (isShow ? "" : "#buyers");
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
            : courier.Send(
                Page,
                delay == 0 ? "The standby is not held back any more." : $"The standby is held back by {delay} ms."
            );
    }
}
