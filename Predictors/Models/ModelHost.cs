using Microsoft.Extensions.Diagnostics.HealthChecks;
using Predictors.Data;
using Predictors.Models.Learners;

namespace Predictors.Models;

/// <summary>Holds this process's models: read from the cache, or trained, in the background of the start.</summary>
/// <param name="options">Which learner.</param>
/// <param name="cache">Where models are kept.</param>
/// <param name="logger">Hears of each model.</param>
public sealed class ModelHost(PredictorOptions options, ModelCache cache, ILogger<ModelHost> logger)
    : BackgroundService,
        IHealthCheck
{
    private readonly TrainedModel?[] _models = new TrainedModel?[Networks.All.Length];

    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The learner of this process.</summary>
    public ILearner Learner { get; } =
        LearnerCatalogue.Find(options.Model)
        ?? throw new ArgumentException($"There is no learner {options.Model}.", nameof(options));

    /// <summary>Completes when all models are there.</summary>
    public Task Ready => _ready.Task;

    /// <summary>The model of a network.</summary>
    /// <returns>Null until it is trained.</returns>
    public TrainedModel? Find(Network network) => Volatile.Read(ref _models[Networks.All.IndexOf(network)]);

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) =>
        Task.FromResult(
            Ready.IsCompletedSuccessfully
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("The models are being trained.")
        );

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Run(
            () =>
            {
                foreach (var network in Networks.All)
                {
                    stoppingToken.ThrowIfCancellationRequested();
                    Volatile.Write(ref _models[Networks.All.IndexOf(network)], Obtain(network));
                }

                _ready.SetResult();
            },
            stoppingToken
        );

    private TrainedModel Obtain(Network network)
    {
        var name = $"{network.Name}-{Learner.Name}{(options.HoldOut ? "" : "-all")}";
        var path = cache.PathOf(name, Learner, network);
        return cache.GetOrCompute(
            path,
            CacheJson.Default.TrainedModel,
            () =>
            {
                LogMessages.Training(logger, Learner.Name, network.Name);
                var data = DataSet.Load(network);
                return TrainedModel.Train(Learner, options.HoldOut ? data.Training() : data);
            }
        );
    }
}
