using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Shop.Api.Data.Catalogue;

#nullable disable

namespace Shop.Api.Data.Migrations
{
    /// <summary>
    /// The opening catalogue. A migration, so that it happens once: what an owner deletes does not come back with the next
    /// start. The age of a product is the time in its id, until <see cref="CatalogueAges"/> mixes them.
    /// </summary>
    [DbContext(typeof(ShopContext))]
    [Migration("20261123034000_Catalogue")]
    public partial class Catalogue : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql(
                $"""
                INSERT INTO products (id, name, description, price, category, stock, created_at)
                SELECT id, name, description, price, category, stock, uuid_extract_timestamp(id)
                FROM jsonb_to_recordset('{SeedCatalogue.ReadJson().Replace("'", "''")}')
                    AS seed (id uuid, name text, description text, price numeric, category text, stock integer)
                """
            );

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql(
                $"""
                DELETE FROM products WHERE id IN (
                    SELECT id FROM jsonb_to_recordset('{SeedCatalogue.ReadJson().Replace(
                    "'",
                    "''"
                )}') AS seed (id uuid))
                """
            );
    }
}
