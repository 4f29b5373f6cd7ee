using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shop.Api.Data.Tables;

/// <summary>
/// One product in somebody's cart. Name and price are as that person last saw them, for the warning when they changed.
/// There is no foreign key: a product that goes leaves its place in the cart, with a warning.
/// </summary>
public sealed class CartItemRow
{
    /// <summary>Whose cart.</summary>
    public required string UserId { get; init; }

    /// <summary>The product, which may be gone.</summary>
    public Guid ProductId { get; init; }

    /// <summary>Pieces, 1-1000.</summary>
    public int Quantity { get; init; }

    /// <summary>Name when it was last added or set.</summary>
    public required string Name { get; init; }

    /// <summary>Price when it was last added or set, EUR.</summary>
    public decimal UnitPrice { get; init; }

    /// <summary>UTC; the order in the cart.</summary>
    public DateTime AddedAt { get; init; }

    /// <summary>UTC; when it was last added or set, or when another item left the cart: what the purge goes by.</summary>
    public DateTime ChangedAt { get; init; }
}

internal sealed class CartItemTable : IEntityTypeConfiguration<CartItemRow>
{
    /// <summary>As for products: quantities are updated in place.</summary>
    private const int FillFactor = 70;

    public void Configure(EntityTypeBuilder<CartItemRow> builder)
    {
        builder.ToTable("cart_items");
        builder.HasStorageParameter("fillfactor", FillFactor);
        builder.HasKey(row => new { row.UserId, row.ProductId }).HasName("cart_items_pkey");
        builder
            .Property(row => row.UserId)
            .HasColumnName("user_id")
            .HasColumnType("user_name")
            .UseCollation(ShopContext.Collation);
        builder.Property(row => row.ProductId).HasColumnName("product_id");
        builder.Property(row => row.Quantity).HasColumnName("quantity").HasColumnType("pieces_in_cart");
        builder.Property(row => row.Name).HasColumnName("name").UseCollation(ShopContext.Collation);
        builder.Property(row => row.UnitPrice).HasColumnName("unit_price").HasColumnType("numeric(9,2)");
        builder.Property(row => row.AddedAt).HasColumnName("added_at");
        builder.Property(row => row.ChangedAt).HasColumnName("changed_at").HasDefaultValueSql("now()");
    }
}
