#!/usr/bin/env bash
# Podman and a stand-in for the image postgres:18, on a bare Debian, as root, without systemd; does nothing where both are there.
# The last line of its output is the CONTAINERS_CONF to run with.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cache=${WORKSHOP_IMAGE_CACHE:-/var/cache/workshop/image}
export CONTAINERS_CONF=$cache/containers.conf
mkdir -p "$cache"

# Without recommended packages there is no systemd session; iptables maps the ports, and is only suggested.
if ! command -v podman >/dev/null; then
  apt-get update -qq >&2
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    podman runc netavark aardvark-dns iptables >/dev/null 2>&1
fi

# Podman gives a container more open files and processes than a machine may have that cannot raise its limits.
files=$(ulimit -Hn)
if [ "$files" = unlimited ] || [ "$files" -gt 1048576 ]; then files=1048576; fi
printf '[containers]\ndefault_ulimits = ["nofile=%s:%s", "nproc=4096:4096"]\n' "$files" "$files" >"$CONTAINERS_CONF"

podman image exists docker.io/library/postgres:18 || "$here/build-image.sh" "$cache" >&2
echo "$CONTAINERS_CONF"
