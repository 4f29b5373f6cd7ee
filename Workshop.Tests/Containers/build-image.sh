#!/usr/bin/env bash
# Builds a stand-in for the image postgres:18 out of Debian's packages, for machines that reach no image registry.
# Usage: build-image.sh CACHE
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cache=$1
image=docker.io/library/postgres

. "$here/debian.sh"

has() { # has SUITE MAJOR
  compgen -G "$cache/$1/archives/postgresql-$2_*.deb" >/dev/null
}

# Testing has 18 until it has 19; stable has 17 for years, with which the pair works as well.
for candidate in forky:18 sid:18 trixie:17; do
  suite=${candidate%:*} major=${candidate#*:}
  has "$suite" "$major" && break
  debian_fetch "$cache/$suite" "$suite" "postgresql-$major" "postgresql-client-$major" gosu bash coreutils findutils sed grep && break
done
has "$suite" "$major"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
mkdir "$root" "$work/context"
debian_unpack "$cache/$suite/archives" "$root"
debian_root "$root"
install -D -m 0755 "$here/entrypoint.sh" "$root/usr/local/bin/docker-entrypoint.sh"
sed -i "s/^#*listen_addresses = .*/listen_addresses = '*'/" "$root/usr/share/postgresql/$major/postgresql.conf.sample"
ldconfig -r "$root"

tar -C "$root" -cf "$work/context/root.tar" .
cat >"$work/context/Dockerfile" <<END
FROM scratch
ADD root.tar /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/$major/bin LANG=C.UTF-8 PGDATA=/var/lib/postgresql/18/docker
VOLUME /var/lib/postgresql
EXPOSE 5432
STOPSIGNAL SIGINT
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["postgres"]
END
podman build --quiet --tag "$image:18" "$work/context" >/dev/null
podman run --rm --network none "$image:18" postgres --version
