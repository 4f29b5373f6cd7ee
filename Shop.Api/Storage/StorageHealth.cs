using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Shop.Api.Data;
using Shop.Api.Storage.Receipts;

namespace Shop.Api.Storage;

/// <summary>Ready means: the tables are there and the primary answers. What else is not as it ought to be is said.</summary>
internal sealed class StorageHealth(
    IStorageMode mode,
    SchemaGate gate,
    DatabaseClock clock,
    ReceiptBook receipts,
    TimeProvider time
) : IHealthCheck
{
    /// <summary>From here on a difference between the clocks is said.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(1);

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
            return clock.Difference is { } off && off.Duration() > ClockTolerance
                    ? HealthCheckResult.Degraded(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"This server's clock is {off.TotalSeconds:0.0} s ahead of the database's, which decides."
                        )
                    )
                : receipts.IsComplete ? HealthCheckResult.Healthy()
                : HealthCheckResult.Degraded("Receipts cannot be written: lost orders could not all be listed.");
        }
        catch (Exception error) when (Transience.IsTransient(error))
        {
            return HealthCheckResult.Unhealthy("The primary does not answer.", error);
        }
    }

    /// <summary>Asks; and anew where another server is used meanwhile, whatever the old one does.</summary>
    private async Task Ask()
    {
        Task question;
        Task replaced;
        do
        {
            replaced = mode.Replaced;
            question = AskOnce();
        } while (await Task.WhenAny(question, replaced) != question);

        await question;
    }

    private async Task AskOnce()
    {
        await using var connection = await mode.OpenWrite(CancellationToken.None);
        await using var command = connection.Command("SELECT 1");
        await command.ExecuteScalarAsync(CancellationToken.None);
    }
}
