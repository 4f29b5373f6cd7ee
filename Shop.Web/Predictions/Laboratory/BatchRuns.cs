using System.Collections.Concurrent;
using Workshop.ServiceDefaults.Loops;

namespace Shop.Web.Predictions.Laboratory;

/// <summary>Batches that a press of the button asked for.</summary>
/// <param name="wanted">How many.</param>
public sealed class BatchRun(int wanted)
{
    private readonly Lock gate = new();
    private readonly List<RunBatch> batches = [];

    /// <summary>How many were asked for.</summary>
    public int Wanted => wanted;

    /// <summary>Why it ended early; null where it did not.</summary>
    public string? Problem { get; private set; }

    /// <summary>Whether the reader ended it.</summary>
    public bool IsCancelled { get; private set; }

    /// <summary>Whether batches are still being run.</summary>
    public bool IsRunning { get; private set; } = true;

    /// <summary>Those that are done.</summary>
    public IReadOnlyList<RunBatch> Done
    {
        get
        {
            lock (gate)
            {
                return [.. batches];
            }
        }
    }

    internal void Add(Batch batch)
    {
        lock (gate)
        {
            batches.Add(new(batch.Number, batch.Members));
        }
    }

    internal void End(string? problem, bool isCancelled)
    {
        (Problem, IsCancelled) = (problem, isCancelled);
        IsRunning = false;
    }
}

/// <summary>Runs batches while the reader looks on: one run for each network, and the last one that ended.</summary>
/// <param name="services">Makes the client of each batch.</param>
/// <param name="background">Runs them, since nobody waits for them.</param>
/// <param name="lifetime">Ends runs with the program.</param>
public sealed class BatchRuns(IServiceScopeFactory services, Background background, IHostApplicationLifetime lifetime)
{
    /// <summary>Rows of a batch.</summary>
    internal const int Rows = 32;

    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<string, (BatchRun Run, CancellationTokenSource Stop)> runs = new(
        StringComparer.Ordinal
    );

    /// <summary>The run of a network that is under way, or else the last one; null for none.</summary>
    /// <param name="network">The network.</param>
    public BatchRun? Of(string network) => runs.TryGetValue(network, out var entry) ? entry.Run : null;

    /// <summary>Starts a run, unless one is under way in this network.</summary>
    /// <param name="network">A known network.</param>
    /// <param name="wanted">How many batches.</param>
    /// <returns>Whether it was started.</returns>
    public bool Start(string network, int wanted)
    {
        lock (gate)
        {
            if (Of(network) is { IsRunning: true })
            {
                return false;
            }

            if (runs.TryGetValue(network, out var before))
            {
                before.Stop.Dispose();
            }

            var stop = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
            var run = new BatchRun(wanted);
            runs[network] = (run, stop);
            var token = stop.Token;
            background.Once("batches of the laboratory", () => Carry(network, run, token));
            return true;
        }
    }

    /// <summary>Ends a run after the batch that is under way.</summary>
    /// <param name="network">The network.</param>
    public void Cancel(string network)
    {
        lock (gate)
        {
            if (Of(network) is { IsRunning: true })
            {
                runs[network].Stop.Cancel();
            }
        }
    }

    private async Task Carry(string network, BatchRun run, CancellationToken stop)
    {
        string? problem = null;
        try
        {
            for (var n = 0; n < run.Wanted && problem is null && !stop.IsCancellationRequested; n++)
            {
                await using var scope = services.CreateAsyncScope();
                var consensus = scope.ServiceProvider.GetRequiredService<ConsensusClient>();
                // A batch that was sent is waited for: it is in the ledger, whoever has lost patience.
                var answer = await consensus.RunBatch(network, Rows, lifetime.ApplicationStopping);
                problem = answer.Problem?.Sentence;
                if (answer.Value is { } batch)
                {
                    run.Add(batch);
                }
            }
        }
        catch (OperationCanceledException)
        {
            problem = "The storefront was stopped.";
        }
        finally
        {
            run.End(problem, stop.IsCancellationRequested);
        }
    }
}
