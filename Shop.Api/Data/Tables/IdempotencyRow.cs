using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shop.Api.Data.Tables;

/// <summary>The first outcome of a request with an idempotency key, written in the transaction of its work.</summary>
public sealed class IdempotencyRow
{
    /// <summary>Route and user: the same key elsewhere is another one.</summary>
    public required string Scope { get; init; }

    /// <summary>1-255 visible ASCII characters.</summary>
    public required string Key { get; init; }

    /// <summary>SHA-256 of what was asked for: another request under the same key has another one.</summary>
    public required byte[] RequestHash { get; init; }

    /// <summary>HTTP status of the outcome.</summary>
    public int Status { get; init; }

    /// <summary>Media type of the body.</summary>
    public required string ContentType { get; init; }

    /// <summary>Header <c>Location</c> of the outcome, if it had one.</summary>
    public string? Location { get; init; }

    /// <summary>Header <c>ETag</c> of the outcome, if it had one.</summary>
    public string? EntityTag { get; init; }

    /// <summary>The body, byte for byte.</summary>
    public required byte[] Body { get; init; }

    /// <summary>UTC; old ones are purged.</summary>
    public DateTime CreatedAt { get; init; }
}

internal sealed class IdempotencyTable : IEntityTypeConfiguration<IdempotencyRow>
{
    public void Configure(EntityTypeBuilder<IdempotencyRow> builder)
    {
        builder.ToTable("idempotency_keys");
        builder.HasKey(row => new { row.Scope, row.Key }).HasName("idempotency_keys_pkey");
        builder
            .Property(row => row.Scope)
            .HasColumnName("scope")
            .UseCollation(ShopContext.Collation)
            .HasDefaultValue("");
        builder
            .Property(row => row.Key)
            .HasColumnName("key")
            .HasColumnType("idempotency_key")
            .UseCollation(ShopContext.Collation);
        builder.Property(row => row.RequestHash).HasColumnName("request_hash");
        builder.Property(row => row.Status).HasColumnName("status");
        builder.Property(row => row.ContentType).HasColumnName("content_type");
        builder.Property(row => row.Location).HasColumnName("location");
        builder.Property(row => row.EntityTag).HasColumnName("entity_tag");
        builder.Property(row => row.Body).HasColumnName("body");
        builder.Property(row => row.CreatedAt).HasColumnName("created_at");
        builder.HasIndex(row => row.CreatedAt, "idempotency_keys_by_age");
    }
}
