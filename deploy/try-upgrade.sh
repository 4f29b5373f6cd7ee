#!/usr/bin/env bash
# Upgrades a shop that sells: two servers of an older version, then the newer one's migration, then one server after the other
# replaced, while two shoppers buy without a pause. No server may answer an order with anything but 201, and every acknowledged
# order has to be there, once. Ends with one line, and with exit code 0 where that held. It leaves nothing behind.
# Usage: deploy/try-upgrade.sh OLD NEW [ACCOUNT]: tags of workshop/shop-api; the others' is WORKSHOP_TAG. ACCOUNT is the older
# version's in the database (shop): shop_owner, where its servers changed tables themselves.
set -euo pipefail
cd "$(dirname "$0")"
old=$1 new=$2 account=${3:-shop}
images=${WORKSHOP_IMAGES:-localhost:5324/workshop}
. ./shopping.sh

# database USER PASSWORD: as compose.yaml has it.
database() { echo "Host=postgres-1;Port=5432;Username=$1;Password=$2;Database=shop;GSS Encryption Mode=Disable"; }

# Runs the container's image of the new version in its place: the same name, ports, variables and bounds.
# replace SERVICE PORT
replace() {
  local name=${project}_$1_1
  podman inspect "$name" | jq -r '.[0].Config.Env[] | select(test("^(ASPNETCORE|OTEL|Shop|Workshop|services)"))' >"$work/env"
  echo "ConnectionStrings__shop=$(database shop "$SHOP_PASSWORD")" >>"$work/env"
  podman stop --time 15 "$name" >/dev/null
  podman rm "$name" >/dev/null
  podman run --detach --name "$name" --label "io.podman.compose.project=$project" --label "com.docker.compose.project=$project" \
    --network "${project}_default" --network-alias "$1" --publish "127.0.0.1:$(($2 + offset)):$2" --env-file "$work/env" \
    --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges "$images/shop-api:$new" >/dev/null
  until_true 60 "$1 is not healthy in the new version" answers "http://localhost:$(($2 + offset))/health"
  until_true 30 "the registry does not know both servers" knows_both
}

# The older version's servers; the same file with their tag.
sed "s#/shop-api:\${WORKSHOP_TAG:-dev}#/shop-api:$old#" compose.yaml >"$work/compose.yaml"
sed -i "s#\\./databases:#$PWD/databases:#; s#\\./kubernetes#$PWD/kubernetes#" "$work/compose.yaml"
if [ "$account" = shop_owner ]; then
  sed -i "s/Username=shop;Password=\${SHOP_PASSWORD/Username=shop_owner;Password=\${SHOP_OWNER_PASSWORD/" "$work/compose.yaml"
fi
compose=(podman-compose --project-name "$project" --file "$work/compose.yaml")
start postgres-1 accounts registry shop-migrations shop-api-1 shop-api-2
open_doors
sleep 5
before=$(sold)
podman run --rm --network "${project}_default" --env Workshop__Storage=basic --read-only --tmpfs /tmp \
  --env "ConnectionStrings__shop=$(database shop_owner "$SHOP_OWNER_PASSWORD")" \
  "$images/shop-api:$new" migrate >"$work/migrate" 2>&1 || { tail -5 "$work/migrate" >&2; fail "migrate of $new"; }
sleep 5
say "migrated by $new; $(($(sold) - before)) orders by servers of $old since then"
replace shop-api-1 3001
before=$(sold)
sleep 5
say "shop-api-1 is $new, shop-api-2 is $old; $(($(sold) - before)) orders in 5 s"
replace shop-api-2 3002
sleep 5
say "both are $new"
close_doors

refused=$(grep -vc -e '^201' -e '^000' "$work/codes" || true)
gone=$(grep -c '^000' "$work/codes" || true)
[ "$refused" = 0 ] || fail "orders were answered with $(sort "$work/codes" | uniq -c | tr -s ' \n' ' ')"
echo "try-upgrade: ok: $sold orders, none refused, each there once; $gone requests met a server that was being replaced and went to the other; longest wait $longest ms"
