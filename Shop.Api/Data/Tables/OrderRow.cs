using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shop.Api.Data.Tables;

/// <summary>An order as it is stored.</summary>
public sealed class OrderRow
{
    /// <summary>UUID version 7.</summary>
    public Guid Id { get; init; }

    /// <summary>Whose it is.</summary>
    public required string UserId { get; init; }

    /// <summary><c>confirmed</c> or <c>cancelled</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Sum of the lines, EUR, two fraction digits.</summary>
    public decimal Total { get; init; }

    /// <summary>UTC, to the microsecond.</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>What was bought, in the order it was asked for.</summary>
    public ICollection<OrderLineRow> Lines { get; } = [];
}

/// <summary>
/// A line of an order: what the product was called and cost when it was bought. It has no foreign key to the product,
/// so that it stays when the product goes.
/// </summary>
public sealed class OrderLineRow
{
    /// <summary>The order.</summary>
    public Guid OrderId { get; init; }

    /// <summary>Place in the order, from 1.</summary>
    public int Position { get; init; }

    /// <summary>The product, which may be gone.</summary>
    public Guid ProductId { get; init; }

    /// <summary>Its name at that time.</summary>
    public required string Name { get; init; }

    /// <summary>Pieces, at least 1.</summary>
    public int Quantity { get; init; }

    /// <summary>Its price at that time, EUR.</summary>
    public decimal UnitPrice { get; init; }
}

internal sealed class OrderTable : IEntityTypeConfiguration<OrderRow>
{
    public void Configure(EntityTypeBuilder<OrderRow> builder)
    {
        builder.ToTable("orders");
        builder.HasKey(row => row.Id).HasName("orders_pkey");
        builder.Property(row => row.Id).HasColumnName("id").ValueGeneratedNever();
        builder
            .Property(row => row.UserId)
            .HasColumnName("user_id")
            .HasColumnType("user_name")
            .UseCollation(ShopContext.Collation);
        builder.Property(row => row.Status).HasColumnName("status").HasColumnType("order_status");
        builder.Property(row => row.Total).HasColumnName("total").HasColumnType("order_total");
        builder.Property(row => row.CreatedAt).HasColumnName("created_at");
        builder.HasIndex(
            row => new
            {
                row.UserId,
                row.CreatedAt,
                row.Id,
            },
            "orders_by_user"
        );
    }
}

internal sealed class OrderLineTable : IEntityTypeConfiguration<OrderLineRow>
{
    public void Configure(EntityTypeBuilder<OrderLineRow> builder)
    {
        builder.ToTable("order_lines");
        builder.HasKey(row => new { row.OrderId, row.Position }).HasName("order_lines_pkey");
        builder.Property(row => row.OrderId).HasColumnName("order_id");
        builder.Property(row => row.Position).HasColumnName("position");
        builder.Property(row => row.ProductId).HasColumnName("product_id");
        builder.Property(row => row.Name).HasColumnName("name").UseCollation(ShopContext.Collation);
        builder.Property(row => row.Quantity).HasColumnName("quantity").HasColumnType("pieces_sold");
        builder.Property(row => row.UnitPrice).HasColumnName("unit_price").HasColumnType("price");
        builder
            .HasOne<OrderRow>()
            .WithMany(order => order.Lines)
            .HasForeignKey(line => line.OrderId)
            .HasConstraintName("order_lines_order_fkey");
    }
}
