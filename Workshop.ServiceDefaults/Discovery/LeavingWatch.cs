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
    private readonly Lock gate = new();
    private readonly Func<CancellationToken, Task<IChangeToken?>> look;
    private readonly TimeSpan grace;
    private readonly Background background;
    private IDisposable? registration;
    private bool isOver;

    /// <summary>Begins to watch.</summary>
    /// <param name="changed">Fires when the service's instances change; null to watch nothing.</param>
    /// <param name="look">What fires at the next change, while the instance is still among them; else null.</param>
    /// <param name="grace">How long an instance that left has to answer.</param>
    /// <param name="background">Asks beside the request.</param>
    internal LeavingWatch(
        IChangeToken? changed,
        Func<CancellationToken, Task<IChangeToken?>> look,
        TimeSpan grace,
        Background background
    )
    {
        (this.look, this.grace, this.background) = (look, grace, background);
        if (changed is not null)
        {
            Listen(changed);
        }
    }

    /// <summary>Cancelled when the request is to be given up.</summary>
    internal CancellationToken Gone => gone.Token;

    public void Dispose()
    {
        IDisposable? last;
        lock (gate)
        {
            isOver = true;
            last = registration;
        }

        // Not within the lock, for which a callback may wait that this waits for.
        last?.Dispose();
        gone.Dispose();
    }

    private void Listen(IChangeToken changed)
    {
        // One that has fired already calls back at once.
        var next = changed.RegisterChangeCallback(
            _ => background.Once("whether an instance is still there", OnChanged),
            null
        );
        lock (gate)
        {
            if (!isOver)
            {
                registration = next;
                return;
            }
        }

        next.Dispose();
    }

    private async Task OnChanged()
    {
        try
        {
            if (await look(gone.Token) is { } next)
            {
                Listen(next);
            }
            else
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
