using System.Text.Json;
using Registry.Conductor;
using Registry.Conductor.StateMachine;
using Registry.Leases;
using Registry.Observer;
using Registry.Probes;
using Workshop.Replicas;
using Workshop.ServiceDefaults.Errors;

namespace Registry.Replicas;

/// <summary>What a registry does while it leads: it takes over the leases, probes, and conducts.</summary>
internal sealed class RegistryLeader(
    MajorityLog log,
    ReplicatedRegistry state,
    IRegistryCommit commits,
    ServiceTable table,
    Prober prober,
    ServiceEnding ending,
    PersistedStateFile file,
    IServiceProvider services,
    ILogger<RegistryLeader> logger
) : ILeader
{
    /// <summary>A lease that ran out is forgotten by the table first; twice missing there, it is forgotten by all.</summary>
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(5);

    public async Task Lead(CancellationToken leadership)
    {
        await commits.Commit(new());
        if (!await TryTakeUp())
        {
            return;
        }

        table.Lead(state.Now.Leases.Values);
        try
        {
            log.Open();
            LogMessages.Leads(logger, log.Term, state.Now.Leases.Count);
            await Task.WhenAll(
                prober.Run(leadership),
                services.GetService<PairConductor>()?.Conduct(leadership) ?? Task.CompletedTask,
                services.GetService<ObserverRunner>()?.Run(leadership) ?? Task.CompletedTask,
                Sweep(leadership)
            );
        }
        finally
        {
            table.Follow();
        }
    }

    /// <summary>At the first start of a group: what one registry alone decided before is the group's.</summary>
    private async Task<bool> TryTakeUp()
    {
        if (state.Now.Conductor is not null)
        {
            return true;
        }

        try
        {
            if (file.Read() is var kept && kept != PersistedState.None)
            {
                await commits.Commit(new(Conductor: kept));
            }

            return true;
        }
        catch (Exception unreadable) when (unreadable is JsonException or IOException or UnauthorizedAccessException)
        {
            ending.End(
                $"What the conductor decided before cannot be read, and nothing is decided without: {unreadable.Message}"
            );
            return false;
        }
    }

    private async Task Sweep(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(SweepInterval);
        HashSet<string> missing = [];
        while (!ct.IsCancellationRequested && await timer.WaitForNextTickAsync(ct))
        {
            var gone = state.Now.Leases.Values.Where(IsGone).ToDictionary(lease => lease.Key, StringComparer.Ordinal);
            // Each is looked at again: a server may have come back while another was being forgotten.
            foreach (var lease in gone.Values.Where(lease => missing.Contains(lease.Key) && IsGone(lease)))
            {
                try
                {
                    await commits.Commit(new(Left: lease.Key));
                }
                catch (ServiceUnavailableException)
                {
                    // No majority just now: it is still missing at the next look.
                }
            }

            missing = [.. gone.Keys];
        }

        bool IsGone(LeasedInstance lease) => !table.Has(lease.Service, lease.Instance);
    }
}
