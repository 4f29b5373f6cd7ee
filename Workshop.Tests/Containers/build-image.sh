#!/usr/bin/env bash
# Builds a stand-in for the image postgres:18 out of Debian's packages, for machines that reach no image registry.
# Usage: build-image.sh CACHE
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cache=$1
image=docker.io/library/postgres

# The machine's own mirror, whatever it is.
mirror=$(sed -nE 's/^(URIs:|deb( \[[^]]*\])?) *([^ ]+\/debian)\/?( .*)?$/\3/p' \
  /etc/apt/sources.list /etc/apt/sources.list.d/*.{list,sources} 2>/dev/null | sed -n 1p || true)
[ -n "$mirror" ] || { echo "no Debian mirror in the machine's apt sources" >&2; exit 1; }

# fetch SUITE PACKAGE...: by an apt of its own, so that the machine's sources and lists stay as they are. A release that is
# past its date (a mirror that stands still) is taken all the same; its signature is checked.
fetch() {
  local suite=$1 folder=$cache/$1
  shift
  mkdir -p "$folder"/state/lists/partial "$folder"/archives/partial
  : >"$folder/status"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$folder/sources.list"
  local apt=(apt-get -qq
    -o Dir::Etc::sourcelist="$folder/sources.list" -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferencesparts=/dev/null
    -o Dir::State="$folder/state" -o Dir::State::status="$folder/status" -o Dir::Cache::archives="$folder/archives"
    -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o Acquire::Check-Valid-Until=false
    -o Acquire::Languages=none -o APT::Install-Recommends=false -o APT::Sandbox::User=root)
  "${apt[@]}" update && "${apt[@]}" install --yes --download-only "$@" >/dev/null
}

has() { # has SUITE MAJOR
  compgen -G "$cache/$1/archives/postgresql-$2_*.deb" >/dev/null
}

# Testing has 18 until it has 19; stable has 17 for years, with which the pair works as well.
for candidate in forky:18 sid:18 trixie:17; do
  suite=${candidate%:*} major=${candidate#*:}
  has "$suite" "$major" && break
  fetch "$suite" "postgresql-$major" "postgresql-client-$major" gosu bash coreutils findutils sed grep && break
done
has "$suite" "$major"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
mkdir "$root" "$work/context"
# Unpacked, not configured: only what the servers and the scripts call matters.
for package in "$cache/$suite"/archives/*.deb; do
  case ${package##*/} in
    # Large and called by nothing here; the two "common" ones are wrappers that would hide the real psql.
    postgresql-common* | postgresql-client-common* | perl* | libperl* | systemd_* | libsystemd-shared* | locales_* | libc-l10n* | libllvm*)
      continue
      ;;
  esac
  dpkg-deb --fsys-tarfile "$package" |
    tar -x -C "$root" --exclude=./usr/share/{doc,man,info,locale,i18n,lintian,bug} --exclude='./usr/lib/postgresql/*/lib/bitcode'
done

printf 'root:x:0:0:root:/root:/bin/bash\npostgres:x:999:999::/var/lib/postgresql:/bin/bash\n' >"$root/etc/passwd"
printf 'root:x:0:\npostgres:x:999:\n' >"$root/etc/group"
printf 'passwd: files\ngroup: files\nhosts: files dns\n' >"$root/etc/nsswitch.conf"
[ -e "$root/usr/bin/sh" ] || ln -s bash "$root/usr/bin/sh"
rm -rf "$root/var/run" && ln -s /run "$root/var/run"
install -d -m 0755 "$root"/{docker-entrypoint-initdb.d,proc,sys,dev,root}
install -d -m 1777 "$root/tmp"
install -d -m 1777 -o 999 -g 999 "$root/var/lib/postgresql"
install -d -m 3777 -o 999 -g 999 "$root/run/postgresql"
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
