using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Shop.Api.Storage;

/// <summary>Ready means: the tables are there and the primary answers.</summary>
internal sealed class StorageHealth(IStorageMode mode, SchemaGate gate, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The question that is under way. A hung server is asked once, however often somebody asks here.
    /// </summary>
    private Task asking = Task.CompletedTask;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken ct = default)
    {
        if (!gate.Opened.IsCompleted)
        {
            return HealthCheckResult.Unhealthy("The tables are not there yet.");
        }

        try
        {
            var asked = Volatile.Read(ref asking);
            if (asked.IsCompleted)
            {
                asked = Ask();
                Volatile.Write(ref asking, asked);
            }

            await asked.WaitAsync(Limit, time, ct);
            return HealthCheckResult.Healthy();
        }
        catch (Exception error) when (Transience.IsTransient(error))
        {
            return HealthCheckResult.Unhealthy("The primary does not answer.", error);
        }
    }

    private async Task Ask()
    {
        await using var shop = await mode.OpenWrite(CancellationToken.None);
        await shop.Database.ExecuteSqlAsync($"SELECT 1", CancellationToken.None);
    }
}
