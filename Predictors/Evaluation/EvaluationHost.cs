using Predictors.Data;
using Predictors.Models;

namespace Predictors.Evaluation;

/// <summary>Cross-validates this process's learner once its models serve, and keeps the scores in the cache.</summary>
/// <param name="models">The learner, and when it is ready.</param>
/// <param name="cache">Where scores are kept.</param>
/// <param name="logger">Hears of each computation.</param>
public sealed class EvaluationHost(ModelHost models, ModelCache cache, ILogger<EvaluationHost> logger)
    : BackgroundService
{
    private readonly TaskCompletionSource<IReadOnlyDictionary<string, NetworkScore>> _scores = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    /// <summary>Completes with a score per network.</summary>
    public Task<IReadOnlyDictionary<string, NetworkScore>> Scores => _scores.Task;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await models.Ready.WaitAsync(stoppingToken);
        await Task.Run(
            () =>
                _scores.SetResult(
                    Networks.All.ToDictionary(
                        network => network.Name,
                        network => Obtain(network, stoppingToken),
                        StringComparer.Ordinal
                    )
                ),
            stoppingToken
        );
    }

    private NetworkScore Obtain(Network network, CancellationToken ct)
    {
        var path = cache.PathOf($"{network.Name}-{models.Learner.Name}-score", models.Learner, network);
        return cache.GetOrCompute(
            path,
            CacheJson.Default.NetworkScore,
            () =>
            {
                LogMessages.Evaluating(logger, models.Learner.Name, network.Name);
                var data = DataSet.Load(network);
                return CrossValidation.Score(data, CrossValidation.Answers(models.Learner, data, ct));
            }
        );
    }
}
