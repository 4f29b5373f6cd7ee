using System.Globalization;
using Shop.Web.Site;

namespace Shop.Web.Redundancy.Replicas;

/// <summary>What a replica says of itself (<c>GET /replicas</c>).</summary>
/// <param name="Role"><c>leader</c>, <c>follower</c>, or <c>new</c>: it has no vote yet.</param>
/// <param name="Term">Number of the last election that it knows of.</param>
/// <param name="Blocks">Final ones; null where the service keeps no blocks.</param>
/// <param name="Head">Hash of the last.</param>
public sealed record ReplicaLook(string Role, long Term, long? Blocks = null, string? Head = null);

/// <summary>One of several processes with one memory.</summary>
/// <param name="Name">The host's name of it.</param>
/// <param name="Address">Where it is asked.</param>
/// <param name="Seen">Its answer; null where none came in time.</param>
/// <param name="Process">What the host sees of it, as in the picture; null without a host.</param>
public sealed record Replica(string Name, Uri Address, ReplicaLook? Seen, string? Process = null)
{
    private const int HeadLetters = 10;

    /// <summary>As in the picture; the colour. A process that runs may be deaf.</summary>
    public string State =>
        (Process, Seen) switch
        {
            (null, null) => "unknown",
            (null or "up", not null) => "up",
            ("up", null) => "doubtful",
            var (process, _) => process,
        };

    /// <summary>Null where it does not answer.</summary>
    public string? Role => Seen?.Role;

    /// <summary>Role, and what is wrong with the process.</summary>
    public string Words => (Role ?? "no answer") + (State is "down" or "paused" ? $", {State}" : "");

    /// <summary>Term, blocks and head, as far as they are known.</summary>
    public string Facts =>
        Seen is null
            ? ""
            : string.Join(
                ", ",
                new[]
                {
                    string.Create(CultureInfo.InvariantCulture, $"term {Seen.Term}"),
                    Seen.Blocks is { } blocks ? Counted.Of(blocks, "final block") : null,
                    Seen.Head is { } head ? $"head {head[..Math.Min(HeadLetters, head.Length)]}" : null,
                }.OfType<string>()
            );
}

/// <summary>All replicas of one service.</summary>
/// <param name="Service">Its name.</param>
/// <param name="Replicas">In the order in which the host wired them.</param>
/// <param name="LastChange">What followed the last fault of a leader that was made here; null before the first.</param>
public sealed record ReplicaGroup(string Service, IReadOnlyList<Replica> Replicas, LeaderChange? LastChange = null)
{
    /// <summary>How many have to answer for a write.</summary>
    public int Majority => (Replicas.Count / 2) + 1;

    /// <summary>The one that leads; of two that say so, the one of the later term. Null where none does.</summary>
    public Replica? Leader => Replicas.Where(replica => replica.Role is "leader").MaxBy(replica => replica.Seen!.Term);

    /// <summary>Who leads, and how many answer.</summary>
    public string Words
    {
        get
        {
            var answering = Replicas.Count(replica => replica.Seen is not null);
            var many = string.Create(CultureInfo.InvariantCulture, $"{answering} of {Replicas.Count} answer");
            return answering < Majority ? $"No majority: {many}."
                : Leader is { } leader
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"{leader.Name} leads in term {leader.Seen!.Term}; {many}."
                    )
                : $"None leads just now; {many}.";
        }
    }

    /// <summary>The same with what the host sees of the processes. Pure.</summary>
    /// <param name="resources">The host's; null without a host.</param>
    public ReplicaGroup With(IReadOnlyList<HostResource>? resources) =>
        this with
        {
            Replicas =
            [
                .. Replicas.Select(replica => replica with { Process = Situation.Process(resources, replica.Name) }),
            ],
        };
}
