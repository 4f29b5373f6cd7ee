using Workshop.AppHost.Embedded.Hosting;

namespace Workshop.AppHost.Embedded.Running;

/// <summary>Keeps one resource: starts it, looks after its health, and runs commands on it, one at a time.</summary>
internal abstract class Runner : IAsyncDisposable
{
    /// <summary>Commands of every resource.</summary>
    protected static readonly string[] CommonCommands = ["start", "stop", "restart", "kill"];

    /// <summary>Time for one resource to become healthy: a predictor may train its model first.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);

    /// <summary>Time that a resource started by command waits for what it waits for.</summary>
    private static readonly TimeSpan WaitLimit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan StartPollInterval = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan RunningPollInterval = TimeSpan.FromSeconds(1);

    /// <summary>Lines of a child's output that an error shows.</summary>
    private const int LinesInError = 40;

    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly TimeProvider time;
    private readonly Lock currentGate = new();
    private CancellationTokenSource? current;

    /// <summary>Keeps <paramref name="resource"/>.</summary>
    protected Runner(Resource resource, TimeProvider time)
    {
        Resource = resource;
        this.time = time;
        Log = new(time);
    }

    /// <summary>What the application model says of it.</summary>
    internal Resource Resource { get; }

    internal string Name => Resource.Name;

    internal ConsoleLog Log { get; }

    internal ResourceState State { get; private set; } = ResourceState.NotStarted;

    internal ResourceHealth Health { get; private set; }

    internal DateTimeOffset? StartedAt { get; private set; }

    internal int? LastExitCode { get; private set; }

    /// <summary>What this one waits for before it starts.</summary>
    internal IReadOnlyList<Runner> WaitsFor { get; set; } = [];

    /// <summary><c>Project</c> or <c>PostgreSQL</c>.</summary>
    internal abstract string Type { get; }

    /// <summary>The project file or the data folder.</summary>
    internal abstract string Source { get; }

    internal abstract int? ProcessId { get; }

    /// <summary>The environment that the process gets.</summary>
    internal abstract IReadOnlyDictionary<string, EnvironmentValue> ProcessEnvironment { get; }

    /// <summary>Commands that it knows, in whatever state.</summary>
    internal virtual IReadOnlyList<string> Commands => CommonCommands;

    /// <summary>Told when the process ends without having been told to.</summary>
    internal Action<Runner>? Ended { get; set; }

    internal bool IsHealthy => State is ResourceState.Running && Health is ResourceHealth.Healthy;

    /// <summary>Starts the process and waits, beyond health, for whatever makes it what it is to be.</summary>
    protected abstract Task Launch(CancellationToken ct);

    /// <summary>Asks once whether the resource is healthy.</summary>
    protected abstract Task<bool> Probe(CancellationToken ct);

    /// <summary>Asks the process to stop, and kills it after <paramref name="limit"/>.</summary>
    protected abstract Task StopProcess(TimeSpan limit, CancellationToken ct);

    /// <summary>Kills the process and all that belongs to it, and sees them dead.</summary>
    protected abstract Task KillProcess(CancellationToken ct);

