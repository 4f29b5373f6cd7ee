using System.Linq;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Shop.Api.Data.Migrations
{
    /// <summary>
    /// What a column may hold becomes its type's rule instead of its table's. A table's CHECK is read anew, from text, by
    /// every statement that writes a row, and for all columns; a domain's is kept in the session, and asked only of what is
    /// written. The CHECKs of the four tables were a third of the work of an order.
    /// </summary>
    [DbContext(typeof(ShopContext))]
    [Migration("20261123100000_Domains")]
    public partial class Domains : Migration
    {
        private static readonly Domain[] All =
        [
            new("user_name", "text COLLATE pg_c_utf8", "char_length(VALUE) BETWEEN 1 AND 64"),
            new("order_status", "text", "VALUE IN ('confirmed', 'cancelled')"),
            new("order_total", "numeric(14,2)", "VALUE >= 0"),
            new("pieces_sold", "integer", "VALUE > 0"),
            new("pieces_in_cart", "integer", "VALUE BETWEEN 1 AND 1000"),
            new("pieces_in_stock", "integer", "VALUE >= 0"),
            new("price", "numeric(9,2)", "VALUE BETWEEN 0 AND 1000000"),
            new("product_name", "text COLLATE pg_c_utf8", "char_length(VALUE) BETWEEN 1 AND 200"),
            new("product_description", "text COLLATE pg_c_utf8", "char_length(VALUE) <= 4000"),
            new("product_category", "text COLLATE pg_c_utf8", "char_length(VALUE) BETWEEN 1 AND 100"),
            new("product_version", "bigint", "VALUE > 0"),
            new("idempotency_key", "text COLLATE pg_c_utf8", "char_length(VALUE) BETWEEN 1 AND 255"),
        ];

        private static readonly Use[] Uses =
        [
            new("orders", "user_id", "user_name", "orders_user_length"),
            new("orders", "status", "order_status", "orders_status_known"),
            new("orders", "total", "order_total", "orders_total_not_negative"),
            new("order_lines", "quantity", "pieces_sold", "order_lines_quantity_positive"),
            new("order_lines", "unit_price", "price", "order_lines_price_range"),
            new("cart_items", "user_id", "user_name", "cart_items_user_length"),
            new("cart_items", "quantity", "pieces_in_cart", "cart_items_quantity_range"),
            new("products", "name", "product_name", "products_name_length"),
            new("products", "description", "product_description", "products_description_length"),
            new("products", "category", "product_category", "products_category_length"),
            new("products", "price", "price", "products_price_range"),
            new("products", "stock", "pieces_in_stock", "products_stock_not_negative"),
            new("products", "version", "product_version", "products_version_positive"),
            new("idempotency_keys", "key", "idempotency_key", "idempotency_keys_length"),
        ];

        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            foreach (var domain in All)
            {
                migrationBuilder.Sql(
                    $"CREATE DOMAIN {domain.Name} AS {domain.Type} CONSTRAINT {domain.Name}_rule CHECK ({domain.Rule})"
                );
            }

            foreach (var table in Uses.GroupBy(use => use.Table))
            {
                // One statement for each table: it is rewritten once.
                var changes = table.Select(use =>
                    $"DROP CONSTRAINT {use.OldRule}, ALTER COLUMN {use.Column} TYPE {use.Domain}"
                );
                migrationBuilder.Sql($"ALTER TABLE {table.Key} {string.Join(", ", changes)}");
            }
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            foreach (var table in Uses.GroupBy(use => use.Table))
            {
                var changes = table.Select(use =>
                {
                    var domain = All.Single(one => one.Name == use.Domain);
                    var rule = domain.Rule.Replace("VALUE", use.Column);
                    return $"ALTER COLUMN {use.Column} TYPE {domain.Type}, ADD CONSTRAINT {use.OldRule} CHECK ({rule})";
                });
                migrationBuilder.Sql($"ALTER TABLE {table.Key} {string.Join(", ", changes)}");
            }

            migrationBuilder.Sql($"DROP DOMAIN {string.Join(", ", All.Select(domain => domain.Name))}");
        }

        private sealed record Domain(string Name, string Type, string Rule);

        private sealed record Use(string Table, string Column, string Domain, string OldRule);
    }
}
