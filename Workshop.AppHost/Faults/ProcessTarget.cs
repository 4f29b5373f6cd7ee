using System.Globalization;
using Workshop.AppHost.Processes;

namespace Workshop.AppHost.Faults;

/// <summary>
/// The process that the orchestrator runs for a resource, with all that descend from it. The process table proves a
/// death; the orchestrator hears of it half a second later.
/// </summary>
internal sealed class ProcessTarget(IResource resource, ResourceNotificationService notifications) : IFaultTarget
{
    /// <summary>How long a process may live after SIGKILL; the kernel takes milliseconds unless a disk hangs.</summary>
    private static readonly TimeSpan DeathLimit = TimeSpan.FromSeconds(10);

    /// <summary>The number of the resource's process, be it alive or not.</summary>
    internal static int? ProcessIdOf(CustomResourceSnapshot snapshot) =>
        snapshot.Properties.FirstOrDefault(property => property.Name is KnownProcessId)?.Value is { } value
            ? Convert.ToInt32(value, CultureInfo.InvariantCulture)
            : null;

    public Task<bool> IsAlive(CancellationToken ct) => Task.FromResult(Find() is not null);

    public async Task<bool> Kill(CancellationToken ct)
    {
        if (Find() is not { } process)
        {
            return false;
        }

        // Stopped first, so that it cannot start another child between the look and the kill.
        SystemCalls.Send(process.Id, Signal.Stop);
        ProcessEntry[] family = [process, .. ProcessTable.Descendants(process.Id)];
        foreach (var member in family)
        {
            SystemCalls.Send(member.Id, Signal.Kill);
        }

        await ProcessTable.SeeDead(family, DeathLimit, ct);
        return true;
    }

    public Task Pause(CancellationToken ct)
    {
        // The main process first: it starts no more children.
        SendAll(Signal.Stop, process => [process, .. ProcessTable.Descendants(process.Id)]);
        return Task.CompletedTask;
    }

    public Task Resume(CancellationToken ct)
    {
        SendAll(Signal.Continue, process => [.. ProcessTable.Descendants(process.Id), process]);
        return Task.CompletedTask;
    }

    public async Task Stop(TimeSpan limit, CancellationToken ct)
    {
        if (Find() is not { } process)
        {
            return;
        }

        ProcessEntry[] family = [process, .. ProcessTable.Descendants(process.Id)];
        await Resume(ct);
        SystemCalls.Send(process.Id, Signal.Terminate);
        try
        {
            await ProcessTable.SeeDead(family, limit, ct);
        }
        catch (TimeoutException)
        {
            await Kill(ct);
        }
    }

    private const string KnownProcessId = "executable.pid";

    private void SendAll(Signal signal, Func<ProcessEntry, IEnumerable<ProcessEntry>> order)
    {
        if (Find() is { } process)
        {
            foreach (var member in order(process))
            {
                SystemCalls.Send(member.Id, signal);
            }
        }
    }

    /// <summary>The snapshot's number outlives its process until the orchestrator hears of the death.</summary>
    private ProcessEntry? Find() =>
        notifications.TryGetCurrentState(resource.Name, out var current)
        && ProcessIdOf(current.Snapshot) is { } id
        && ProcessTable.Find(id) is { IsAlive: true } process
            ? process
            : null;
}
