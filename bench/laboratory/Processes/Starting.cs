namespace LaboratoryBench.Processes;

/// <summary>A start that fails leaves nothing behind that runs.</summary>
internal static class Starting
{
    /// <summary>Waits until what was started is ready, and ends it where that fails.</summary>
    /// <param name="started">What was started.</param>
    /// <param name="ready">The rest of its start.</param>
    /// <returns>What was started.</returns>
    internal static async Task<T> OnceReady<T>(this T started, Func<Task> ready)
        where T : IAsyncDisposable
    {
        try
        {
            await ready();
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }
}
