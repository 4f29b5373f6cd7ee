using System.Text.Json;

namespace Registry.Conductor;

/// <summary>What the conductor takes up from the one before it.</summary>
internal sealed partial class PairConductor
{
    /// <summary>Reads what was decided before, and waits for a person where it does not fit.</summary>
    /// <returns>False when nothing may be decided in this run.</returns>
    private async Task<bool> Begin(CancellationToken ct)
    {
        try
        {
            persisted = written = file.Read();
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            StopFor(ConductorStop.Unreadable(error.Message));
            return false;
        }

        if (ConductorStop.NotInMode(persisted, options) is not { } misfit)
        {
            TakeFirstMode();
            return true;
        }

        StopFor(misfit);
        await goOn.Task.WaitAsync(ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!ct.IsCancellationRequested)
        {
            if (TryTake(misfit))
            {
                TakeFirstMode();
                return true;
            }

            await Task.Delay(PauseAfterFailure, clock.Time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return false;
    }

    /// <summary>A person's decision counts once it is on disk; a full one is waited for.</summary>
    private bool TryTake(ConductorStop misfit)
    {
        try
        {
            Write(persisted.Lead(ConductorOptions.FirstServer) with { Mode = Mode });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            StopFor(misfit with { Why = $"What a person decided cannot be written down yet: {error.Message}" });
            return false;
        }

        journal.Note($"A person takes {persisted.Primary} as it is", $"term {persisted.Term}");
        Stop = null;
        return true;
    }

    /// <summary>
    /// At the first start the host says the mode, later it is persisted. It is written with the first decision where nothing was
    /// decided yet; a file of before the mode was persisted is written now, and again with the next decision if there is no room.
    /// </summary>
    private void TakeFirstMode()
    {
        if (persisted.Mode is not null)
        {
            return;
        }

        persisted = persisted with { Mode = options.Mode };
        try
        {
            if (persisted.Term > 0)
            {
                Write(persisted);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            journal.Note("The storage mode cannot be written down yet", error.Message);
        }
    }

    private void StopFor(ConductorStop stop)
    {
        Stop = stop;
        view = ConductorView.Stopped(options, persisted, stop.Why);
        journal.Note("Nothing is decided", stop.Why);
    }
}
