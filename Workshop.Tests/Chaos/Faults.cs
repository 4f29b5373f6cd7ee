using System.Globalization;
using System.Text.Json;

namespace Workshop.Tests.Chaos;

/// <summary>What can be done to the workshop while somebody buys.</summary>
public enum FaultKind
{
    /// <summary>SIGKILL for a server of the shop; started again after a second.</summary>
    KillApi,

    /// <summary>SIGTERM for a server of the shop; started again after a second.</summary>
    StopApi,

    /// <summary>SIGKILL for the primary.</summary>
    KillPrimary,

    /// <summary>SIGSTOP for the primary.</summary>
    PausePrimary,

    /// <summary>SIGKILL for the replica.</summary>
    KillReplica,

    /// <summary>SIGSTOP for the replica, SIGCONT after three seconds if nobody ended it before.</summary>
    PauseReplica,

    /// <summary>SIGKILL for the registry, which is the conductor; started again at once.</summary>
    KillRegistry,

    /// <summary>SIGTERM for the registry, and a start.</summary>
    RestartRegistry,
}

/// <summary>A fault that was done.</summary>
/// <param name="Kind">What.</param>
/// <param name="Target">To whom.</param>
/// <param name="At">When, since the start of the run.</param>
/// <param name="Healed">How long until all was whole again.</param>
public sealed record Fault(FaultKind Kind, string Target, TimeSpan At, TimeSpan Healed);

/// <summary>Does faults to a running workshop, one after another, and waits until each is healed.</summary>
internal sealed class Faults(WorkshopControl workshop, Journal journal, bool hasPair, int seed)
{
    /// <summary>Longest time for a fault to heal; beyond it the run has failed.</summary>
    private static readonly TimeSpan HealLimit = TimeSpan.FromSeconds(60);

    /// <summary>The conductor has noticed by then.</summary>
    private static readonly TimeSpan NoticeTime = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Absence = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReplicaPause = TimeSpan.FromSeconds(3);

    /// <summary>What a workshop with one database survives.</summary>
    private static readonly FaultKind[] WithoutPair =
    [
        FaultKind.KillApi,
        FaultKind.StopApi,
        FaultKind.KillRegistry,
        FaultKind.RestartRegistry,
    ];

    private readonly Random random = new(seed);

    /// <summary>All faults that fit the mode, in a random order.</summary>
    public IReadOnlyList<FaultKind> Deck()
    {
        var deck = hasPair ? Enum.GetValues<FaultKind>() : [.. WithoutPair];
        random.Shuffle(deck);
        return deck;
    }

    /// <summary>Does one fault and waits until it is healed.</summary>
    public async Task<Fault> Do(FaultKind kind)
    {
        var word = hasPair ? await workshop.Conductor() : null;
        var target = Target(kind, word);
        var at = journal.Now;
        journal.Note($"{kind} {target}");
        await Strike(kind, target);
        if (hasPair)
        {
            await Heal(kind, word?.GetProperty("term").GetInt64() ?? 0);
        }

        var healed = journal.Now - at;
        journal.Note(string.Create(CultureInfo.InvariantCulture, $"healed after {healed.TotalMilliseconds:0} ms"));
        return new(kind, target, at, healed);
    }

    /// <summary>
    /// A primary that went is healed in the next term; what befell a replica takes a while to be noticed.
    /// </summary>
    private async Task Heal(FaultKind kind, long term)
    {
        var isPrimaryGone = kind is FaultKind.KillPrimary or FaultKind.PausePrimary;
        if (!isPrimaryGone)
        {
            await Task.Delay(NoticeTime);
        }

        await workshop.UntilArmed(HealLimit, isPrimaryGone ? term + 1 : term);
    }

    private string Target(FaultKind kind, JsonElement? word) =>
        kind switch
        {
            FaultKind.KillApi or FaultKind.StopApi => random.Next(2) == 0 ? "shop-api-1" : "shop-api-2",
            FaultKind.KillPrimary or FaultKind.PausePrimary => Name(word, "primary"),
            FaultKind.KillReplica or FaultKind.PauseReplica => Name(word, "standby"),
            _ => "registry",
        };

    private async Task Strike(FaultKind kind, string target)
    {
        switch (kind)
        {
            case FaultKind.KillApi:
                await workshop.Command(target, "kill");
                await Task.Delay(Absence);
                await workshop.Command(target, "start");
                break;
            case FaultKind.StopApi:
                await workshop.Command(target, "stop");
                await Task.Delay(Absence);
                await workshop.Command(target, "start");
                break;
            case FaultKind.KillRegistry:
                await workshop.Command(target, "kill");
                await workshop.Command(target, "start");
                break;
            case FaultKind.RestartRegistry:
                await workshop.Command(target, "restart");
                break;
            case FaultKind.PausePrimary:
                await workshop.Command(target, "pause");
                break;
            case FaultKind.PauseReplica:
                await workshop.Command(target, "pause");
                await Task.Delay(ReplicaPause);
                if ((await workshop.States()).GetValueOrDefault(target) is "Paused")
                {
                    await workshop.Command(target, "resume");
                }

                break;
            case FaultKind.KillPrimary:
            case FaultKind.KillReplica:
                await workshop.Command(target, "kill");
                break;
            default:
                throw new InvalidOperationException($"No fault {kind}.");
        }
    }

    private static string Name(JsonElement? word, string role) =>
        word?.GetProperty(role).GetString() ?? throw new InvalidOperationException($"The conductor knows no {role}.");
}
