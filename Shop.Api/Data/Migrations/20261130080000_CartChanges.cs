using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Shop.Api.Data.Migrations
{
    /// <summary>
    /// When an item of a cart was last changed; its place in the cart stays that of its first day. Carts of before begin anew:
    /// nobody knows when they were changed. A server of the version before leaves the column to its default.
    /// </summary>
    [DbContext(typeof(ShopContext))]
    [Migration("20261130080000_CartChanges")]
    public partial class CartChanges : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("ALTER TABLE cart_items ADD COLUMN changed_at timestamptz NOT NULL DEFAULT now()");

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("ALTER TABLE cart_items DROP COLUMN changed_at");
    }
}
