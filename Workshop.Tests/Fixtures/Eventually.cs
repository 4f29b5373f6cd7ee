using System.Runtime.CompilerServices;
using Xunit;

namespace Workshop.Tests.Fixtures;

/// <summary>Waits for what comes about by itself; a machine that is busy with other tests takes its time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Lenient = TimeSpan.FromSeconds(120);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Returns once the condition holds, and fails the test if it does not in time.</summary>
    /// <param name="condition">What is waited for.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <param name="within">The time; two minutes where none is given.</param>
    /// <param name="text">The condition as it is written, for who reads of the failure.</param>
    internal static async Task Holds(
        Func<Task<bool>> condition,
        CancellationToken ct,
        TimeSpan? within = null,
        [CallerArgumentExpression(nameof(condition))] string text = ""
    )
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(began) < (within ?? Lenient),
                $"It did not come about in time: {text}"
            );
            await Task.Delay(Pause, ct);
        }
    }
}
