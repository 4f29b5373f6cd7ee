#!/usr/bin/env bash
# An image registry on loopback: Debian's docker-registry, since the SDK takes base images from a registry only.
# Usage: registry.sh start|stop
set -euo pipefail
address=${WORKSHOP_REGISTRY_ADDRESS:-127.0.0.1:5324}
folder=${WORKSHOP_REGISTRY_FOLDER:-/var/cache/workshop/registry}

case ${1:-} in
  start)
    # Somebody else's: it is not ours to stop, either.
    curl -sf "http://$address/v2/" >/dev/null && exit 0
    mkdir -p "$folder"
    printf 'version: 0.1\nlog: { level: error }\nstorage: { filesystem: { rootdirectory: "%s/images" }, delete: { enabled: true } }\nhttp: { addr: "%s" }\n' \
      "$folder" "$address" >"$folder/config.yml"
    setsid docker-registry serve "$folder/config.yml" >"$folder/log" 2>&1 </dev/null &
    echo $! >"$folder/pid"
    for _ in {1..50}; do
      curl -sf "http://$address/v2/" >/dev/null && exit 0
      sleep 0.1
    done
    echo "docker-registry does not answer at $address: see $folder/log" >&2
    exit 1
    ;;
  stop)
    [ ! -f "$folder/pid" ] || kill "$(<"$folder/pid")" 2>/dev/null || true
    rm -f "$folder/pid"
    ;;
  *)
    sed -n '2,3s/^# //p' "$0" >&2
    exit 2
    ;;
esac
