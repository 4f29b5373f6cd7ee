#!/usr/bin/env bash
# Starts the whole of compose.yaml from the images of images/build.sh, buys without a pause while both servers of the shop, the
# database and the registry are killed, and counts: every acknowledged order has to be there, once, and the storefront has to have
# answered all the time. Ends with one line, and with exit code 0 where all of it held. It leaves nothing behind.
# Usage: deploy/try-compose.sh [SECONDS BETWEEN FAULTS]
set -euo pipefail
cd "$(dirname "$0")"
pause=${1:-8}
. ./shopping.sh

# Ends a container's process as a crash would, so that the engine, and nobody else, brings it back.
crash() { kill -KILL "$(podman inspect --format '{{.State.Pid}}' "${project}_$1_1")"; }

# Looks at the storefront all the time; a visitor must not notice that anything died.
look() {
  while [ ! -e "$work/closed" ]; do
    curl -s --max-time 10 -o /dev/null -w '%{http_code}\n' "$storefront/products" >>"$work/looks" || true
    sleep 0.2
  done
}

members() { curl -sf "http://localhost:$CONSENSUS_PORT/predictors" | jq '[.[] | select(.state != "left")] | length'; }
are_six() { [ "$(members)" = 6 ]; }

start
until_true 60 "the storefront is not healthy" answers "$storefront/health"
until_true 180 "six predictors did not join" are_six
flower='sepalLength=5.1&sepalWidth=3.5&petalLength=1.4&petalWidth=0.2'
say "six predictors are members; the consensus says $(curl -sf "http://localhost:$CONSENSUS_PORT/iris/predict?$flower" | jq -c .parameters.prediction)"

open_doors
look &
shoppers+=($!)
sleep "$pause"
for victim in shop-api-1 postgres-1 registry shop-api-2; do
  before=$(sold) at=$(now)
  crash "$victim"
  case $victim in
    shop-api-2) back=${servers[1]}/health ;;
    registry) back=http://localhost:$REGISTRY_PORT/health ;;
    *) back=${servers[0]}/health ;;
  esac
  until_true 60 "$victim did not come back" answers "$back"
  say "$victim killed, healthy again after $(($(now) - at)) ms; $(($(sold) - before)) orders meanwhile"
  sleep "$pause"
done
close_doors

unseen=$(grep -vc '^200' "$work/looks" || true)
looks=$(wc -l <"$work/looks")
say "longest wait for an order: $longest ms; looks at the storefront: $looks, of which not 200: $unseen"
[ "$unseen" = 0 ] || fail "the storefront answered $(sort "$work/looks" | uniq -c | tr -s ' \n' ' ')"
until_true 30 "six predictors are no longer members" are_six
echo "try-compose: ok: $sold orders acknowledged and there once, 0 lost, through 4 kills; longest wait $longest ms"
