#!/usr/bin/env bash
# Three PostgreSQL servers under Patroni and three members of etcd, each in a container, on loopback ports of their own.
# Usage: cluster.sh up | down | cut CONTAINER | heal CONTAINER
#   up     starts them, with a database and two accounts for the shop, and prints "postgres-N PORT" for each server and
#          "password WORD", which is made anew each time and is that of all accounts
#   down   removes containers, volumes and network; the image stays
#   cut    a container hears no other one any more, but clients still reach it
# As root, on Debian. PATRONI_PORT is the first of three ports.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
parts=$here/../../deploy/patroni
cache=${WORKSHOP_IMAGE_CACHE:-/var/cache/workshop/image}
image=localhost/workshop-patroni:1
name=workshop-patroni
NET=${PATRONI_NET:-10.89.123}
export ETCD="$NET.11 $NET.12 $NET.13" CONTAINERS_CONF=$cache/containers.conf
first=${PATRONI_PORT:-23433}
export PATRONI_TTL=${PATRONI_TTL:-20} PATRONI_LOOP=${PATRONI_LOOP:-5} PATRONI_RETRY=${PATRONI_RETRY:-5} PATRONI_SYNC=${PATRONI_SYNC:-quorum}
shop_password=$(od -An -N18 -tx1 /dev/urandom | tr -d ' \n')
export SUPERUSER_PASSWORD=$shop_password REPLICATION_PASSWORD=$shop_password

down() {
  local all
  all=$(podman ps --all --quiet --filter "name=^$name-")
  [ -z "$all" ] || podman rm --force --time 0 --volumes $all >/dev/null
  podman network exists "$name" && podman network rm --force "$name" >/dev/null || true
}

node() { # node KIND NAME LAST_NUMBER [PODMAN OPTION...]
  local kind=$1 container=$2 address=$NET.$3
  shift 3
  podman run --detach --name "$name-$container" --network "$name" --ip "$address" --volume /var/lib/postgresql \
    --env NODE_NAME="$container" --env NODE_ADDRESS="$address" --env ETCD --env SUPERUSER_PASSWORD --env REPLICATION_PASSWORD \
    --volume "$parts/node.sh:/usr/local/bin/node.sh:ro" --env PATRONI_TTL --env PATRONI_LOOP --env PATRONI_RETRY --env PATRONI_SYNC "$@" "$image" "$kind" >/dev/null
}

members() { # members ROLE: how many of the servers say so
  local count=0 n
  for n in 1 2 3; do
    if curl --silent --fail --max-time 2 --output /dev/null "http://$NET.2$n:8008/$1"; then count=$((count + 1)); fi
  done
  echo "$count"
}

primary() {
  local n
  for n in 1 2 3; do
    if curl --silent --fail --max-time 2 --output /dev/null "http://$NET.2$n:8008/primary"; then echo "$name-postgres-$n" && return; fi
  done
}

await() { # await SECONDS WHAT COMMAND...
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@"; do
    [ $SECONDS -lt $end ] || { echo "no $what in time" >&2; return 1; }
    sleep 0.5
  done
}

has_primary() { [ "$(members primary)" = 1 ]; }
has_standbys() { [ "$(members replica)" = 2 ]; }

up() {
  "$here/../../Workshop.Tests/Containers/install.sh" >/dev/null
  podman image exists "$image" || "$parts/build-image.sh" "$cache" "$image" >&2
  down
  podman network create --disable-dns --subnet "$NET.0/24" "$name" >/dev/null
  local n
  for n in 1 2 3; do node etcd "etcd-$n" "1$n"; done
  for n in 1 2 3; do node patroni "postgres-$n" "2$n" --publish "127.0.0.1:$((first + n - 1)):5432"; done
  await 120 primary has_primary
  await 120 standbys has_standbys
  podman exec --interactive --user postgres "$(primary)" psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 <<SQL
CREATE ROLE shop LOGIN PASSWORD '$shop_password';
GRANT pg_read_all_stats TO shop;
CREATE ROLE observer LOGIN PASSWORD '$shop_password';
GRANT pg_monitor TO observer;
CREATE DATABASE shop OWNER shop;
SQL
  for n in 1 2 3; do echo "postgres-$n $((first + n - 1))"; done
  echo "password $shop_password"
}

inside() { # inside CONTAINER COMMAND...: in the network of a container, with the tools of this machine
  local pid
  pid=$(podman inspect --format '{{.State.Pid}}' "$1")
  shift
  nsenter --target "$pid" --net "$@"
}

# cut CONTAINER: the addresses of its network but its gateway, by which clients come.
cut() {
  local network gateway rule
  read -r network gateway < <(podman inspect --format \
    '{{range .NetworkSettings.Networks}}{{.IPAddress}}/{{.IPPrefixLen}} {{.Gateway}}{{end}}' "$1")
  for rule in "INPUT -s $network -j DROP" "INPUT -s $gateway -j ACCEPT" "OUTPUT -d $network -j DROP" "OUTPUT -d $gateway -j ACCEPT"; do
    inside "$1" iptables -I $rule
  done
}

case ${1:-} in
  up) up ;;
  down) down ;;
  cut) cut "$2" ;;
  heal) inside "$2" iptables -F ;;
  *)
    sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
