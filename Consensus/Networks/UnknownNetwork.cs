using Microsoft.AspNetCore.Http.HttpResults;
using Workshop.Ledger.Networks;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Inference;
using Workshop.ServiceDefaults.Tokens;

namespace Consensus.Networks;

/// <summary>Routes of networks that are none: 404 that names those there are.</summary>
internal static class UnknownNetwork
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        // The networks' own routes are literal, and go before these.
        foreach (var route in new[] { "predict", "batches" })
        {
            routes.MapGet($"/{{network}}/{route}", Answer).ExcludeFromDescription();
        }

        routes
            .MapGet(
                "/{network}/batches/{number}",
                (string network, string number) =>
                    Schema.Find(network) is null
                        ? Answer(network)
                        : Problems.Of(StatusCodes.Status404NotFound, $"There is no batch '{number}' of {network}.")
            )
            .ExcludeFromDescription();
        routes.MapPost("/{network}/batches", Answer).ExcludeFromDescription().OpenTo("anybody: the answer is 404");
    }

    /// <summary>404 for a network that is none.</summary>
    internal static ProblemHttpResult Answer(string network) =>
        InferenceRoutes.UnknownNetwork(network, Schema.All.Select(known => known.Network.Name));
}
