using Shop.Api.Purging;
using Shop.Api.Storage;
using Workshop.ServiceDefaults.Loops;

namespace Shop.Api.Carts;

/// <summary>How long carts are kept: one that nobody changed for so long is empty.</summary>
public sealed record CartOptions() : PurgeOptions(TimeSpan.FromDays(30))
{
    /// <summary>Name of the section in the configuration.</summary>
    public const string Section = "Shop:Carts";
}

/// <summary>Empties carts that nobody came back to: anybody may make any number of them under made-up names.</summary>
internal sealed class CartPurge(
    ShopStorage storage,
    CartOptions options,
    Background background,
    TimeProvider time,
    ILogger<CartPurge> logger
) : Purge(storage, new("cart items", Sql, options.KeptFor, options.PurgeEvery), background, time, logger)
{
    private const string Sql = """
        DELETE FROM cart_items WHERE (user_id, product_id) IN (
            SELECT user_id, product_id FROM cart_items AS old
            WHERE changed_at < now() - $1 AND NOT EXISTS (
                SELECT FROM cart_items AS later WHERE later.user_id = old.user_id AND later.changed_at >= now() - $1)
            LIMIT $2 FOR UPDATE SKIP LOCKED)
        """;
}
