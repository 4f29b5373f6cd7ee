using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Shop.Api.Data.Migrations
{
    /// <summary>
    /// The function that places an order. Its plans are made once for each session, and it decides between its statements,
    /// where a client would need a round trip.
    /// </summary>
    [DbContext(typeof(ShopContext))]
    [Migration("20261123100100_PlaceOrder")]
    public partial class PlaceOrder : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql(
                """
                CREATE FUNCTION place_order(
                    order_id uuid, buyer text, placed_at timestamptz,
                    wanted uuid[], quantities integer[], valid_until timestamptz,
                    OUT placed boolean, OUT names text[], OUT prices numeric[], OUT stocks integer[]
                )
                LANGUAGE plpgsql AS $$
                #variable_conflict use_column
                DECLARE
                    amount CONSTANT integer := cardinality(wanted);
                    total numeric := 0;
                    found_product record;
                    changed integer;
                BEGIN
                    placed := false;
                    -- One product: the update locks it, waits for it and tests it, all in one.
                    IF amount = 1 THEN
                        UPDATE products SET stock = stock - quantities[1], version = version + 1
                        WHERE id = wanted[1] AND stock >= quantities[1]
                        RETURNING name, price, stock + quantities[1] AS stock INTO found_product;
                        placed := FOUND;
                        names := ARRAY[found_product.name];
                        prices := ARRAY[found_product.price];
                        stocks := ARRAY[found_product.stock];
                    END IF;

                    -- Several, or too few of the one: all are locked, in the order of their ids, before one is changed.
                    -- The array comes from a subquery, or this would be planned anew for each array.
                    IF NOT placed THEN
                        WITH product AS MATERIALIZED (
                            SELECT id, name, price, stock FROM products
                            WHERE id = ANY ((SELECT wanted)::uuid[]) ORDER BY id FOR UPDATE
                        )
                        SELECT array_agg(name ORDER BY position), array_agg(price ORDER BY position),
                            array_agg(stock ORDER BY position)
                        INTO names, prices, stocks
                        FROM unnest(wanted) WITH ORDINALITY AS item (id, position) LEFT JOIN product USING (id);

                        IF EXISTS (
                            SELECT FROM unnest(stocks, quantities) AS item (available, quantity)
                            WHERE (available >= quantity) IS NOT TRUE
                        ) THEN
                            RETURN;
                        END IF;

                        UPDATE products SET stock = stock - quantity, version = version + 1
                        FROM unnest(wanted, quantities) AS item (product_id, quantity)
                        WHERE id = product_id;
                        GET DIAGNOSTICS changed = ROW_COUNT;
                        IF changed <> amount THEN
                            RAISE EXCEPTION 'Order % took % of % products.', order_id, changed, amount;
                        END IF;
                        placed := true;
                    END IF;

                    FOR position IN 1..amount LOOP
                        total := total + prices[position] * quantities[position];
                    END LOOP;
                    INSERT INTO orders (id, user_id, status, total, created_at)
                    VALUES (order_id, buyer, 'confirmed', total, placed_at);
                    INSERT INTO order_lines (order_id, position, product_id, name, quantity, unit_price)
                    SELECT place_order.order_id, position, product_id, name, quantity, price
                    FROM unnest(wanted, names, quantities, prices)
                        WITH ORDINALITY AS line (product_id, name, quantity, price, position);

                    -- Nobody waits for it any more, and its client was told so: nothing is written.
                    IF clock_timestamp() > valid_until THEN
                        RAISE EXCEPTION 'Order % was given up.', order_id USING ERRCODE = 'transaction_timeout';
                    END IF;
                END $$
                """
            );

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("DROP FUNCTION place_order");
    }
}
