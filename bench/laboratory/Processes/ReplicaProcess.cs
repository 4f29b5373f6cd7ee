using System.Diagnostics;
using Workshop.AppHost.Processes;

namespace LaboratoryBench.Processes;

/// <summary>A replica as a process of its own.</summary>
internal sealed class ReplicaProcess(Process process) : IAsyncDisposable
{
    private PauseGuard? pause;

    /// <summary>The process.</summary>
    internal Process Process => process;

    /// <summary>Whether it runs and cannot be asked: it is frozen.</summary>
    internal bool IsAway { get; private set; }

    /// <summary>SIGSTOP: it answers nothing, and does not know it.</summary>
    internal async Task Pause()
    {
        SystemCalls.Send(Process.Id, Signal.Stop);
        pause = await PauseGuard.Over([ProcessTable.Find(Process.Id) ?? default]);
        IsAway = true;
    }

    /// <summary>SIGCONT: it goes on where it was.</summary>
    internal void Resume()
    {
        SystemCalls.Send(Process.Id, Signal.Continue);
        IsAway = false;
    }

    /// <summary>SIGKILL: it finishes nothing.</summary>
    internal void Kill() => Process.Kill();

    /// <summary>Waits until it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        await Process.WaitForExitAsync();
        Process.Dispose();
        pause?.Dispose();
    }
}
