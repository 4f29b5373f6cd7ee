using Microsoft.Extensions.Primitives;
using Workshop.ServiceDefaults.Loops;

namespace Workshop.ServiceDefaults.Discovery;

/// <summary>
/// While one request waits for its answer: gives up, some time after the instance that it was sent to is no longer among
/// the service's instances.
/// </summary>
internal sealed class LeavingWatch : IDisposable
{
    private readonly CancellationTokenSource gone = new();
    private readonly IDisposable? registration;

    /// <summary>Begins to watch.</summary>
    /// <param name="changed">Fires when the service's instances change; null to watch nothing.</param>
    /// <param name="isStillThere">Asks whether the instance is still among them.</param>
    /// <param name="grace">How long an instance that left has to answer.</param>
    /// <param name="background">Asks beside the request.</param>
    internal LeavingWatch(
        IChangeToken? changed,
        Func<CancellationToken, Task<bool>> isStillThere,
        TimeSpan grace,
        Background background
    )
    {
        registration = changed?.RegisterChangeCallback(
            _ => background.Once("whether an instance is still there", () => OnChanged(isStillThere, grace)),
            null
        );
    }

    /// <summary>Cancelled when the request is to be given up.</summary>
    internal CancellationToken Gone => gone.Token;

    public void Dispose()
    {
        registration?.Dispose();
        gone.Dispose();
    }

    private async Task OnChanged(Func<CancellationToken, Task<bool>> isStillThere, TimeSpan grace)
    {
        try
        {
            if (!await isStillThere(gone.Token))
            {
                gone.CancelAfter(grace);
            }
        }
        catch (ObjectDisposedException)
        {
            // The answer came meanwhile.
        }
    }
}
