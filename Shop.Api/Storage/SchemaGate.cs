using Microsoft.EntityFrameworkCore;
using Shop.Api.Data;

namespace Shop.Api.Storage;

/// <summary>Opens once, when the tables are there in the version that this server needs.</summary>
public sealed class SchemaGate
{
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the gate opens.</summary>
    public Task Opened => opened.Task;

    internal void Open() => opened.TrySetResult();
}

/// <summary>
/// Brings the tables up to date when the server starts, as soon as a primary can be reached. The server is alive meanwhile,
/// and not ready. Several servers may start at once: one works and the others wait for it.
/// </summary>
internal sealed class SchemaStartup(
    IStorageMode mode,
    SchemaGate gate,
    TimeProvider time,
    ILogger<SchemaStartup> logger
) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var attempt = 1; !gate.Opened.IsCompleted; attempt++)
        {
            try
            {
                await Migrate(stoppingToken);
                gate.Open();
                LogMessages.SchemaReady(logger, attempt);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                // Not only what is transient: a server with a wrong schema shows itself as not ready, and says why.
                LogMessages.SchemaNotReady(logger, attempt, error);
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
    }

    private async Task Migrate(CancellationToken ct)
    {
        await using var connection = await mode.OpenWrite(ct);
        await using var context = new ShopContext(
            new DbContextOptionsBuilder<ShopContext>().UseNpgsql(connection).Options
        );
        await SchemaMigration.Migrate(context, logger, ct);
    }
}
