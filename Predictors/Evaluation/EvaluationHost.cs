using Predictors.Data;
using Predictors.Membership;
using Predictors.Models;

namespace Predictors.Evaluation;

/// <summary>
/// Cross-validates this process's learner, and keeps the scores in the cache. It takes many times what training takes, so it
/// begins a while after the models serve, when other services have started too, or as soon as somebody asks.
/// </summary>
/// <param name="models">The learner, and when it is ready.</param>
/// <param name="cache">Where scores are kept.</param>
/// <param name="membership">Comes first: whoever waits for this process waits for that.</param>
/// <param name="time">Clock.</param>
/// <param name="logger">Hears of each computation.</param>
internal sealed class EvaluationHost(
    ModelHost models,
    ModelCache cache,
    MembershipHost membership,
    TimeProvider time,
    ILogger<EvaluationHost> logger
) : BackgroundService
{
    private static readonly TimeSpan StartOfOthers = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource<IReadOnlyDictionary<string, NetworkScore>> _scores = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    /// <summary>Completes with a score per network.</summary>
    public Task<IReadOnlyDictionary<string, NetworkScore>> Scores => _scores.Task;

    /// <summary>Somebody waits for the scores.</summary>
    public void Hurry() => _asked.TrySetResult();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await membership.Settled.WaitAsync(stoppingToken);
        await Task.WhenAny(_asked.Task, Task.Delay(StartOfOthers, time, stoppingToken));
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
