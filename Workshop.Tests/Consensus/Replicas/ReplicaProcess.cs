using System.Diagnostics;
using System.Globalization;
using Workshop.AppHost.Processes;
using Workshop.Tests.Fixtures;

namespace Workshop.Tests.Consensus.Replicas;

/// <summary>A consensus service as a process of its own.</summary>
internal sealed class ReplicaProcess : IAsyncDisposable
{
    private PauseGuard? pause;

    private ReplicaProcess(Process process) => Process = process;

    /// <summary>The process.</summary>
    internal Process Process { get; }

    /// <summary>Whether it runs and cannot be asked: it is frozen.</summary>
    internal bool IsAway { get; private set; }

    /// <summary>Starts one; where there is one address it is a consensus without others.</summary>
    /// <param name="addresses">Of all replicas.</param>
    /// <param name="replica">Which of them it is.</param>
    /// <param name="folder">Its data.</param>
    /// <param name="settings">Of this start.</param>
    internal static ReplicaProcess Start(
        IReadOnlyList<string> addresses,
        int replica,
        string folder,
        IEnumerable<(string Name, string Value)> settings
    )
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Consensus.dll")])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            Environment =
            {
                ["ASPNETCORE_URLS"] = addresses[replica],
                ["Workshop__DataDirectory"] = folder,
                ["Workshop__OperatorToken"] = ConsensusFixture.Token,
                ["Logging__LogLevel__Default"] = "Error",
            },
        };
        if (addresses.Count > 1)
        {
            start.Environment["Replicas__Self"] = addresses[replica];
            start.Environment["Replicas__Secret"] = ReplicaGroup.Secret;
            foreach (var (index, address) in addresses.Index())
            {
                start.Environment[string.Create(CultureInfo.InvariantCulture, $"Replicas__Addresses__{index}")] =
                    address;
            }
        }

        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return new(Process.Start(start)!);
    }

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
