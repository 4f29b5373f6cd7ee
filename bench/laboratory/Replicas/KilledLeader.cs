using System.Diagnostics;
using LaboratoryBench.Processes;

namespace LaboratoryBench.Replicas;

/// <summary>A leader that was killed in the middle of work.</summary>
/// <param name="Replica">Which one; it does not run.</param>
/// <param name="NewLeader">From the kill until another led.</param>
/// <param name="NextAnswer">From the kill until the work that was under way was done.</param>
internal sealed record KilledLeader(int Replica, TimeSpan NewLeader, TimeSpan NextAnswer)
{
    private const int LongestWorkMilliseconds = 150;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Kills whoever leads, at a random point.</summary>
    /// <param name="group">The replicas.</param>
    /// <param name="random">Says when.</param>
    /// <param name="work">Goes on, try after try, until its token says that it is enough; what is under way then is done.</param>
    /// <param name="ct">Ends the wait.</param>
    internal static async Task<KilledLeader> Amid(
        ReplicaProcesses group,
        Random random,
        Func<CancellationToken, Task> work,
        CancellationToken ct
    )
    {
        var leader = await group.Leader(ct);
        using var enough = new CancellationTokenSource();
        var worker = work(enough.Token);
        await Task.Delay(random.Next(LongestWorkMilliseconds), ct);
        var killed = Stopwatch.GetTimestamp();
        await group.Kill(leader);
        await Eventually.Holds(async () => await group.LeaderNow() >= 0, ct, pause: Pause);
        var newLeader = Stopwatch.GetElapsedTime(killed);
        await enough.CancelAsync();
        await worker;
        return new(leader, newLeader, Stopwatch.GetElapsedTime(killed));
    }
}
