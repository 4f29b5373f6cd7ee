using System.Net.Http.Json;
using LaboratoryBench.Processes;

namespace Workshop.Tests.Shop.Web;

/// <summary>Batches for pages that have little to show without one.</summary>
internal static class BatchSteps
{
    /// <summary>Runs a batch of each network that is named; one that is busy is asked again.</summary>
    /// <param name="workshop">Whose consensus.</param>
    /// <param name="networks">Which.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task Run(WorkshopProcess workshop, string[] networks, CancellationToken ct)
    {
        using var consensus = new HttpClient { BaseAddress = workshop.Consensus };
        foreach (var network in networks)
        {
            await Eventually.Holds(
                async () =>
                {
                    using var run = await consensus.PostAsJsonAsync($"/{network}/batches", new { size = 32 }, ct);
                    return run.IsSuccessStatusCode;
                },
                ct
            );
        }
    }
}
