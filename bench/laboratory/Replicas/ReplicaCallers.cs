using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LaboratoryBench.Processes;

namespace LaboratoryBench.Replicas;

/// <summary>Callers that want a batch.</summary>
internal static class ReplicaCallers
{
    private static readonly TimeSpan BetweenAsks = TimeSpan.FromMilliseconds(20);

    /// <summary>A caller asks another replica after so long without an answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Asks one replica to run a batch.</summary>
    internal static async Task<HttpResponseMessage> Batch(
        this ReplicaGroup group,
        int replica,
        string key,
        CancellationToken ct
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{group.Addresses[replica]}/iris/batches")
        {
            Content = JsonContent.Create(new { size = 4 }),
        };
        request.Headers.Add("Idempotency-Key", key);
        return await group.Http.SendAsync(request, ct);
    }

    /// <summary>Runs a batch as a caller does that keeps its key, and asks the replicas in turn until one answers.</summary>
    /// <returns>The batch's number.</returns>
    internal static async Task<long> PatientBatch(this ReplicaGroup group, string key, CancellationToken ct)
    {
        var number = -1L;
        var asked = 0;
        await Eventually.Holds(
            async () =>
            {
                using var patience = new CancellationTokenSource(Patience);
                using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
                try
                {
                    using var answer = await group.Batch(asked++ % group.Addresses.Count, key, limited.Token);
                    if (answer.StatusCode is HttpStatusCode.Created)
                    {
                        var batch = await answer.Content.ReadFromJsonAsync<JsonElement>(ct);
                        number = batch.GetProperty("number").GetInt64();
                        return true;
                    }
                }
                catch (Exception gone)
                    when (gone is HttpRequestException
                        || (gone is OperationCanceledException && !ct.IsCancellationRequested)
                    )
                {
                    // Killed before it answered, not there, or silent: the next one is asked.
                }

                await Task.Delay(BetweenAsks, ct);
                return false;
            },
            ct
        );
        return number;
    }
}
