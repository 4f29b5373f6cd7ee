using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shop.Api.Data.Tables;

/// <summary>A product as it is stored.</summary>
public sealed class ProductRow
{
    /// <summary>UUID version 7.</summary>
    public Guid Id { get; init; }

    /// <summary>1-200 characters.</summary>
    public required string Name { get; init; }

    /// <summary>0-4000 characters.</summary>
    public required string Description { get; init; }

    /// <summary>EUR, two fraction digits.</summary>
    public decimal Price { get; init; }

    /// <summary>1-100 characters.</summary>
    public required string Category { get; init; }

    /// <summary>Pieces that can be sold; never below 0.</summary>
    public int Stock { get; init; }

    /// <summary>Rises by one with every change, stock included; the entity tag.</summary>
    public long Version { get; init; }

    /// <summary>Rises by one with every edit of anything but the stock.</summary>
    public long Revision { get; init; }

    /// <summary>The primary's timeline when the version was written.</summary>
    public long Timeline { get; init; }

    /// <summary>UTC, to the microsecond.</summary>
    public DateTime CreatedAt { get; init; }
}

internal sealed class ProductTable : IEntityTypeConfiguration<ProductRow>
{
    /// <summary>
    /// Percent of a page that is filled at first. The rest lets an update of the stock stay on its page and touch no
    /// index. For the same reason no index names the stock, not even in a condition.
    /// </summary>
    private const int FillFactor = 70;

    public void Configure(EntityTypeBuilder<ProductRow> builder)
    {
        builder.ToTable("products");
        builder.HasStorageParameter("fillfactor", FillFactor);
        builder.HasKey(row => row.Id).HasName("products_pkey");
        builder.Property(row => row.Id).HasColumnName("id").ValueGeneratedNever();
        builder
            .Property(row => row.Name)
            .HasColumnName("name")
            .HasColumnType("product_name")
            .UseCollation(ShopContext.Collation);
        builder
            .Property(row => row.Description)
            .HasColumnName("description")
            .HasColumnType("product_description")
            .UseCollation(ShopContext.Collation);
        builder.Property(row => row.Price).HasColumnName("price").HasColumnType("price");
        builder
            .Property(row => row.Category)
            .HasColumnName("category")
            .HasColumnType("product_category")
            .UseCollation(ShopContext.Collation);
        builder.Property(row => row.Stock).HasColumnName("stock").HasColumnType("pieces_in_stock");
        builder
            .Property(row => row.Version)
            .HasColumnName("version")
            .HasColumnType("product_version")
            .HasDefaultValue(1L);
        builder.Property(row => row.Revision).HasColumnName("revision").HasDefaultValue(1L);
        builder.Property(row => row.Timeline).HasColumnName("timeline").HasDefaultValue(1L);
        builder.Property(row => row.CreatedAt).HasColumnName("created_at");
        builder.HasIndex(row => new { row.Name, row.Id }, "products_by_name");
        builder.HasIndex(row => new { row.Price, row.Id }, "products_by_price");
        builder.HasIndex(row => new { row.CreatedAt, row.Id }, "products_by_age");
    }
}
