using System.Globalization;
using System.Text.Json;

namespace LaboratoryBench.Chaos;

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

    /// <summary>
    /// SIGSTOP for the mirror, until the conductor shows that writes go on without it; then SIGCONT.
    /// </summary>
    LoseMirror,

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
/// <param name="Failover">What the conductor says of the failover; null where there was none.</param>
public sealed record Fault(FaultKind Kind, string Target, TimeSpan At, TimeSpan Healed, FailoverParts? Failover = null)
{
    /// <summary>It takes the primary away.</summary>
    public bool IsPrimaryGone => Kind is FaultKind.KillPrimary or FaultKind.PausePrimary;
}

/// <summary>The parts of a failover, in milliseconds, as the conductor measured them.</summary>
/// <param name="DetectMilliseconds">Until the primary was found down.</param>
/// <param name="FenceMilliseconds">Until it was seen dead.</param>
/// <param name="PromoteMilliseconds">Until the other one took writes.</param>
/// <param name="RerouteMilliseconds">Until a client's query was seen on it.</param>
public sealed record FailoverParts(
    double DetectMilliseconds,
    double FenceMilliseconds,
    double PromoteMilliseconds,
    double RerouteMilliseconds
);

/// <summary>Does faults to a running workshop, one after another, and waits until each is healed.</summary>
internal sealed class Faults(WorkshopControl workshop, Journal journal, string mode, int seed)
{
    /// <summary>Longest time for a fault to heal; beyond it the run has failed.</summary>
    public static readonly TimeSpan HealLimit = TimeSpan.FromSeconds(60);

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

    /// <summary>
    /// What a run does first, and in any case, however short it is: what a mode differs by. The modes' together are all kinds.
    /// </summary>
    /// <param name="mode">The storage mode.</param>
    /// <returns>Kinds, in the order in which they are done.</returns>
    public static IReadOnlyList<FaultKind> Owed(string mode) =>
        mode switch
        {
            "synchronous" => [FaultKind.LoseMirror, FaultKind.PausePrimary, FaultKind.KillPrimary],
            "asynchronous" => [FaultKind.KillPrimary, FaultKind.PauseReplica, FaultKind.KillReplica],
            _ => WithoutPair,
        };

    private readonly Random random = new(seed);
    private readonly bool hasPair = mode is not "basic";

    /// <summary>All faults that fit the mode, in a random order.</summary>
    public IReadOnlyList<FaultKind> Deck()
    {
        // Writes of asynchronous replication do not wait for the replica: there is nothing to go on without.
        FaultKind[] deck = hasPair
            ? [.. Enum.GetValues<FaultKind>().Where(kind => kind != FaultKind.LoseMirror || mode is "synchronous")]
            : [.. WithoutPair];
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
        var fault = new Fault(kind, target, at, TimeSpan.Zero);
        if (hasPair)
        {
            await Heal(fault, word?.GetProperty("term").GetInt64() ?? 0);
        }

        fault = fault with { Healed = journal.Now - at, Failover = fault.IsPrimaryGone ? await Parts() : null };
        journal.Note(
            string.Create(CultureInfo.InvariantCulture, $"healed after {fault.Healed.TotalMilliseconds:0} ms")
        );
        return fault;
    }

    /// <summary>
    /// A primary that went is healed in the next term; what befell a replica takes a while to be noticed.
    /// </summary>
    private async Task Heal(Fault fault, long term)
    {
        if (!fault.IsPrimaryGone)
        {
            await Task.Delay(NoticeTime);
        }

        await workshop.UntilArmed(HealLimit, fault.IsPrimaryGone ? term + 1 : term);
    }

    private async Task<FailoverParts?> Parts() =>
        (await workshop.Conductor())?.GetProperty("lastFailover").Deserialize<FailoverParts>(JsonSerializerOptions.Web);

    private string Target(FaultKind kind, JsonElement? word) =>
        kind switch
        {
            FaultKind.KillApi or FaultKind.StopApi => random.Next(2) == 0 ? "shop-api-1" : "shop-api-2",
            FaultKind.KillPrimary or FaultKind.PausePrimary => Name(word, "primary"),
            FaultKind.KillReplica or FaultKind.PauseReplica or FaultKind.LoseMirror => Name(word, "standby"),
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
            case FaultKind.LoseMirror:
                await workshop.Command(target, "pause");
                await workshop.UntilNotArmed(HealLimit);
                await Task.Delay(Absence);
                await workshop.Command(target, "resume");
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
