using Predictors.Membership;
using Workshop.Ledger.Witnesses;
using Workshop.ServiceDefaults.Files;
using Workshop.ServiceDefaults.Identity;
using Workshop.ServiceDefaults.Loops;

namespace Predictors.Witnessing;

/// <summary>
/// Every predictor is a witness: it follows the ledger of its consensus, checks it, keeps a copy and signs what it saw.
/// It begins when the workshop has started, since nobody waits for it.
/// </summary>
internal sealed class WitnessHost(
    IConfiguration configuration,
    IHostEnvironment environment,
    PredictorOptions options,
    MembershipHost membership,
    Lazy<WitnessKey> key,
    Background background,
    TimeProvider time,
    ILogger<WitnessHost> logger
) : BackgroundService
{
    private const string KeyFile = "witness.key";

    private volatile Witness? witness;

    /// <summary>What this witness knows; null where there is no consensus to follow.</summary>
    internal WitnessReport? Report =>
        configuration.AddressesOfConsensus() is []
            ? null
            : WitnessReport.Of(Name, key.Value.PublicKey, witness?.Status ?? WitnessStatus.Begin);

    private string Name => ServedBy.InstanceName(configuration, environment);

    /// <summary>The key of a folder, made where there is none that can be read.</summary>
    internal static WitnessKey OpenKey(string folder, ILogger logger)
    {
        var path = Path.Combine(folder, KeyFile);
        if (StateFile.Read(path, WitnessKey.Read, logger) is { } known)
        {
            return known;
        }

        var made = WitnessKey.Create();
        StateFile.TryWrite(path, made.Export(), logger, isSecret: true);
        return made;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (configuration.AddressesOfConsensus() is not [_, ..] consensus)
        {
            return;
        }

        await membership.Settled.WaitAsync(stoppingToken);
        await Task.Delay(options.WitnessAfter, time, stoppingToken);
        using var http = LedgerSource.Client(consensus);
        var own = new WitnessOptions(Path.Combine(options.DataDirectory, "ledger"), Name, key.Value)
        {
            SignEvery = options.SignEvery,
        };
        witness = new(own, http, time, logger);
        await background.Loop("witness", witness.Follow, stoppingToken);
    }
}
