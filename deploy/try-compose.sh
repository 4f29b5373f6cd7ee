#!/usr/bin/env bash
# Starts the whole of compose.yaml from the images of images/build.sh, buys without a pause while both servers of the shop, the
# database and the registry are killed, and counts: every acknowledged order has to be there, once, and the storefront has to have
# answered all the time. Ends with one line, and with exit code 0 where all of it held. It leaves nothing behind.
# With --patroni the databases are three under Patroni (compose.patroni.yaml), and the one that leads is gone until another does.
# Usage: deploy/try-compose.sh [--patroni] [SECONDS BETWEEN FAULTS]
set -euo pipefail
cd "$(dirname "$0")"
databases=one
if [ "${1:-}" = --patroni ]; then databases=patroni && shift; fi
pause=${1:-8}
. ./shopping.sh
if [ "$databases" = patroni ]; then with_patroni; fi

# Ends a container's process as a crash would, so that the engine, and nobody else, brings it back.
crash() { kill -KILL "$(podman inspect --format '{{.State.Pid}}' "${project}_$1_1")"; }

# Looks at the storefront all the time; a visitor must not notice that anything died. While Patroni waits for a lease nobody can
# read for 20 s, and a page may say so (503), but not stay away.
look() {
  while [ ! -e "$work/closed" ]; do
    curl -s --max-time 30 -o /dev/null -w '%{http_code} %{time_total}\n' "$storefront/products" >>"$work/looks" || true
    sleep 0.2
  done
}

# The server that leads, as the registry sees it.
primary() { curl -sf --max-time 3 "http://localhost:$REGISTRY_PORT/conductor" | jq -r '.primary // empty'; }
# All three are in the cluster, and a write waits for one of the two that follow.
are_whole() {
  curl -sf --max-time 3 "http://localhost:$REGISTRY_PORT/conductor" |
    jq -e '.inSync and ([.databases[] | select(.role == "primary" or .syncState == "quorum")] | length == 3)'
}
guarantee() { curl -sf "http://localhost:$REGISTRY_PORT/conductor" | jq -r '"\(.primary) leads, timeline \(.term); \(.guarantee)"'; }
leads_another() { local now && now=$(primary) && [ -n "$now" ] && [ "$now" != "$1" ]; }

members() { curl -sf "http://localhost:$CONSENSUS_PORT/predictors" | jq '[.[] | select(.state != "left")] | length'; }
are_six() { [ "$(members)" = 6 ]; }

start
if [ "$databases" = patroni ]; then
  # The shop opens with the first server; who is killed before the others have its data has no heir.
  until_true 300 "the databases are not whole" are_whole
  say "three databases: $(guarantee)"
fi
until_true 60 "the storefront is not healthy" answers "$storefront/health"
until_true 180 "six predictors did not join" are_six
flower='sepalLength=5.1&sepalWidth=3.5&petalLength=1.4&petalWidth=0.2'
say "six predictors are members; the consensus says $(curl -sf "http://localhost:$CONSENSUS_PORT/iris/predict?$flower" | jq -c .parameters.prediction)"

# Every kind of page, once.
for page in / /products /cart /checkout /orders /account /redundancy "/redundancy?show=1" /redundancy/runs /predictions \
  /predictions/iris /predictions/ledger /predictions/join /predictions/leaders /tour /tour/a-q1 /tour/b-q7 /apis /sign-in; do
  code=$(curl -sL --max-time 20 -o /dev/null -w '%{http_code}' "$storefront$page")
  [ "$code" = 200 ] || fail "$page is answered $code"
done
say "19 pages of the storefront are answered 200"

open_doors
look &
shoppers+=($!)
sleep "$pause"
for victim in shop-api-1 postgres-1 registry shop-api-2; do
  before=$(sold) at=$(now)
  if [ "$databases $victim" = "patroni postgres-1" ]; then
    victim=$(primary)
    # Not a crash that is over at once, for Patroni would take the lead again on the same server.
    podman kill "${project}_${victim}_1" >/dev/null
    until_true 120 "nobody leads in the place of $victim" leads_another "$victim"
    podman start "${project}_${victim}_1" >/dev/null
    say "$(primary) leads after $(($(now) - at)) ms"
  else
    crash "$victim"
  fi
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
slowest=$(cut -d ' ' -f 2 "$work/looks" | sort -n | tail -1)
say "longest wait for an order: $longest ms; looks at the storefront: $looks, of which not 200: $unseen; the longest took $slowest s"
if [ "$databases" = patroni ]; then unseen=$(grep -vc -e '^200' -e '^503' "$work/looks" || true); fi
[ "$unseen" = 0 ] || fail "the storefront answered $(cut -d ' ' -f 1 "$work/looks" | sort | uniq -c | tr -s ' \n' ' ')"
until_true 30 "six predictors are no longer members" are_six
if [ "$databases" = patroni ]; then
  until_true 120 "the databases are not whole again" are_whole
  say "all three are back: $(guarantee)"
fi
echo "try-compose: ok: $sold orders acknowledged and there once, 0 lost, through 4 kills; longest wait $longest ms"
