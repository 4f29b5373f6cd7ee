using Registry.Conductor.StateMachine;

namespace Registry.Conductor;

/// <summary>
/// The conductor of the database pair: it watches, decides and acts. Each run begins with the persisted state and nothing else,
/// so that one may be ended at any moment, and another one begun.
/// </summary>
internal sealed class PairConductor(ConductorTelemetry telemetry, IServiceProvider services) : BackgroundService
{
    private volatile ConductorRun? run;

    /// <summary>What it knows; null before the first look.</summary>
    public ConductorView? View => run?.View;

    /// <summary>Why nothing is decided; null while all is.</summary>
    public ConductorStop? Stop => run?.Stop;

    /// <summary>The standby and its primary, where both answer.</summary>
    public (DatabaseServer Standby, DatabaseServer Primary)? Pair => run?.Pair;

    /// <summary>
    /// Takes a person's decision that the other server is to be primary; or, where nothing is decided, the only one.
    /// </summary>
    public void Force(string? server, bool mayLose) => run?.Force(server, mayLose);

    /// <summary>Takes a person's wish for a storage mode.</summary>
    /// <returns>Null once it is persisted and shown; else why it is not.</returns>
    public async Task<string?> Want(StorageMode mode, CancellationToken ct) =>
        run is { } current ? await current.Want(mode, ct) : "Nothing is decided here.";

    /// <summary>Conducts until told to stop.</summary>
    public async Task Conduct(CancellationToken ct)
    {
        var mine = ActivatorUtilities.CreateInstance<ConductorRun>(services);
        run = mine;
        telemetry.Observe(() => View);
        try
        {
            await mine.Conduct(ct);
        }
        finally
        {
            run = null;
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Conduct(stoppingToken);
}
