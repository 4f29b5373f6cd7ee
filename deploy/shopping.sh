# What try-compose.sh and try-upgrade.sh have in common: a workshop of compose.yaml beside what else runs, shoppers who buy without
# a pause, and the count afterwards. Sourced, in the folder deploy.
for program in curl jq podman-compose; do
  command -v "$program" >/dev/null || { echo "${0##*/}: $program is missing; deploy/images/build.sh installs it as root on Debian" >&2; exit 1; }
done
# A name of this run's own: what ends it removes everything under that name.
project=workshop-try-$$
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
offset=${WORKSHOP_PORT_OFFSET:-24000}
user=try-$$
stock=100000
shoppers=()

CONTAINERS_CONF=$(../Workshop.Tests/Containers/install.sh)
export CONTAINERS_CONF
export STOREFRONT_PORT=$((8080 + offset)) REGISTRY_PORT=$((3000 + offset)) SHOP_API_1_PORT=$((3001 + offset)) \
  SHOP_API_2_PORT=$((3002 + offset)) CONSENSUS_PORT=$((4000 + offset)) PREDICTOR_LINEAR_PORT=$((4001 + offset)) \
  PREDICTOR_FASTTREE_PORT=$((4002 + offset)) PREDICTOR_LIGHTGBM_PORT=$((4003 + offset)) PREDICTOR_FOREST_PORT=$((4004 + offset)) \
  PREDICTOR_NEIGHBOURS_PORT=$((4005 + offset)) PREDICTOR_BAYES_PORT=$((4006 + offset))
set -a
eval "$(./secrets.sh)"
set +a
servers=("http://localhost:$SHOP_API_1_PORT" "http://localhost:$SHOP_API_2_PORT")
storefront=http://localhost:$STOREFRONT_PORT
compose=(podman-compose --project-name "$project" --file compose.yaml)

# The databases under Patroni in the place of the one server.
with_patroni() {
  podman image exists localhost/workshop-patroni:1 ||
    patroni/build-image.sh "$(dirname "$CONTAINERS_CONF")" localhost/workshop-patroni:1 >&2
  compose+=(--file compose.patroni.yaml)
}

now() { date +%s%3N; }
began=$(now)
say() { printf '%5.1f s  %s\n' "$(jq -n "($(now) - $began) / 1000")" "$*"; }
fail() {
  echo "${0##*/}: failed: $*"
  exit 1
}

# until_true SECONDS WHAT COMMAND...
until_true() {
  local end=$(($(now) + $1 * 1000)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ "$(now)" -lt "$end" ] || fail "$what"
    sleep 0.2
  done
}

answers() { curl -sf --connect-timeout 1 --max-time 3 -o /dev/null "$1"; }

# What went wrong is told with the last lines of each container; nothing is left behind.
clean_up() {
  local code=$?
  trap - EXIT
  touch "$work/closed"
  # A shopper whom nobody answers would try for long.
  kill "${shoppers[@]}" 2>/dev/null || true
  wait "${shoppers[@]}" 2>/dev/null || true
  if [ "$code" != 0 ]; then
    for name in $(podman ps --all --format '{{.Names}}' --filter "name=^${project}_"); do
      echo "--- $name: $(podman inspect --format '{{.State.Status}} {{.State.ExitCode}}, restarts {{.RestartCount}}' "$name")"
      podman logs --tail 8 "$name" 2>&1 || true
    done >&2
  fi
  "${compose[@]}" down --volumes >/dev/null 2>&1 || true
  podman volume ls --format '{{.Name}}' | grep "^${project}_" | xargs -r podman volume rm --force >/dev/null 2>&1 || true
  podman network rm --force "${project}_default" "${project}_databases" >/dev/null 2>&1 || true
  rm -rf "$work"
  exit "$code"
}
trap clean_up EXIT

# start [SERVICE...]: until both servers of the shop are healthy and the registry knows them.
start() {
  "${compose[@]}" up --detach "$@" >"$work/up" 2>&1 || { tail -20 "$work/up" >&2; fail "podman-compose up"; }
  say "containers started: $(podman ps --quiet --filter "name=^${project}_" | wc -l)"
  for server in "${servers[@]}"; do until_true 120 "$server is not healthy" answers "$server/health"; done
  until_true 60 "the registry does not know both servers" knows_both
  say "the shop is open"
}

knows_both() {
  curl -sf "http://localhost:$REGISTRY_PORT/services/shop-api" |
    jq -e '[.instances[] | select(.state == "live")] | length == 2'
}

# Something that does not run out.
put_on_the_shelf() {
  product=$(curl -sf -X POST "${servers[0]}/products" -H 'Content-Type: application/json' -H "Authorization: Bearer $OPERATOR_TOKEN" \
    -d "{\"name\":\"Paper cup\",\"description\":\"\",\"category\":\"Kitchen\",\"price\":0.10,\"stock\":$stock}" | jq -r .id)
  [ -n "$product" ] || fail "there is nothing to buy"
}

# Lets two shoppers in.
open_doors() {
  put_on_the_shelf
  shop 1 &
  shoppers+=($!)
  shop 2 &
  shoppers+=($!)
}

# One shopper: an order at a time, each under a key of its own, repeated at either server until one acknowledges it. After a
# death the engine's port leads nowhere for a moment, so a connection is not waited for. Each answer's code is kept; 000 is none.
shop() {
  local number=0 code key started attempt
  while [ ! -e "$work/closed" ]; do
    number=$((number + 1)) key=$user-$1-$number-0123456789 started=$(now) attempt=0
    while :; do
      code=$(curl -s --connect-timeout 1 --max-time 5 -o "$work/answer-$1" -w '%{http_code}' -X POST \
        "${servers[$(((number + attempt) % 2))]}/orders" -H 'Content-Type: application/json' -H "Idempotency-Key: $key" \
        -d "{\"userId\":\"$user\",\"items\":[{\"productId\":\"$product\",\"quantity\":1}]}") || true
      echo "$code" >>"$work/codes"
      [ "$code" = 201 ] && break
      attempt=$((attempt + 1))
      [ "$attempt" -lt 400 ] || { echo "$code $(<"$work/answer-$1")" >"$work/gave-up-$1"; return; }
      sleep 0.1
    done
    echo "$(jq -r .id "$work/answer-$1") $(($(now) - started))" >>"$work/orders"
    sleep 0.05
  done
}

sold() { wc -l <"$work/orders"; }

# Ends the shopping, and counts: sets sold and longest.
close_doors() {
  touch "$work/closed"
  wait "${shoppers[@]}" || true
  shoppers=()
  ! compgen -G "$work/gave-up-*" >/dev/null || fail "an order was never acknowledged: $(cat "$work"/gave-up-*)"
  sold=$(sold)
  [ "$sold" -gt 20 ] || fail "only $sold orders"
  curl -sf "${servers[1]}/orders/$user" | jq -r '.[].id' | sort >"$work/there"
  cut -d ' ' -f 1 "$work/orders" | sort >"$work/acknowledged"
  longest=$(cut -d ' ' -f 2 "$work/orders" | sort -n | tail -1)
  local lost extra left
  lost=$(comm -23 "$work/acknowledged" "$work/there" | wc -l)
  extra=$(comm -13 "$work/acknowledged" "$work/there" | wc -l)
  left=$(curl -sf "${servers[1]}/products/$product" | jq .stock)
  [ "$lost" = 0 ] || fail "$lost of $sold acknowledged orders are not there"
  [ "$extra" = 0 ] || fail "$extra orders are there that nobody was told of"
  [ $((stock - left)) = "$sold" ] || fail "$sold sold, but the stock went from $stock to $left"
}
