#!/usr/bin/env bash
# Builds an image with Patroni, etcd and PostgreSQL 18 out of Debian's testing, whose packages are fetched once and kept in CACHE.
# Usage: build-image.sh CACHE IMAGE
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cache=$1 image=$2
. "$here/../../Workshop.Tests/Containers/debian.sh"

folder=$cache/patroni
compgen -G "$folder/archives/patroni_*.deb" >/dev/null ||
  debian_fetch "$folder" forky patroni python3-etcd etcd-server etcd-client postgresql-18 postgresql-client-18 \
    gosu bash coreutils findutils sed grep

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
mkdir "$root" "$work/context"
debian_unpack "$folder/archives" "$root"
debian_root "$root"
ldconfig -r "$root"
# Compiled once here and not at each start.
chroot "$root" python3 -m compileall -q /usr/lib/python3/dist-packages >/dev/null || true

tar -C "$root" -cf "$work/context/root.tar" .
cat >"$work/context/Dockerfile" <<'DOCKERFILE'
FROM scratch
ADD root.tar /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/18/bin LANG=C.UTF-8
ENTRYPOINT ["node.sh"]
DOCKERFILE
podman build --quiet --tag "$image" "$work/context" >/dev/null
podman run --rm --network none --entrypoint patroni "$image" --version
podman run --rm --network none --entrypoint etcd "$image" --version | sed -n 1p
