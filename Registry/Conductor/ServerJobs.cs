namespace Registry.Conductor;

/// <summary>
/// Starts and copies of servers, which take their time while the conductor goes on watching: one per server, and after
/// each a pause that grows with every one in a row that did not help.
/// </summary>
internal sealed class ServerJobs(TimeProvider time, Journal journal)
{
    private static readonly TimeSpan PausePerStart = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, Task<string?>> running = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> started = new(StringComparer.Ordinal);

    /// <summary>Whether the server is being started or copied, or has just been.</summary>
    public bool IsBusy(string server) => running.TryGetValue(server, out var job) && !job.IsCompleted;

    /// <summary>Jobs in a row after which the server did not answer.</summary>
    public int StartsFailed(string server) => started.GetValueOrDefault(server);

    /// <summary>The server answers.</summary>
    public void NoteAnswer(string server) => started.Remove(server);

    /// <summary>Begins a job.</summary>
    public void Begin(string server, string what, Func<Task> work)
    {
        var number = started[server] = StartsFailed(server) + 1;
        running[server] = Work();

        async Task<string?> Work()
        {
            var isDone = await Try(server, what, work);
            if (!isDone || number > 1)
            {
                var pause = PausePerStart * number;
                await Task.Delay(pause < MaxPause ? pause : MaxPause, time);
            }

            return isDone ? what : null;
        }
    }

    /// <summary>Takes a finished job off the list.</summary>
    /// <returns>What it did; null when it did not, or there is none.</returns>
    public string? TakeFinished(string server)
    {
        if (!running.TryGetValue(server, out var job) || !job.IsCompletedSuccessfully)
        {
            return null;
        }

        running.Remove(server);
        return job.Result;
    }

    private async Task<bool> Try(string server, string what, Func<Task> work)
    {
        try
        {
            await work();
            journal.Note($"{server}: {what}", "done");
            return true;
        }
        catch (FenceException busy)
        {
            // Not counted: the host itself starts or copies it just now.
            journal.Note($"{server}: {what}", busy.Message);
            started[server] = Math.Max(0, StartsFailed(server) - 1);
            return false;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            journal.Note($"{server}: {what}", error.Message);
            return false;
        }
    }
}
