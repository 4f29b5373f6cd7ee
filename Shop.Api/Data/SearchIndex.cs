using Microsoft.EntityFrameworkCore;

namespace Shop.Api.Data;

/// <summary>
/// The index under the search: trigrams of the words of all products, by PostgreSQL's extension pg_trgm. Where an
/// installation has no such extension, or its role may not make it, a search finds the same and reads all products for it.
/// Looked at with every migration, so that the index comes as soon as it can.
/// </summary>
internal static class SearchIndex
{
    private const string EnsureSql = """
        DO $$
        BEGIN
            IF to_regclass('products_by_words') IS NULL
                AND EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm')
            THEN
                CREATE EXTENSION IF NOT EXISTS pg_trgm;
                CREATE INDEX products_by_words ON products USING gin (product_words(name, description) gin_trgm_ops);
            END IF;
        EXCEPTION
            WHEN insufficient_privilege THEN NULL;
        END $$
        """;

    /// <summary>Makes the index if it is not there and can be made.</summary>
    /// <returns>Whether it is there.</returns>
    public static async Task<bool> Ensure(ShopContext context, CancellationToken ct)
    {
        await context.Database.ExecuteSqlRawAsync(EnsureSql, ct);
        return await context
            .Database.SqlQuery<bool>($"""SELECT to_regclass('products_by_words') IS NOT NULL AS "Value" """)
            .SingleAsync(ct);
    }
}
