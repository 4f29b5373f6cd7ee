using System.Runtime.InteropServices;

namespace Workshop.Figures;

/// <summary>However it is told to end, what a bench has started ends, and its folder goes.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly PosixSignalRegistration interrupted;
    private readonly PosixSignalRegistration terminated;

    internal StopSignals()
    {
        interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    }

    /// <summary>Cancelled once it is told to.</summary>
    internal CancellationToken Token => stop.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        terminated.Dispose();
        interrupted.Dispose();
        stop.Dispose();
    }

    private void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        stop.Cancel();
    }
}
