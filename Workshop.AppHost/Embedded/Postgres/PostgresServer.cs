using Npgsql;
using Workshop.AppHost.Embedded.Processes;

namespace Workshop.AppHost.Embedded.Postgres;

/// <summary>
/// One PostgreSQL server as a direct child of this process: it dies with it, and is reaped by it. Not for concurrent
/// use: the caller runs one operation at a time, save <see cref="Kill"/>, which may come at any time.
/// </summary>
public sealed partial class PostgresServer : IAsyncDisposable
{
    /// <summary>The superuser's name.</summary>
    public const string User = "postgres";

    private static readonly TimeSpan InitializeLimit = TimeSpan.FromSeconds(60);

    /// <summary>Recovery after a crash replays at most one checkpoint's worth of log.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    private readonly PostgresInstallation installation;
    private readonly PostgresServerOptions options;
    private readonly UnprivilegedUser? user = UnprivilegedUser.Needed();
    private ChildProcess? process;
    private PauseGuard? guard;
    private string lastLine = "";

    /// <summary>A server that is not yet started.</summary>
    /// <param name="installation">The programs.</param>
    /// <param name="options">Its place.</param>
    public PostgresServer(PostgresInstallation installation, PostgresServerOptions options)
    {
        this.installation = installation;
        this.options = options with { Folder = Path.GetFullPath(options.Folder) };
    }

    /// <summary>The server's name.</summary>
    public string Name => options.Name;

    /// <summary>The data folder.</summary>
    public string Folder => options.Folder;

    /// <summary>The port on loopback.</summary>
    public int Port => options.Port;

    /// <summary>Whether its process runs, be it paused.</summary>
    public bool IsRunning => process is { Exited.IsCompleted: false };

    /// <summary>Whether its processes are stopped.</summary>
    public bool IsPaused => IsRunning && guard is not null;

    /// <summary>The main process's number, or null.</summary>
    public int? ProcessId => IsRunning ? process!.Id : null;

    /// <summary>Completes with the exit code when the process ends; of the latest start.</summary>
    public Task<int> Exited => process?.Exited ?? Task.FromResult(0);

    /// <summary>Whether the data folder holds a server's data.</summary>
    public bool IsInitialized => DataFolder.Exists(Folder);

    /// <summary>Whether it starts, or runs, as a standby.</summary>
    public bool IsStandby => DataFolder.IsStandby(Folder);

    /// <summary>How a client reaches <paramref name="database"/> on this server as its superuser.</summary>
    public string ConnectionString(string database = "postgres") =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "localhost",
            Port = Port,
            Username = User,
            Password = options.Password,
            Database = database,
        }.ConnectionString;

    /// <summary>Makes the data folder: UTF-8, data checksums, passwords by SCRAM for everyone.</summary>
    /// <exception cref="InvalidOperationException"><c>initdb</c> failed; the message holds its output.</exception>
    public async Task Initialize(CancellationToken ct)
    {
        var draft = Folder + ".new";
        DataFolder.Delete(draft);
        Directory.CreateDirectory(draft);
        user?.Own(draft);
        var passwordFile = await WritePassword(ct);
        try
        {
            string[] arguments =
            [
                $"--pgdata={draft}",
                $"--username={User}",
                $"--pwfile={passwordFile}",
                "--auth=scram-sha-256",
                "--data-checksums",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                "--no-instructions",
            ];
            var (exitCode, output) = await ChildProcess.Run(
                Command(installation.InitDb, arguments),
                InitializeLimit,
                ct
            );
            if (exitCode != 0)
            {
                throw new InvalidOperationException(
                    $"{Name}: initdb failed with exit code {exitCode}\n{output.Trim()}"
                );
            }
        }
        finally
        {
            File.Delete(passwordFile);
        }

        DataFolder.Replace(Folder, draft);
    }

    /// <summary>
    /// Starts the server and returns when it answers queries. Leftovers of a host that was killed are ended first.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// It ended instead; the message holds the last line of its log.
    /// </exception>
    /// <exception cref="TimeoutException">It did not answer in time; it has been killed.</exception>
    public async Task Start(CancellationToken ct)
    {
        if (await DataFolder.EndLeftovers(Folder, ct) is > 0 and var ended)
        {
            options.Output($"ended {ended} processes that an earlier run left on {Folder}");
        }

        user?.Own(Folder);
        process?.Dispose();
        process = await ChildProcess.Start(Command(installation.Postgres, PostgresSettings.Arguments(options)), Log);
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

    private async Task<string> WritePassword(CancellationToken ct)
    {
        var path = Folder + ".password";
        File.Delete(path);
        await using (
            var file = new FileStream(
                path,
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                }
            )
        )
        await using (var writer = new StreamWriter(file))
        {
            await writer.WriteLineAsync(options.Password.AsMemory(), ct);
        }

        if (user is not null)
        {
            SystemCalls.ChangeOwner(path, user);
        }

        return path;
    }

    private Command Command(string program, IReadOnlyList<string> arguments) =>
        new(program, arguments, Path.GetDirectoryName(Folder)!, Environment, user);

    /// <summary>Nothing of the caller's environment may change what a server does.</summary>
    private static Dictionary<string, string> Environment { get; } =
        new(StringComparer.Ordinal)
        {
            ["PATH"] = "/usr/local/bin:/usr/bin:/bin",
            ["LC_ALL"] = "C",
            ["TZ"] = "UTC",
        };

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

    private void Log(string line)
    {
        lastLine = line;
        options.Output(line);
    }
}
