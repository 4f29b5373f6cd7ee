using Microsoft.EntityFrameworkCore;
using Shop.Api.Data.Tables;

namespace Shop.Api.Data;

/// <summary>The shop's tables, for their migrations. Features run statements on a connection that the storage opens.</summary>
/// <param name="options">Where to connect.</param>
public sealed class ShopContext(DbContextOptions<ShopContext> options) : DbContext(options)
{
    /// <summary>
    /// Text is compared by code point and folded to lower case by Unicode's rules, whatever the server's locale is.
    /// Built into PostgreSQL 17 and newer.
    /// </summary>
    internal const string Collation = "pg_c_utf8";

    /// <summary>What is for sale.</summary>
    public DbSet<ProductRow> Products => Set<ProductRow>();

    /// <summary>What was bought.</summary>
    public DbSet<OrderRow> Orders => Set<OrderRow>();

    /// <summary>What is about to be bought.</summary>
    public DbSet<CartItemRow> CartItems => Set<CartItemRow>();

    /// <summary>Outcomes of writes that carried an idempotency key.</summary>
    public DbSet<IdempotencyRow> IdempotencyKeys => Set<IdempotencyRow>();

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder
            .ApplyConfiguration(new ProductTable())
            .ApplyConfiguration(new OrderTable())
            .ApplyConfiguration(new OrderLineTable())
            .ApplyConfiguration(new CartItemTable())
            .ApplyConfiguration(new IdempotencyTable());
}
