namespace Registry.Conductor;

/// <summary>
/// Starts and copies of servers, which take their time while the conductor goes on watching: one per server, and after
/// each a pause that grows with every one in a row that did not help.
/// </summary>
internal sealed class ServerJobs(TimeProvider time, Journal journal)
{
    private static readonly TimeSpan PausePerStart = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(10);

    /// <summary>What did not help may help later: a machine was busy, or somebody has made room.</summary>
    private static readonly TimeSpan ForgetAfter = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, Task<JobEnd>> running = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Count, long EndedAt)> started = new(StringComparer.Ordinal);

    private enum Outcome
    {
        Done,
        Failed,

        /// <summary>The host itself starts or copies the server just now; this counts as no failure.</summary>
        Busy,
    }

    /// <summary>Whether the server is being started or copied, or has just been.</summary>
    public bool IsBusy(string server) => running.TryGetValue(server, out var job) && !job.IsCompleted;

    /// <summary>Jobs in a row after which the server did not answer; none once the last ended half a minute ago.</summary>
    public int StartsFailed(string server) =>
        started.TryGetValue(server, out var jobs) && (IsBusy(server) || time.GetElapsedTime(jobs.EndedAt) < ForgetAfter)
            ? jobs.Count
            : 0;

    /// <summary>The server answers.</summary>
    public void NoteAnswer(string server) => started.Remove(server);

    /// <summary>Begins a job.</summary>
    public void Begin(string server, string what, Func<Task> work)
    {
        var number = StartsFailed(server) + 1;
        started[server] = (number, time.GetTimestamp());
        running[server] = Work();

        async Task<JobEnd> Work()
        {
            var outcome = await Try(server, what, work);
            if (outcome is not Outcome.Done || number > 1)
            {
                var pause = PausePerStart * number;
                await Task.Delay(pause < MaxPause ? pause : MaxPause, time);
            }

            return new(what, outcome);
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
        var (what, outcome) = job.Result;
        if (started.TryGetValue(server, out var jobs))
        {
            started[server] = (outcome is Outcome.Busy ? jobs.Count - 1 : jobs.Count, time.GetTimestamp());
        }

        return outcome is Outcome.Done ? what : null;
    }

    private async Task<Outcome> Try(string server, string what, Func<Task> work)
    {
        try
        {
            await work();
            journal.Note($"{server}: {what}", "done");
            return Outcome.Done;
        }
        catch (FenceException busy)
        {
            journal.Note($"{server}: {what}", busy.Message);
            return Outcome.Busy;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            journal.Note($"{server}: {what}", error.Message);
            return Outcome.Failed;
        }
    }

    private sealed record JobEnd(string What, Outcome Outcome);
}
