using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Shop.Api.Data.Migrations
{
    /// <summary>
    /// What clients mean, and can tell later: a product's edits are counted apart from its sales, its version carries the
    /// timeline that wrote it, a key stands for an intent of one user at one route, and text is uniform.
    /// </summary>
    [DbContext(typeof(ShopContext))]
    [Migration("20261128180000_Intents")]
    public partial class Intents : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                ALTER TABLE products
                    ADD COLUMN revision bigint NOT NULL DEFAULT 1,
                    ADD COLUMN timeline bigint NOT NULL DEFAULT 1;

                ALTER TABLE idempotency_keys
                    ADD COLUMN scope text COLLATE pg_c_utf8 NOT NULL DEFAULT '',
                    ADD COLUMN entity_tag text,
                    DROP CONSTRAINT idempotency_keys_pkey,
                    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (scope, key);

                -- The timeline that this primary writes. The control file has it only after the next checkpoint.
                CREATE FUNCTION written_timeline() RETURNS bigint LANGUAGE sql VOLATILE AS
                    $$ SELECT ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::bigint $$;

                CREATE FUNCTION uniform_text(sent text) RETURNS text LANGUAGE sql IMMUTABLE AS
                    $$ SELECT normalize(btrim(replace(replace(sent, E'\r\n', E'\n'), E'\r', E'\n'), E' \n\t'), NFC) $$;
                UPDATE products SET name = uniform_text(name) WHERE uniform_text(name) NOT IN (name, '');
                UPDATE products SET category = uniform_text(category) WHERE uniform_text(category) NOT IN (category, '');
                UPDATE products SET description = uniform_text(description) WHERE uniform_text(description) <> description;
                DROP FUNCTION uniform_text(text);
                """
            );
            migrationBuilder.Sql(PlaceOrder(", timeline = written", "written CONSTANT bigint := written_timeline();"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(PlaceOrder("", ""));
            migrationBuilder.Sql(
                """
                DROP FUNCTION written_timeline();
                ALTER TABLE products DROP COLUMN revision, DROP COLUMN timeline;
                DELETE FROM idempotency_keys;
                ALTER TABLE idempotency_keys
                    DROP CONSTRAINT idempotency_keys_pkey,
                    DROP COLUMN scope,
                    DROP COLUMN entity_tag,
                    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (key);
                """
            );
        }

        /// <summary>The function that places an order, with or without the timeline in what it changes.</summary>
        private static string PlaceOrder(string change, string declaration) =>
            $$"""
                CREATE OR REPLACE FUNCTION place_order(
                    order_id uuid, buyer text, placed_at timestamptz,
                    wanted uuid[], quantities integer[], valid_until timestamptz,
                    OUT placed boolean, OUT names text[], OUT prices numeric[], OUT stocks integer[]
                )
                LANGUAGE plpgsql AS $$
                #variable_conflict use_column
                DECLARE
                    amount CONSTANT integer := cardinality(wanted);
                    {{declaration}}
                    total numeric := 0;
                    found_product record;
                    changed integer;
                BEGIN
                    placed := false;
                    -- One product: the update locks it, waits for it and tests it, all in one.
                    IF amount = 1 THEN
                        UPDATE products SET stock = stock - quantities[1], version = version + 1{{change}}
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

                        UPDATE products SET stock = stock - quantity, version = version + 1{{change}}
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
                """;
    }
}
