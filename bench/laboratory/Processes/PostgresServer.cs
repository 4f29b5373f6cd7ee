using Workshop.AppHost.Postgres;
using Workshop.AppHost.Processes;

namespace LaboratoryBench.Processes;

/// <summary>
/// One PostgreSQL server as a direct child of this process: it dies with it, and is reaped by it. Not for concurrent
/// use: the caller runs one operation at a time, save <see cref="Kill"/>, which may come at any time.
/// </summary>
/// <param name="installation">The programs.</param>
/// <param name="options">Its place.</param>
/// <param name="output">Called with each line of the server's log; must not throw.</param>
public sealed class PostgresServer(
    PostgresInstallation installation,
    PostgresOptions options,
    Action<string>? output = null
) : PostgresFiles(installation, options), IAsyncDisposable
{
    /// <summary>Recovery after a crash replays at most one checkpoint's worth of log.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan StreamLimit = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    private ChildProcess? process;
    private PauseGuard? guard;
    private string lastLine = "";

    /// <summary>Whether its process runs, be it paused.</summary>
    public bool IsRunning => process is { Exited.IsCompleted: false };

    /// <summary>Whether its processes are stopped.</summary>
    public bool IsPaused => IsRunning && guard is not null;

    /// <summary>The main process's number, or null.</summary>
    public int? ProcessId => IsRunning ? process!.Id : null;

    /// <summary>Completes with the exit code when the process ends; of the latest start.</summary>
    public Task<int> Exited => process?.Exited ?? Task.FromResult(0);

    /// <summary>Makes its data as a copy of those of a server that was never started: initdb takes a second of a core.</summary>
    /// <param name="template">That server's folder; its password is this one's too.</param>
    /// <param name="ct">Gives up.</param>
    internal Task InitializeFrom(string template, CancellationToken ct) =>
        DataFolder.Renew(
            Folder,
            async draft =>
            {
                // As whoever runs the tests, who may be root: the owner comes along.
                var copy = Program("cp", ["-a", template, draft]) with
                {
                    User = null,
                };
                var (exitCode, output) = await copy.Run(StartLimit, ct);
                if (exitCode != 0)
                {
                    throw new InvalidOperationException($"{Name}: the template was not copied\n{output}");
                }
            }
        );

    /// <summary>
    /// Starts the server and returns when it answers queries. Leftovers of a host that was killed are ended first.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// It ended instead; the message holds the last line of its log.
    /// </exception>
    /// <exception cref="TimeoutException">It did not answer in time; it has been killed.</exception>
    public async Task Start(CancellationToken ct)
    {
        await DataFolder.EndLeftovers(Folder, ct);
        process?.Dispose();
        WriteSettings();
        process = await ChildProcess.Start(Program(StartWords[0], StartWords[1..]) with { User = null }, Log);
        try
        {
            await WaitUntilReady(ct);
        }
        catch
        {
            await Kill(CancellationToken.None);
            throw;
        }
    }

    /// <summary>Ends all sessions and stops cleanly; kills it where <paramref name="limit"/> passes first.</summary>
    /// <returns>Whether it stopped by itself.</returns>
    public async Task<bool> Stop(TimeSpan limit, CancellationToken ct)
    {
        if (!IsRunning)
        {
            return true;
        }

        Resume();
        process!.Send(Signal.Interrupt);
        try
        {
            await process.Exited.WaitAsync(limit, ct);
            return true;
        }
        catch (TimeoutException)
        {
            await Kill(CancellationToken.None);
            return false;
        }
    }

    /// <summary>Kills every process of the server and returns when all have been seen dead.</summary>
    /// <exception cref="TimeoutException">One could not be seen dead.</exception>
    public async Task Kill(CancellationToken ct)
    {
        if (process is not null)
        {
            await process.KillTree(ct);
        }

        guard?.Dispose();
        guard = null;
    }

    /// <summary>
    /// Freezes every process of the server (SIGSTOP): clients then hang, as with a server that is out of reach.
    /// </summary>
    public async Task Pause(CancellationToken ct)
    {
        if (!IsRunning || IsPaused)
        {
            return;
        }

        // The main process first: it starts no more sessions.
        process!.Send(Signal.Stop);
        var family = ProcessTable.Descendants(process.Id);
        foreach (var member in family)
        {
            SystemCalls.Send(member.Id, Signal.Stop);
        }

        guard = await PauseGuard.Over([.. family, ProcessTable.Find(process.Id) ?? default]);
        ct.ThrowIfCancellationRequested();
    }

    /// <summary>Lets a paused server go on.</summary>
    public void Resume()
    {
        if (!IsPaused)
        {
            return;
        }

        foreach (var member in ProcessTable.Descendants(process!.Id))
        {
            SystemCalls.Send(member.Id, Signal.Continue);
        }

        process.Send(Signal.Continue);
        guard!.Dispose();
        guard = null;
    }

    /// <summary>Kills the server if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        await Kill(CancellationToken.None);
        process?.Dispose();
    }

    private async Task WaitUntilReady(CancellationToken ct)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(StartLimit);
        try
        {
            while (!SaysReady())
            {
                if (await Task.WhenAny(Exited, Task.Delay(PollInterval, timeout.Token)) == Exited)
                {
                    await process!.DrainOutput(PollInterval * 10);
                    throw new InvalidOperationException($"{Name} ended with exit code {await Exited}: {lastLine}");
                }

                timeout.Token.ThrowIfCancellationRequested();
            }

            // Also proves that the password still is the one the folder was made with.
            await using var session = await ServerSession.Open(ConnectionString(), timeout.Token);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException($"{Name} does not answer after {StartLimit.TotalSeconds:0} s: {lastLine}", e);
        }
    }

    /// <summary>The server keeps its state in the eighth line of its lock file.</summary>
    private bool SaysReady()
    {
        try
        {
            return File.ReadLines(Path.Combine(Folder, "postmaster.pid")).ElementAtOrDefault(7)?.Trim() is "ready";
        }
        catch (IOException)
        {
            return false; // Not written yet.
        }
    }

    /// <summary>
    /// Makes an empty database of that name on this server, which must be a primary, unless it has one.
    /// </summary>
    public async Task MakeDatabase(string name, CancellationToken ct)
    {
        await using var session = await ServerSession.Open(ConnectionString(), ct);
        await session.MakeDatabase(name, ct);
    }

    /// <summary>Returns when this server streams from its primary.</summary>
    /// <exception cref="TimeoutException">It does not after 20 s.</exception>
    public async Task WaitUntilStreaming(CancellationToken ct)
    {
        await using var session = await ServerSession.Open(ConnectionString(), ct);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(StreamLimit);
        while (!await session.IsStreaming(ct))
        {
            try
            {
                await Task.Delay(PollInterval, timeout.Token);
            }
            catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
            {
                var limit = StreamLimit.TotalSeconds;
                throw new TimeoutException($"{Name} does not stream from its primary after {limit:0} s: {lastLine}", e);
            }
        }
    }

    private void Log(string line)
    {
        lastLine = line;
        output?.Invoke(line);
    }
}
