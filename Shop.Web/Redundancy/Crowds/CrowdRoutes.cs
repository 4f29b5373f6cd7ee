using System.Net;
using Microsoft.AspNetCore.Http.HttpResults;
using Shop.Web.Redundancy.Buyers;
using Shop.Web.Redundancy.Wires;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Tokens;

namespace Shop.Web.Redundancy.Crowds;

/// <summary>What the laboratory's own process does for a storefront, and for nobody else.</summary>
internal static class CrowdRoutes
{
    internal const string Crowds = "crowds";

    private const string Wires = "wires";

    private const int LongestName = 40;

    private const int MostProducts = 100;

    private const int LongestDelay = 60_000;

    internal static string CrowdOf(string run) => $"{Crowds}/{run}";

    internal static string WireTo(DnsEndPoint server) => $"{Wires}/{BuyerWires.NameOf(server)}";

    internal static void MapCrowds(this WebApplication app)
    {
        var operators = app.MapGroup("/").RequireAuthorization(AccessTokens.OperatorPolicy);
        operators
            .MapPost(Crowds, Send)
            .WithSummary("Sends simulated customers to the shop, and tells of each of their purchases");
        operators
            .MapDelete(CrowdOf("{run}"), Stop)
            .WithSummary("Lets nobody more come; who has come finishes")
            .ProducesProblem(StatusCodes.Status404NotFound);
        operators
            .MapPut($"{Wires}/{{server}}", Put)
            .WithSummary(
                "Puts a proxy into the customers' wire to a server: it delays, cuts or breaks, or passes everything on"
            );
        operators
            .MapDelete($"{Wires}/{{server}}", TakeOut)
            .WithSummary("Takes the proxy out of the customers' wire to a server");
    }

    private static Results<ServerSentEventsResult<CrowdNews>, ProblemHttpResult> Send(
        CrowdPlan plan,
        ICrowd crowd,
        CrowdsUnderWay underWay,
        HttpContext context
    ) =>
        WhatIsWrong(plan) is var (member, rule)
            ? Problems.Invalid(member, rule)
            : TypedResults.ServerSentEvents(underWay.Follow(plan, crowd, context.RequestAborted));

    private static Results<NoContent, ProblemHttpResult> Stop(string run, CrowdsUnderWay underWay) =>
        underWay.Stop(run)
            ? TypedResults.NoContent()
            : Problems.Of(StatusCodes.Status404NotFound, "There is no such crowd, or it has gone home.");

    private static async Task<Results<NoContent, ProblemHttpResult>> Put(
        string server,
        WireRequest request,
        ICrowd crowd
    )
    {
        if (BuyerWires.Read(server) is not { } address)
        {
            return NoAddress();
        }

        if (request.Milliseconds is < 0 or > LongestDelay)
        {
            return Problems.Invalid("milliseconds", FormattableString.Invariant($"From 0 to {LongestDelay}."));
        }

        await crowd.PutWire(address, request);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> TakeOut(string server, ICrowd crowd)
    {
        if (BuyerWires.Read(server) is not { } address)
        {
            return NoAddress();
        }

        await crowd.TakeOutWire(address);
        return TypedResults.NoContent();
    }

    private static (string Member, string Rule)? WhatIsWrong(CrowdPlan plan) =>
        plan.Run.Length is 0 or > LongestName || !plan.Run.All(char.IsAsciiLetterOrDigit)
            ? ("run", $"1 to {LongestName} letters and digits.")
        : plan.Products.Count is 0 or > MostProducts ? ("products", $"1 to {MostProducts} of them.")
        : plan.RatePerSecond is < 1 or > BuyerPlan.MaxRate ? ("ratePerSecond", $"From 1 to {BuyerPlan.MaxRate}.")
        : plan.Orders < 1 || plan.Orders > plan.RatePerSecond * BuyerPlan.MaxSeconds
            ? ("orders", $"From 1 to those of {BuyerPlan.MaxSeconds} s.")
        : plan.NaiveServer is { } server && BuyerWires.Read(server) is null ? ("naiveServer", "Host and port.")
        : null;

    private static ProblemHttpResult NoAddress() => Problems.Invalid("server", "Host and port.");
}
