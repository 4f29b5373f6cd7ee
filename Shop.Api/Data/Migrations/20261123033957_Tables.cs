using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Shop.Api.Data.Migrations
{
    /// <inheritdoc />
    public partial class Tables : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder
                .CreateTable(
                    name: "cart_items",
                    columns: table => new
                    {
                        user_id = table.Column<string>(type: "text", nullable: false, collation: "pg_c_utf8"),
                        product_id = table.Column<Guid>(type: "uuid", nullable: false),
                        quantity = table.Column<int>(type: "integer", nullable: false),
                        name = table.Column<string>(type: "text", nullable: false, collation: "pg_c_utf8"),
                        unit_price = table.Column<decimal>(type: "numeric(9,2)", nullable: false),
                        added_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    },
                    constraints: table =>
                    {
                        table.PrimaryKey("cart_items_pkey", x => new { x.user_id, x.product_id });
                        table.CheckConstraint("cart_items_quantity_range", "quantity BETWEEN 1 AND 1000");
                        table.CheckConstraint("cart_items_user_length", "char_length(user_id) BETWEEN 1 AND 64");
                    }
                )
                .Annotation("Npgsql:StorageParameter:fillfactor", 70);

            migrationBuilder.CreateTable(
                name: "idempotency_keys",
                columns: table => new
                {
                    key = table.Column<string>(type: "text", nullable: false, collation: "pg_c_utf8"),
                    request_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    status = table.Column<int>(type: "integer", nullable: false),
                    content_type = table.Column<string>(type: "text", nullable: false),
                    location = table.Column<string>(type: "text", nullable: true),
                    body = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("idempotency_keys_pkey", x => x.key);
                    table.CheckConstraint("idempotency_keys_length", "char_length(key) BETWEEN 1 AND 255");
                }
            );

            migrationBuilder.CreateTable(
                name: "orders",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<string>(type: "text", nullable: false, collation: "pg_c_utf8"),
                    status = table.Column<string>(type: "text", nullable: false),
                    total = table.Column<decimal>(type: "numeric(14,2)", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("orders_pkey", x => x.id);
                    table.CheckConstraint("orders_status_known", "status IN ('confirmed', 'cancelled')");
                    table.CheckConstraint("orders_total_not_negative", "total >= 0");
                    table.CheckConstraint("orders_user_length", "char_length(user_id) BETWEEN 1 AND 64");
                }
            );

            migrationBuilder
                .CreateTable(
                    name: "products",
                    columns: table => new
                    {
                        id = table.Column<Guid>(type: "uuid", nullable: false),
                        name = table.Column<string>(type: "text", nullable: false, collation: "pg_c_utf8"),
                        description = table.Column<string>(type: "text", nullable: false, collation: "pg_c_utf8"),
                        price = table.Column<decimal>(type: "numeric(9,2)", nullable: false),
                        category = table.Column<string>(type: "text", nullable: false, collation: "pg_c_utf8"),
                        stock = table.Column<int>(type: "integer", nullable: false),
                        version = table.Column<long>(type: "bigint", nullable: false, defaultValue: 1L),
                        created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    },
                    constraints: table =>
                    {
                        table.PrimaryKey("products_pkey", x => x.id);
                        table.CheckConstraint("products_category_length", "char_length(category) BETWEEN 1 AND 100");
                        table.CheckConstraint("products_description_length", "char_length(description) <= 4000");
                        table.CheckConstraint("products_name_length", "char_length(name) BETWEEN 1 AND 200");
                        table.CheckConstraint("products_price_range", "price BETWEEN 0 AND 1000000");
                        table.CheckConstraint("products_stock_not_negative", "stock >= 0");
                        table.CheckConstraint("products_version_positive", "version > 0");
                    }
                )
                .Annotation("Npgsql:StorageParameter:fillfactor", 70);

            migrationBuilder.CreateTable(
                name: "order_lines",
                columns: table => new
                {
                    order_id = table.Column<Guid>(type: "uuid", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    product_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "pg_c_utf8"),
                    quantity = table.Column<int>(type: "integer", nullable: false),
                    unit_price = table.Column<decimal>(type: "numeric(9,2)", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("order_lines_pkey", x => new { x.order_id, x.position });
                    table.CheckConstraint("order_lines_price_range", "unit_price BETWEEN 0 AND 1000000");
                    table.CheckConstraint("order_lines_quantity_positive", "quantity > 0");
                    table.ForeignKey(
                        name: "order_lines_order_fkey",
                        column: x => x.order_id,
                        principalTable: "orders",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade
                    );
                }
            );

            migrationBuilder.CreateIndex(
                name: "idempotency_keys_by_age",
                table: "idempotency_keys",
                column: "created_at"
            );

            migrationBuilder.CreateIndex(
                name: "orders_by_user",
                table: "orders",
                columns: new[] { "user_id", "created_at", "id" }
            );

            migrationBuilder.CreateIndex(
                name: "products_by_age",
                table: "products",
                columns: new[] { "created_at", "id" }
            );

            migrationBuilder.CreateIndex(
                name: "products_by_category",
                table: "products",
                columns: new[] { "category", "name", "id" }
            );

            migrationBuilder.CreateIndex(name: "products_by_name", table: "products", columns: new[] { "name", "id" });

            migrationBuilder.CreateIndex(
                name: "products_by_price",
                table: "products",
                columns: new[] { "price", "id" }
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "cart_items");

            migrationBuilder.DropTable(name: "idempotency_keys");

            migrationBuilder.DropTable(name: "order_lines");

            migrationBuilder.DropTable(name: "products");

            migrationBuilder.DropTable(name: "orders");
        }
    }
}
