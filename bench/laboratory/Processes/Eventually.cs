using System.Runtime.CompilerServices;

namespace LaboratoryBench.Processes;

/// <summary>Waits for what comes about by itself; a machine that is busy with other tests takes its time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Lenient = TimeSpan.FromSeconds(120);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Returns once the condition holds.</summary>
    /// <param name="condition">What is waited for.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <param name="within">The time; two minutes where none is given.</param>
    /// <param name="pause">Between two looks; a tenth of a second where none is given.</param>
    /// <param name="text">The condition as it is written, for who reads of the failure.</param>
    /// <exception cref="TimeoutException">It does not hold in time.</exception>
    internal static Task Holds(
        Func<Task<bool>> condition,
        CancellationToken ct,
        TimeSpan? within = null,
        TimeSpan? pause = null,
        [CallerArgumentExpression(nameof(condition))] string text = ""
    ) => Gives(condition, holds => holds, ct, within, pause, text);

    /// <summary>Asks until the answer is one that is waited for.</summary>
    /// <param name="ask">Asks once.</param>
    /// <param name="isWanted">Whether the answer is one that is waited for.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <param name="within">The time; two minutes where none is given.</param>
    /// <param name="pause">Between two questions; a tenth of a second where none is given.</param>
    /// <param name="text">The condition as it is written, for who reads of the failure.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="TimeoutException">None came in time.</exception>
    internal static async Task<T> Gives<T>(
        Func<Task<T>> ask,
        Func<T, bool> isWanted,
        CancellationToken ct,
        TimeSpan? within = null,
        TimeSpan? pause = null,
        [CallerArgumentExpression(nameof(isWanted))] string text = ""
    )
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await ask();
            if (isWanted(answer))
            {
                return answer;
            }

            if (TimeProvider.System.GetElapsedTime(began) >= (within ?? Lenient))
            {
                throw new TimeoutException($"It did not come about in time: {text}; the last answer was: {answer}");
            }

            await Task.Delay(pause ?? Pause, ct);
        }
    }
}
