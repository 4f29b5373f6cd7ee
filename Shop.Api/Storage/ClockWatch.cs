using Shop.Api.Data;
using Workshop.ServiceDefaults.Loops;

namespace Shop.Api.Storage;

/// <summary>Asks the primary for its time, every second, and at once after the primary became another server.</summary>
internal sealed class ClockWatch(IStorageMode mode, DatabaseClock clock, Background background, TimeProvider time)
    : BackgroundService
{
    /// <summary>In a row, since the first one is the slowest and the quickest one the most exact.</summary>
    private const int Questions = 3;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Pause after a question without an answer.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        background.Loop("clock", Go, stoppingToken);

    private async Task Go(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var moved = mode.Moved;
            var pause = Interval;
            try
            {
                // Not cancelled: a question to a server that hangs ends with the server. There is one of it for each server.
                await await Task.WhenAny(Ask(), mode.Replaced);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                pause = Pause;
            }

            await Task.WhenAny(moved, Task.Delay(pause, time, stoppingToken));
        }
    }

    private async Task Ask()
    {
        await using var connection = await mode.OpenWrite(CancellationToken.None);
        await using var command = connection.Command("SELECT clock_timestamp()");
        for (var question = 0; question < Questions; question++)
        {
            var asked = time.GetTimestamp();
            var told = await command.ExecuteScalarAsync(CancellationToken.None);
            clock.Note((DateTime)told!, asked);
        }
    }
}
