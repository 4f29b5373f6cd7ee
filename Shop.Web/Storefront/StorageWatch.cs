using System.Text.Json;
using Workshop.ServiceDefaults.Json;

namespace Shop.Web.Storefront;

/// <summary>What the shop says of its databases just now: as much of <c>GET /storage</c> as the pages tell.</summary>
/// <param name="Mode">The storage mode.</param>
/// <param name="Primary">The server that takes the writes, if it is known.</param>
/// <param name="Standby">The server that follows it, if there is one.</param>
public sealed record StorageFacts(string? Mode, string? Primary, string? Standby = null)
{
    /// <summary>Whether the standby has every confirmed order.</summary>
    public bool InSync { get; init; }

    /// <summary>Why not, in the shop's words.</summary>
    public string? NotInSyncBecause { get; init; }

    /// <summary>How old the newest log is that the standby lacks; null where nobody can tell.</summary>
    public double? LagMilliseconds { get; init; }

    /// <summary>Standbys of which a write waits for any so many; empty where it waits for one by its name, or for none.</summary>
    public IReadOnlyList<string> Quorum { get; init; } = [];

    /// <summary>When the last backup was made; null where nobody can tell.</summary>
    public DateTimeOffset? LastBackupAt { get; init; }

    /// <summary>Confirmed orders that the last failover lost.</summary>
    public IReadOnlyList<Guid> Lost { get; init; } = [];

    /// <summary>Reads the answer of the shop, and takes what it knows of it.</summary>
    /// <param name="facts">The document.</param>
    /// <returns>The facts; what is missing there is unknown here.</returns>
    internal static StorageFacts Of(JsonElement facts) =>
        new(Text(facts, "mode"), Text(facts, "primary"), Text(facts, "replica"))
        {
            InSync = Member(facts, "inSync") is { ValueKind: JsonValueKind.True },
            NotInSyncBecause = Text(facts, "notInSyncBecause"),
            LagMilliseconds = Member(facts, "lagMilliseconds") is { ValueKind: JsonValueKind.Number } lag
                ? lag.GetDouble()
                : null,
            Quorum = QuorumOf(facts),
            LastBackupAt =
                Member(facts, "lastBackupAt") is { ValueKind: JsonValueKind.String } backup
                && backup.TryGetDateTimeOffset(out var at)
                    ? at
                    : null,
            Lost =
                Member(facts, "lastFailover") is { } failover
                && Member(failover, "rpo") is { } loss
                && Member(loss, "lostOrders") is { ValueKind: JsonValueKind.Array } lost
                    ? [.. lost.EnumerateArray().Where(IsId).Select(order => order.GetGuid())]
                    : [],
        };

    /// <summary>The primary lists who streams from it, as <c>postgres-2: streaming, quorum</c>.</summary>
    private static string[] QuorumOf(JsonElement facts) =>
        Member(facts, "servers") is { ValueKind: JsonValueKind.Array } servers
            ?
            [
                .. servers
                    .EnumerateArray()
                    .Where(server => Text(server, "role") is "primary")
                    .SelectMany(server =>
                        Member(server, "streams") is { ValueKind: JsonValueKind.Array } streams
                            ? streams.EnumerateArray().Where(stream => stream.ValueKind == JsonValueKind.String)
                            : []
                    )
                    .Select(stream => stream.GetString()!)
                    .Where(stream => stream.EndsWith(": streaming, quorum", StringComparison.Ordinal))
                    .Select(stream => stream[..stream.IndexOf(':', StringComparison.Ordinal)])
                    .Order(StringComparer.Ordinal),
            ]
            : [];

    private static bool IsId(JsonElement value) => value.ValueKind == JsonValueKind.String && value.TryGetGuid(out _);

    private static JsonElement? Member(JsonElement facts, string member) =>
        facts.ValueKind == JsonValueKind.Object && facts.TryGetProperty(member, out var value) ? value : null;

    /// <summary>A member that is text, or an object with a name: a server is either.</summary>
    private static string? Text(JsonElement facts, string member) =>
        Member(facts, member) switch
        {
            { ValueKind: JsonValueKind.String } text => text.GetString(),
            { ValueKind: JsonValueKind.Object } named => Text(named, "name"),
            _ => null,
        };
}

/// <summary>Asks the shop where it stores, at most once in <see cref="Fresh"/>, for all pages together.</summary>
/// <param name="clients">Makes the client.</param>
/// <param name="time">The age of an answer.</param>
public sealed class StorageWatch(IHttpClientFactory clients, TimeProvider time)
{
    /// <summary>An answer this young is used again: a page must not cost a second request for its footer.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    /// <summary>
    /// No page waits longer than this for its footer; longer than the shop asks its databases, for one that hangs is a fact too.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(800);

    private readonly Lock gate = new();
    private Task<StorageFacts?> last = Task.FromResult<StorageFacts?>(null);
    private long? askedAt;

    /// <summary>The facts, or null where they cannot be had in time.</summary>
    /// <returns>Facts at most about a second old.</returns>
    public async Task<StorageFacts?> Current()
    {
        Task<StorageFacts?> asked;
        lock (gate)
        {
            if (askedAt is not { } at || time.GetElapsedTime(at) > Fresh)
            {
                askedAt = time.GetTimestamp();
                last = Ask();
            }

            asked = last;
        }

        return await asked;
    }

    private async Task<StorageFacts?> Ask()
    {
        using var patience = new CancellationTokenSource(Patience, time);
        var http = clients.CreateClient(StorefrontDefaults.ShopApi);
        var answer = await http.TryGetJson<JsonElement?>(new("storage", UriKind.Relative), patience.Token);
        return answer is { } facts ? StorageFacts.Of(facts) : null;
    }
}
