using System.Text.Json;

namespace Shop.Web.Storefront;

/// <summary>What the footer says of the database.</summary>
/// <param name="Mode">The storage mode.</param>
/// <param name="Primary">The server that takes the writes, if it is known.</param>
public sealed record StorageFacts(string? Mode, string? Primary);

/// <summary>Asks the shop where it stores, at most once in <see cref="Fresh"/>, for all pages together.</summary>
/// <param name="clients">Makes the client.</param>
/// <param name="time">The age of an answer.</param>
public sealed class StorageWatch(IHttpClientFactory clients, TimeProvider time)
{
    /// <summary>An answer this young is used again: a page must not cost a second request for its footer.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    /// <summary>No page waits longer than this for its footer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400);

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
        try
        {
            var http = clients.CreateClient(StorefrontDefaults.ShopApi);
            var facts = await http.GetFromJsonAsync<JsonElement>("storage", patience.Token);
            return new(Text(facts, "mode"), Text(facts, "primary"));
        }
        catch (Exception exception)
            when (exception
                    is HttpRequestException
                        or OperationCanceledException
                        or JsonException
                        or InvalidOperationException
            )
        {
            return null;
        }
    }

    /// <summary>A member that is text, or an object with a name: the primary is either.</summary>
    private static string? Text(JsonElement facts, string member) =>
        facts.ValueKind != JsonValueKind.Object || !facts.TryGetProperty(member, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : value.ValueKind == JsonValueKind.Object ? Text(value, "name")
        : null;
}
