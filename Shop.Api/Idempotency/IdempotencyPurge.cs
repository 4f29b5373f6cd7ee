using Shop.Api.Purging;
using Shop.Api.Storage;
using Workshop.ServiceDefaults.Loops;

namespace Shop.Api.Idempotency;

/// <summary>
/// How long outcomes are kept; then a key may be used anew. A client that retries does so within minutes.
/// </summary>
public sealed record IdempotencyOptions() : PurgeOptions(TimeSpan.FromDays(1))
{
    /// <summary>Name of the section in the configuration.</summary>
    public const string Section = "Shop:Idempotency";
}

/// <summary>Deletes outcomes that nobody will ask for again.</summary>
internal sealed class IdempotencyPurge(
    ShopStorage storage,
    IdempotencyOptions options,
    Background background,
    TimeProvider time,
    ILogger<IdempotencyPurge> logger
) : Purge(storage, new("idempotency keys", Sql, options.KeptFor, options.PurgeEvery), background, time, logger)
{
    private const string Sql = """
        DELETE FROM idempotency_keys WHERE (scope, key) IN (
            SELECT scope, key FROM idempotency_keys WHERE created_at < now() - $1
            ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED)
        """;
}
