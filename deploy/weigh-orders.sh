#!/usr/bin/env bash
# Says what an order weighs: bytes of tables and indexes, and bytes of the database's log, which is what a standby receives and a
# backup of the log holds. Orders of one product, each of a customer of its own, one database in a container.
# Usage: deploy/weigh-orders.sh [ORDERS]
set -euo pipefail
cd "$(dirname "$0")"
count=${1:-10000}
. ./shopping.sh

ask() { podman exec --env "PGPASSWORD=$POSTGRES_PASSWORD" "${project}_postgres-1_1" psql -h localhost -U postgres -d shop -Atc "$1"; }
weigh() { ask "VACUUM" >/dev/null; ask "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"; }

start postgres-1 accounts registry shop-migrations shop-api-1 shop-api-2
put_on_the_shelf
order_many() {
  seq "$1" | xargs -P 8 -I{} curl -sf -o /dev/null -X POST "${servers[0]}/orders" -H 'Content-Type: application/json' \
    -d "{\"items\":[{\"productId\":\"$product\",\"quantity\":1}]}"
}

order_many 200
ask CHECKPOINT >/dev/null
bytes=$(weigh) log=$(ask "SELECT (pg_current_wal_lsn() - '0/0')::bigint")
order_many "$count"
log=$(($(ask "SELECT (pg_current_wal_lsn() - '0/0')::bigint") - log)) bytes=$(($(weigh) - bytes))
echo "weigh-orders: $count orders of one product: $((bytes / count)) bytes of tables and indexes, $((log / count)) bytes of log each"
