using Microsoft.AspNetCore.Http.HttpResults;
using Shop.Web.Api;
using Shop.Web.Redundancy.Buyers;
using Shop.Web.Site;

namespace Shop.Web.Redundancy.Modes;

/// <summary>A comparison as its page and its file show it.</summary>
/// <param name="Comparison">What came of it so far.</param>
/// <param name="Doing">What is done just now; null when nothing is.</param>
public sealed record ComparisonView(ModeComparison Comparison, string? Doing);

/// <summary>Forms and file of a comparison of the storage modes.</summary>
internal static class ComparisonRoutes
{
    private const string Path = LaboratoryRoutes.Page + "/comparisons";

    internal static void MapComparisons(this WebApplication app)
    {
        app.MapGet($"{Path}/{{number:int}}.json", Json);
        var forms = app.MapGroup(Path).RequireOwnForm();
        forms.MapPost("", Start);
        forms.MapPost("/stop", Stop);
    }

    private static Results<JsonHttpResult<ComparisonView>, NotFound> Json(
        int number,
        ComparisonFile file,
        ModeComparer comparer
    ) =>
        file.Find(number) is { } comparison
            ? TypedResults.Json(
                new ComparisonView(comparison, comparer.Current == number ? comparer.Doing : null),
                ServiceCaller.Json
            )
            : TypedResults.NotFound();

    private static RedirectHttpResult Start(
        IFormCollection form,
        ModeComparer comparer,
        HostClient host,
        Courier courier
    )
    {
        return !host.IsThere ? Refuse("Faults are put right by the workshop's own host, and this storefront has none.")
            : BuyerPlan.Read(name => form[name].FirstOrDefault(), out var error) is not { } plan ? Refuse(error)
            : comparer.Start(plan) is { } number ? courier.Send(ModeComparison.AddressOf(number))
            : Refuse("A comparison is under way already.");

        RedirectHttpResult Refuse(string? why) =>
            courier.Refuse(LaboratoryRoutes.WithPlan(form), new(why, IsError: true, Line: "buyers"));
    }

    private static RedirectHttpResult Stop(ModeComparer comparer, Courier courier)
    {
        var back = comparer.Current is { } number ? ModeComparison.AddressOf(number) : LaboratoryRoutes.Page;
        comparer.Stop();
        return courier.Send(back);
    }
}