    /// <summary>The exit of the process that runs now.</summary>
    protected abstract Task<int> Exited { get; }

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync()
    {
        gate.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Starts it, unless it runs, and returns when it is healthy.</summary>
    /// <exception cref="HostException">It ended, did not become healthy, or what it waits for did not.</exception>
    internal Task Start(CancellationToken ct) => Exclusive(StartHere, ct);

    /// <summary>Stops it cleanly, if it runs.</summary>
    internal Task Stop(TimeSpan limit, CancellationToken ct)
    {
        Interrupt();
        return Exclusive(token => StopHere(limit, token), ct);
    }

    /// <summary>Stops it cleanly and starts it.</summary>
    internal Task Restart(TimeSpan limit, CancellationToken ct)
    {
        Interrupt();
        return Exclusive(
            async token =>
            {
                await StopHere(limit, token);
                await StartHere(token);
            },
            ct
        );
    }

    /// <summary>
    /// Kills it, whatever it is doing, and returns when it has been seen dead. Killing the dead is no error.
    /// </summary>
    /// <exception cref="TimeoutException">It could not be seen dead.</exception>
    internal Task Kill(CancellationToken ct)
    {
        Interrupt();
        // To its end, also when a second kill comes meanwhile, which would interrupt any other command.
        return Exclusive(_ => KillHere(CancellationToken.None), ct);
    }

    /// <summary>Runs <paramref name="work"/> when no other command runs; <see cref="Interrupt"/> cancels it.</summary>
    protected async Task Exclusive(Func<CancellationToken, Task> work, CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        using var mine = CancellationTokenSource.CreateLinkedTokenSource(ct);
        try
        {
            SetCurrent(mine);
            await work(mine.Token);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new WrongStateException($"{Name} was stopped or killed by another command in the meantime.", e);
        }
        finally
        {
            SetCurrent(null);
            gate.Release();
        }
    }

    /// <summary>Cancels the command that runs now, if one does.</summary>
    protected void Interrupt()
    {
        lock (currentGate)
        {
            current?.Cancel();
        }
    }

    /// <summary>Sets the state, for what subclasses do beyond starting and stopping.</summary>
    protected void Become(ResourceState state) => State = state;

    /// <summary>Starts it within a command that already runs.</summary>
    protected async Task StartHere(CancellationToken ct)
    {
        if (State is ResourceState.Running or ResourceState.Paused)
        {
            return;
        }

        try
        {
            await WaitForOthers(ct);
            State = ResourceState.Starting;
            Health = ResourceHealth.Unknown;
            LastExitCode = null;
            StartedAt = time.GetUtcNow();
            await Launch(ct);
            _ = Watch(Exited);
            await WaitUntilHealthy(ct);
            State = ResourceState.Running;
            _ = KeepProbing(Exited);
        }
        catch (OperationCanceledException)
        {
            await KillProcess(CancellationToken.None);
            State = ResourceState.Exited;
            throw;
        }
        catch (Exception e) when (e is HostException or WrongStateException)
        {
            await GiveUp();
            throw;
        }
        catch (Exception e)
        {
            await GiveUp();
            throw Failure(e.Message, e);
        }
    }

    private async Task GiveUp()
    {
        await KillProcess(CancellationToken.None);
        State = ResourceState.Failed;
    }

    /// <summary>Kills it within a command that already runs.</summary>
    protected async Task KillHere(CancellationToken ct)
    {
        var wasUp = State is not (ResourceState.NotStarted or ResourceState.Exited or ResourceState.Failed);
        if (wasUp)
        {
            State = ResourceState.Stopping;
        }

        await KillProcess(ct);
        if (wasUp)
        {
            MarkExited();
        }
    }

    private async Task StopHere(TimeSpan limit, CancellationToken ct)
    {
        if (State is ResourceState.NotStarted or ResourceState.Exited or ResourceState.Failed)
        {
            return;
        }

        State = ResourceState.Stopping;
        await StopProcess(limit, ct);
        MarkExited();
    }

    private async Task WaitForOthers(CancellationToken ct)
    {
        State = ResourceState.Waiting;
        var deadline = time.GetUtcNow() + WaitLimit + StartLimit;
        while (WaitsFor.FirstOrDefault(other => !other.IsHealthy) is { } missing)
        {
            if (
                missing.State is ResourceState.NotStarted or ResourceState.Exited or ResourceState.Failed
                && missing.current is null
            )
            {
                throw new WrongStateException(
                    $"{Name} waits for {missing.Name}, which is {missing.State}: start that first."
                );
            }

            if (time.GetUtcNow() > deadline)
            {
                throw new HostException($"{Name} waited in vain for {missing.Name}.");
            }

            await Task.Delay(StartPollInterval, time, ct);
        }
    }

    private async Task WaitUntilHealthy(CancellationToken ct)
    {
        var deadline = time.GetUtcNow() + StartLimit;
        while (!await Probe(ct))
        {
            if (await Task.WhenAny(Exited, Task.Delay(StartPollInterval, time, ct)) == Exited)
            {
                throw Failure($"it ended with exit code {await Exited}", inner: null);
            }

            ct.ThrowIfCancellationRequested();
            if (time.GetUtcNow() > deadline)
            {
                throw Failure($"it is not healthy after {StartLimit.TotalSeconds:0} s", inner: null);
            }
        }

        Health = ResourceHealth.Healthy;
    }

    private async Task KeepProbing(Task<int> exited)
    {
        while (!exited.IsCompleted)
        {
            await Task.WhenAny(exited, Task.Delay(RunningPollInterval, time, CancellationToken.None));
            if (!exited.IsCompleted)
            {
                Health = await Probe(CancellationToken.None) ? ResourceHealth.Healthy : ResourceHealth.Unhealthy;
            }
        }

        Health = ResourceHealth.Unknown;
    }

    private async Task Watch(Task<int> exited)
    {
        LastExitCode = await exited;
        if (State is ResourceState.Running or ResourceState.Paused)
        {
            MarkExited();
            Ended?.Invoke(this);
        }
    }

    private void MarkExited()
    {
        State = ResourceState.Exited;
        Health = ResourceHealth.Unknown;
    }

    private void SetCurrent(CancellationTokenSource? command)
    {
        lock (currentGate)
        {
            current = command;
        }
    }

    private HostException Failure(string what, Exception? inner)
    {
        var lines = Log.Last(LinesInError).Select(line => $"  {line.Text}");
        var message = $"{Name} did not start: {what}";
        var text = string.Join('\n', [message, .. lines]);
        return inner is null ? new(text) : new(text, inner);
    }
}
