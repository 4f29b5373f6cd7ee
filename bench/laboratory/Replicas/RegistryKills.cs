using System.Diagnostics;
using System.Globalization;
using LaboratoryBench.Chaos;

namespace LaboratoryBench.Replicas;

/// <summary>What came of killing registries that lead.</summary>
/// <param name="Seed">Of the random points.</param>
/// <param name="NewLeader">From each kill until another led.</param>
/// <param name="NextLease">From each kill until a server that tries again was registered.</param>
/// <param name="Acknowledged">Registrations that were answered with success.</param>
/// <param name="Lost">Of them not shown by both that were left.</param>
internal sealed record RegistryKillFigures(
    int Seed,
    IReadOnlyList<TimeSpan> NewLeader,
    IReadOnlyList<TimeSpan> NextLease,
    int Acknowledged,
    int Lost
)
{
    private const int WantedMilliseconds = 2000;

    internal string Table() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            | what | seen | wanted |
            | --- | ---: | ---: |
            | leading registries killed (seed {Seed}) | {NewLeader.Count} |  |
            | another leads, p50 | {P(NewLeader, 0.5):0} ms |  |
            | another leads, p99 | {P(NewLeader, 0.99):0} ms | {WantedMilliseconds} ms |
            | longest | {P(NewLeader, 1):0} ms |  |
            | the next server is registered, p50 | {P(NextLease, 0.5):0} ms |  |
            | the next server is registered, p99 | {P(NextLease, 0.99):0} ms |  |
            | registrations acknowledged | {Acknowledged} |  |
            | of them not known to both that were left | {Lost} | 0 |
            """
        );

    private static double P(IReadOnlyList<TimeSpan> times, double share) =>
        Gaps.Quantile(times, share).TotalMilliseconds;
}

/// <summary>
/// Kills whichever registry leads, again and again, while servers register with any of them and try until they are answered; then
/// looks whether those that are left know all that was acknowledged.
/// </summary>
internal static class RegistryKills
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>A registry that follows shows a change within a second.</summary>
    private static readonly TimeSpan Shown = TimeSpan.FromSeconds(5);

    internal static async Task<RegistryKillFigures> Go(int kills, int seed, CancellationToken ct)
    {
        var random = new Random(seed);
        await using var group = await RegistryGroup.Start(ct);
        var (newLeader, nextLease) = (new List<TimeSpan>(), new List<TimeSpan>());
        var (acknowledged, lost) = (0, 0);
        for (var kill = 0; kill < kills; kill++)
        {
            var told = new List<string>();
            var killed = await KilledLeader.Amid(group, random, enough => Work(group, told, enough, ct), ct);
            newLeader.Add(killed.NewLeader);
            nextLease.Add(killed.NextAnswer);
            acknowledged += told.Count;
            foreach (var instance in told)
            {
                lost += await IsKnownToAll(group, instance, ct) ? 0 : 1;
                using var left = await group.Leave(group.Running.First(), instance, ct);
                left.EnsureSuccessStatusCode();
            }

            group.Run(killed.Replica);
            await group.UntilAllAreHealthy(ct);
        }

        return new(seed, newLeader, nextLease, acknowledged, lost);
    }

    /// <summary>Server after server; the one that is under way at the end is registered.</summary>
    private static async Task Work(
        RegistryGroup group,
        List<string> told,
        CancellationToken enough,
        CancellationToken ct
    )
    {
        for (var asked = 0; !enough.IsCancellationRequested; )
        {
            var instance = string.Create(CultureInfo.InvariantCulture, $"server-{told.Count}");
            if (await TryRegister(group, asked++ % group.Addresses.Count, instance, ct))
            {
                told.Add(instance);
            }

            await Task.Delay(Pause, ct);
        }
    }

    private static async Task<bool> TryRegister(RegistryGroup group, int replica, string instance, CancellationToken ct)
    {
        try
        {
            // Nobody listens on the discard port; that it is dead is no reason not to know it.
            using var answer = await group.Register(replica, instance, 9, ct);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<bool> IsKnownToAll(RegistryGroup group, string instance, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var found = await Task.WhenAll(group.Running.Select(replica => group.Find(replica, instance, ct)));
            if (Array.TrueForAll(found, one => one is not null))
            {
                return true;
            }

            if (Stopwatch.GetElapsedTime(began) > Shown)
            {
                return false;
            }

            await Task.Delay(Pause, ct);
        }
    }
}
