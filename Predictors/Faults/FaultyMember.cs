using Predictors.Data;

namespace Predictors.Faults;

/// <summary>What happens to one request of a faulty member.</summary>
/// <param name="Rows">What is answered; null for no answer at all.</param>
/// <param name="Delay">How long the answer is held back.</param>
/// <param name="Malformation">How the answer is spoilt; null for well-formed.</param>
internal sealed record FaultOutcome(IReadOnlyList<double[]>? Rows, TimeSpan Delay, Malformation? Malformation);

/// <summary>
/// Remembers what faults need to remember (counts, the last answer) and asks the pure rules to decide.
/// </summary>
/// <param name="options">Which fault.</param>
/// <param name="kind">The same, found.</param>
/// <param name="salt">Makes one random member differ from another.</param>
/// <param name="copycat">Asks the member that is copied; null for faults that copy nobody.</param>
/// <param name="hasJoined">
/// Whether this member is registered, or need not be. What gives no answer is never admitted, so faults of that kind begin then.
/// </param>
internal sealed class FaultyMember(
    PredictorOptions options,
    FaultKind kind,
    int salt,
    Copycat? copycat,
    Func<bool> hasJoined
)
{
    private readonly Lock _lock = new();

    private readonly Dictionary<Network, (long Answered, double[]? Last)> _memory = [];

    /// <summary>Decides on a request.</summary>
    /// <param name="network">What is asked.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="honest">What an honest member would answer.</param>
    /// <param name="ct">Ends the asking of another member.</param>
    internal async Task<FaultOutcome> Decide(
        Network network,
        IReadOnlyList<double[]> rows,
        double[][] honest,
        CancellationToken ct
    )
    {
        switch (kind)
        {
            case FaultKind.Absent or FaultKind.Slow or FaultKind.Malformed when !hasJoined():
                return new(honest, TimeSpan.Zero, null);
            case FaultKind.Betrayer when copycat is not null:
                return new(
                    DecideRows(network, rows, await copycat.Ask(network, rows, ct) ?? honest),
                    TimeSpan.Zero,
                    null
                );
            case FaultKind.Absent:
                return new(null, TimeSpan.Zero, null);
            case FaultKind.Slow:
                return new(honest, options.Delay, null);
            case FaultKind.Malformed:
                return new(honest, TimeSpan.Zero, MalformedAnswer.Turn(Remember(network, honest).AnsweredBefore));
            case FaultKind.Copycat when copycat is not null:
                return new(await copycat.Ask(network, rows, ct) ?? honest, TimeSpan.Zero, null);
            default:
                return new(DecideRows(network, rows, honest), TimeSpan.Zero, null);
        }
    }

    private double[][] DecideRows(Network network, IReadOnlyList<double[]> rows, double[][] honest)
    {
        var (before, previous) = Remember(network, honest);
        return
        [
            .. rows.Select(
                (row, index) =>
                    FaultRules.Decide(
                        new(
                            kind,
                            network,
                            row,
                            honest[index],
                            before + index,
                            options.HonestAnswers,
                            index > 0 ? honest[index - 1] : previous,
                            salt
                        )
                    )
            ),
        ];
    }

    private (long AnsweredBefore, double[]? Last) Remember(Network network, double[][] honest)
    {
        lock (_lock)
        {
            var before = _memory.GetValueOrDefault(network);
            _memory[network] = (before.Answered + honest.Length, honest[^1]);
            return before;
        }
    }
}
