using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Shop.Api.Data.Catalogue;

#nullable disable

namespace Shop.Api.Data.Migrations
{
    /// <summary>
    /// The ids of the opening catalogue run through one category after the other, and so did its ages: the newest dozen was
    /// nearly all of one category. Ages now go round the categories, one minute apart, so that it shows a mix.
    /// </summary>
    [DbContext(typeof(ShopContext))]
    [Migration("20261123070000_CatalogueAges")]
    public partial class CatalogueAges : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) =>
            SetAges(migrationBuilder, "min(uuid_extract_timestamp(id)) OVER () + (turn - 1) * interval '1 minute'");

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            SetAges(migrationBuilder, "uuid_extract_timestamp(id)");

        private static void SetAges(MigrationBuilder migrationBuilder, string age) =>
            migrationBuilder.Sql(
                $"""
                UPDATE products SET created_at = aged.age
                FROM (
                    SELECT id, {age} AS age
                    FROM (
                        SELECT id, row_number() OVER (ORDER BY place, category) AS turn
                        FROM (
                            SELECT id, category, row_number() OVER (PARTITION BY category ORDER BY id) AS place
                            FROM jsonb_to_recordset('{SeedCatalogue.ReadJson().Replace("'", "''")}')
                                AS seed (id uuid, category text)
                        ) AS placed
                    ) AS turned
                ) AS aged
                WHERE products.id = aged.id
                """
            );
    }
}
