using Workshop.ServiceDefaults.Loops;

namespace Shop.Web.Redundancy.Buyers;

/// <summary>
/// A storefront that is killed takes the journal of its run with it, and leaves the run's test pieces in the shop. The
/// next one takes them out, and says so.
/// </summary>
/// <param name="services">Makes the shelf.</param>
/// <param name="buyers">Knows the run that may have begun meanwhile.</param>
/// <param name="background">Runs what nobody waits for.</param>
/// <param name="time">Pauses between tries.</param>
/// <param name="logger">Hears of it.</param>
public sealed class ShelfSweeper(
    IServiceScopeFactory services,
    BuyerGenerator buyers,
    Background background,
    TimeProvider time,
    ILogger<ShelfSweeper> logger
) : BackgroundService
{
    /// <summary>The shop may start after its front; then the pieces stay for the next start.</summary>
    private const int MaxTries = 60;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>Test pieces of interrupted runs that this storefront took out of the shop since it started.</summary>
    public int Taken { get; private set; }

    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        background.Loop("shelf", Go, stoppingToken);

    private async Task Go(CancellationToken stoppingToken)
    {
        for (var tries = 0; tries < MaxTries && !stoppingToken.IsCancellationRequested; tries++)
        {
            await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (await Sweep(stoppingToken) is not var (taken, inUse))
            {
                continue;
            }

            Taken += taken;
            if (taken > 0)
            {
                LogMessages.InterruptedRunCleared(logger, taken);
            }

            if (inUse == 0)
            {
                return;
            }

            await Task.Delay(LabShelf.LongestRun, time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<(int Taken, int InUse)?> Sweep(CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        try
        {
            var shelf = scope.ServiceProvider.GetRequiredService<LabShelf>();
            return await shelf.Sweep(() => buyers.IsRunning ? buyers.Run?.Id : null, time.GetUtcNow(), ct);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
