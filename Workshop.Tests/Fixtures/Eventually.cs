using Xunit;

namespace Workshop.Tests.Fixtures;

/// <summary>Waits for what comes about by itself; a machine that is busy with other tests takes its time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Lenient = TimeSpan.FromSeconds(120);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Returns once the condition holds, and fails the test if it does not within two minutes.</summary>
    internal static async Task Holds(Func<Task<bool>> condition, CancellationToken ct)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Lenient, "It did not come about in time.");
            await Task.Delay(Pause, ct);
        }
    }
}
