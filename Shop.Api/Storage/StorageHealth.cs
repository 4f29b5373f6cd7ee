using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Shop.Api.Storage;

/// <summary>Ready means: the tables are there and the primary answers.</summary>
internal sealed class StorageHealth(IStorageMode mode, SchemaGate gate) : IHealthCheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken ct = default)
    {
        if (!gate.Opened.IsCompleted)
        {
            return HealthCheckResult.Unhealthy("The tables are not there yet.");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Limit);
        try
        {
            await using var shop = await mode.Writes.CreateDbContextAsync(limit.Token);
            await shop.Database.ExecuteSqlAsync($"SELECT 1", limit.Token);
            return HealthCheckResult.Healthy();
        }
        catch (Exception error) when (Transience.IsTransient(error) || error is OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy("The primary does not answer.", error);
        }
    }
}
