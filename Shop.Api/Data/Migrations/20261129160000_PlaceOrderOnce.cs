using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Shop.Api.Data.Migrations
{
    /// <summary>
    /// Functions that take a client's key and place an order under it in one statement, so that an order with a key costs as
    /// many round trips as one without.
    /// </summary>
    [DbContext(typeof(ShopContext))]
    [Migration("20261129160000_PlaceOrderOnce")]
    public partial class PlaceOrderOnce : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql(
                """
                CREATE FUNCTION claim_key(
                    wanted_scope text, wanted_key text,
                    OUT claimed boolean, OUT request_hash bytea, OUT status integer, OUT content_type text,
                    OUT location text, OUT body bytea, OUT entity_tag text
                )
                LANGUAGE plpgsql AS $$
                BEGIN
                    claimed := pg_try_advisory_xact_lock(hashtextextended(wanted_scope || ' ' || wanted_key, 0));
                    -- A statement of its own: it sees what was committed before the lock was had.
                    SELECT known.request_hash, known.status, known.content_type, known.location, known.body, known.entity_tag
                    INTO request_hash, status, content_type, location, body, entity_tag
                    FROM idempotency_keys AS known WHERE known.scope = wanted_scope AND known.key = wanted_key;
                END $$;

                -- The body is left empty: the order itself says it.
                CREATE FUNCTION place_order_once(
                    wanted_scope text, wanted_key text, wanted_hash bytea, new_content_type text, new_location text,
                    order_id uuid, buyer text, placed_at timestamptz,
                    wanted uuid[], quantities integer[], valid_until timestamptz,
                    OUT placed boolean, OUT names text[], OUT prices numeric[], OUT stocks integer[],
                    OUT claimed boolean, OUT request_hash bytea, OUT status integer, OUT content_type text,
                    OUT location text, OUT body bytea, OUT entity_tag text
                )
                LANGUAGE plpgsql AS $$
                BEGIN
                    SELECT known.* INTO claimed, request_hash, status, content_type, location, body, entity_tag
                    FROM claim_key(wanted_scope, wanted_key) AS known;
                    IF NOT claimed OR status IS NOT NULL THEN
                        RETURN;
                    END IF;

                    SELECT done.* INTO placed, names, prices, stocks
                    FROM place_order(order_id, buyer, placed_at, wanted, quantities, valid_until) AS done;
                    IF placed THEN
                        INSERT INTO idempotency_keys (
                            scope, key, request_hash, status, content_type, location, body, created_at)
                        VALUES (wanted_scope, wanted_key, wanted_hash, 201, new_content_type, new_location, '', now());
                    END IF;
                END $$;
                """
            );

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql(
                """
                DELETE FROM idempotency_keys WHERE octet_length(body) = 0;
                DROP FUNCTION place_order_once(
                    text, text, bytea, text, text, uuid, text, timestamptz, uuid[], integer[], timestamptz);
                DROP FUNCTION claim_key(text, text);
                """
            );
    }
}
