using Workshop.ServiceDefaults.Loops;

namespace Shop.Web.Redundancy.Buyers;

/// <summary>
/// A storefront that is killed takes the journal of its run with it, and leaves the run's test pieces in the shop; so may a
/// backup that is restored. They are taken out, and it is said so.
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
    /// <summary>The shop may start after its front; then the looks become rare.</summary>
    private const int MaxTries = 60;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>Test pieces of interrupted runs that this storefront took out of the shop since it started.</summary>
    public int Taken { get; private set; }

    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        background.Loop("shelf", Go, stoppingToken);

    private async Task Go(CancellationToken stoppingToken)
    {
        var (silent, wait) = (0, Pause);
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(wait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (await Sweep(stoppingToken) is not { } taken)
            {
                wait = ++silent < MaxTries ? Pause : LabShelf.LongestRun;
                continue;
            }

            Taken += taken;
            if (taken > 0)
            {
                LogMessages.InterruptedRunCleared(logger, taken);
            }

            // A restored backup may bring pieces back that were taken out.
            (silent, wait) = (0, LabShelf.LongestRun);
        }
    }

    private async Task<int?> Sweep(CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        try
        {
            var shelf = scope.ServiceProvider.GetRequiredService<LabShelf>();
            return (await shelf.Sweep(() => buyers.IsRunning ? buyers.Run?.Id : null, time.GetUtcNow(), ct))?.Taken;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
