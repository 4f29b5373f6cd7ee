using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Shop.Api.Data.Migrations
{
    /// <summary>
    /// How many products there are of each spelling of a category, kept by triggers: counting them for each page of a list took
    /// as long as there are products. A change of the stock fires none. A count stands in sixteen rows, of which each
    /// session takes one, so that products made at the same time do not wait for each other; the sum is the count, and exact.
    /// </summary>
    [DbContext(typeof(ShopContext))]
    [Migration("20261129170000_ProductCounts")]
    public partial class ProductCounts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql(
                """
                CREATE TABLE product_counts (
                    category text COLLATE pg_c_utf8 NOT NULL,
                    slot integer NOT NULL,
                    products bigint NOT NULL,
                    CONSTRAINT product_counts_pkey PRIMARY KEY (category, slot)
                ) WITH (fillfactor = 50);

                -- In the order of the categories, so that no two changes wait for each other.
                CREATE FUNCTION count_products() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    INSERT INTO product_counts AS known (category, slot, products)
                    SELECT category, pg_backend_pid() % 16, CASE TG_OP WHEN 'INSERT' THEN count(*) ELSE -count(*) END
                    FROM changed GROUP BY category ORDER BY category
                    ON CONFLICT (category, slot) DO UPDATE SET products = known.products + excluded.products;
                    RETURN NULL;
                END $$;

                CREATE FUNCTION recount_product() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    INSERT INTO product_counts AS known (category, slot, products)
                    SELECT category, pg_backend_pid() % 16, change
                    FROM (VALUES (OLD.category, -1), (NEW.category, 1)) AS moved (category, change) ORDER BY category
                    ON CONFLICT (category, slot) DO UPDATE SET products = known.products + excluded.products;
                    RETURN NULL;
                END $$;

                CREATE FUNCTION count_nothing() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    DELETE FROM product_counts;
                    RETURN NULL;
                END $$;

                LOCK TABLE products IN SHARE ROW EXCLUSIVE MODE;
                INSERT INTO product_counts (category, slot, products)
                SELECT category, 0, count(*) FROM products GROUP BY category;
                CREATE TRIGGER product_made AFTER INSERT ON products REFERENCING NEW TABLE AS changed
                    FOR EACH STATEMENT EXECUTE FUNCTION count_products();
                CREATE TRIGGER product_deleted AFTER DELETE ON products REFERENCING OLD TABLE AS changed
                    FOR EACH STATEMENT EXECUTE FUNCTION count_products();
                CREATE TRIGGER product_moved AFTER UPDATE OF category ON products
                    FOR EACH ROW WHEN (OLD.category IS DISTINCT FROM NEW.category) EXECUTE FUNCTION recount_product();
                CREATE TRIGGER products_emptied AFTER TRUNCATE ON products
                    FOR EACH STATEMENT EXECUTE FUNCTION count_nothing();
                """
            );

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql(
                """
                DROP TRIGGER product_made ON products;
                DROP TRIGGER product_deleted ON products;
                DROP TRIGGER product_moved ON products;
                DROP TRIGGER products_emptied ON products;
                DROP FUNCTION count_products();
                DROP FUNCTION recount_product();
                DROP FUNCTION count_nothing();
                DROP TABLE product_counts;
                """
            );
    }
}
