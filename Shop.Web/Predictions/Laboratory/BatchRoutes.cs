using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Shop.Web.Site;

namespace Shop.Web.Predictions.Laboratory;

/// <summary>Batches are run, and ended early.</summary>
internal static class BatchRoutes
{
    /// <summary>Batches of one press.</summary>
    internal const int MostBatches = 40;

    internal static void MapBatches(this IEndpointRouteBuilder forms)
    {
        forms.MapPost("/{network}/batches", Run);
        forms.MapPost("/{network}/batches/cancel", Cancel);
    }

    private static RedirectHttpResult Run(string network, [FromForm] string? count, BatchRuns runs, Courier courier)
    {
        if (!PredictionsDefaults.IsNetwork(network) || WholeNumber.Read(count, 1, MostBatches) is not { } wanted)
        {
            return courier.Refuse(PageOf(network), new($"Run 1 to {MostBatches} batches at once.", IsError: true));
        }

        return runs.Start(network, wanted)
            ? courier.Send($"{PageOf(network)}#batches")
            : courier.Refuse(PageOf(network), new("Batches of this network are being run already.", IsError: true));
    }

    private static RedirectHttpResult Cancel(string network, BatchRuns runs, Courier courier)
    {
        runs.Cancel(network);
        return courier.Send($"{PageOf(network)}#batches");
    }

    private static string PageOf(string network) => $"{PredictionsDefaults.Page}/{Uri.EscapeDataString(network)}";
}
