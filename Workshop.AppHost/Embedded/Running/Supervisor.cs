using Workshop.AppHost.Embedded.Hosting;

namespace Workshop.AppHost.Embedded.Running;

/// <summary>Keeps all resources: starts them in order, stops them in reverse.</summary>
internal sealed class Supervisor : IAsyncDisposable
{
    /// <summary>All is stopped within 10 s: what has not stopped by then is killed.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(9);

    /// <summary>A service that still has requests in flight after this long is killed.</summary>
    private static readonly TimeSpan ServiceStopLimit = TimeSpan.FromSeconds(3);

    private readonly IReadOnlyList<IReadOnlyList<Runner>> groups;
    private readonly Action<string> console;

    /// <summary>Keeps <paramref name="runners"/>; nothing is started yet.</summary>
    /// <exception cref="HostException">Some resources wait for each other.</exception>
    internal Supervisor(IReadOnlyList<Runner> runners, Action<string> console)
    {
        Runners = runners;
        this.console = console;
        var byResource = runners.ToDictionary(runner => runner.Resource);
        foreach (var runner in runners)
        {
            runner.WaitsFor = [.. runner.Resource.WaitsFor.Select(other => byResource[other])];
            runner.Ended = ended => console($"{ended.Name} ended with exit code {ended.LastExitCode}");
        }

        try
        {
            groups = StartOrder.Groups(runners, runner => runner.WaitsFor, runner => runner.Name);
        }
        catch (InvalidOperationException e)
        {
            throw new HostException(e.Message, e);
        }
    }

    /// <summary>All resources, in the order of the application model.</summary>
    internal IReadOnlyList<Runner> Runners { get; }

    /// <summary>The resource of that name, or null.</summary>
    internal Runner? Find(string name) =>
        Runners.FirstOrDefault(runner => string.Equals(runner.Name, name, StringComparison.Ordinal));

    /// <summary>Starts everything that starts by itself; returns when all is healthy.</summary>
    /// <exception cref="HostException">Something did not start; nothing more is started then.</exception>
    internal async Task Start(TimeProvider time, CancellationToken ct)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var starts = Runners.Where(runner => !runner.Resource.StartsExplicitly).Select(StartOne).ToArray();
        await Task.WhenAll(starts);

        async Task StartOne(Runner runner)
        {
            var began = time.GetTimestamp();
            try
            {
                await runner.Start(failed.Token);
                var port = runner.Resource.Endpoints.FirstOrDefault()?.Url ?? "";
                console($"{runner.Name, -22} healthy after {time.GetElapsedTime(began).TotalSeconds, 5:0.0} s  {port}");
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                await failed.CancelAsync();
                throw;
            }
        }
    }

    /// <summary>
    /// Stops everything, dependents first; databases last, the primary before its standby, which so receives all.
    /// </summary>
    internal async Task Stop()
    {
        using var limit = new CancellationTokenSource(StopLimit);
        foreach (var group in groups.Reverse())
        {
            await Task.WhenAll(
                group.Where(runner => runner is not DatabaseRunner).Select(runner => StopOne(runner, limit.Token))
            );
        }

        foreach (var database in Runners.OfType<DatabaseRunner>().OrderBy(runner => runner.IsStandby))
        {
            await StopOne(database, limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Runners.Select(runner => runner.DisposeAsync().AsTask()));
    }

    private async Task StopOne(Runner runner, CancellationToken ct)
    {
        try
        {
            await runner.Stop(ServiceStopLimit, ct);
        }
        catch (OperationCanceledException)
        {
            console($"{runner.Name} did not stop in time and is killed");
            await runner.Kill(CancellationToken.None);
        }
    }
}
