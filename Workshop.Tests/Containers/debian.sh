# Sourced: images out of Debian's packages, for machines that reach no image registry.

# The machine's own mirror, whatever it is.
debian_mirror() {
  sed -nE 's/^(URIs:|deb( \[[^]]*\])?) *([^ ]+\/debian)\/?( .*)?$/\3/p' \
    /etc/apt/sources.list /etc/apt/sources.list.d/*.{list,sources} 2>/dev/null | sed -n 1p || true
}

# debian_fetch FOLDER SUITE PACKAGE...: by an apt of its own, so that the machine's sources and lists stay as they are. A release
# that is past its date (a mirror that stands still) is taken all the same; its signature is checked.
debian_fetch() {
  local folder=$1 suite=$2 mirror
  shift 2
  mirror=$(debian_mirror)
  [ -n "$mirror" ] || { echo "no Debian mirror in the machine's apt sources" >&2; exit 1; }
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

# debian_unpack ARCHIVES ROOT: unpacked, not configured, since only what the servers and the scripts call matters.
debian_unpack() {
  local package
  for package in "$1"/*.deb; do
    case ${package##*/} in
      # Large and called by nothing here; the two "common" ones are wrappers that would hide the real psql.
      postgresql-common* | postgresql-client-common* | perl* | libperl* | systemd_* | libsystemd-shared* | locales_* | libc-l10n* | libllvm*)
        continue
        ;;
    esac
    dpkg-deb --fsys-tarfile "$package" |
      tar -x -C "$2" --exclude=./usr/share/{doc,man,info,locale,i18n,lintian,bug} --exclude='./usr/lib/postgresql/*/lib/bitcode'
  done
}

# debian_root ROOT: what every image has beside its packages.
debian_root() {
  local root=$1
  printf 'root:x:0:0:root:/root:/bin/bash\npostgres:x:999:999::/var/lib/postgresql:/bin/bash\n' >"$root/etc/passwd"
  printf 'root:x:0:\npostgres:x:999:\n' >"$root/etc/group"
  printf 'passwd: files\ngroup: files\nhosts: files dns\n' >"$root/etc/nsswitch.conf"
  [ -e "$root/usr/bin/sh" ] || ln -s bash "$root/usr/bin/sh"
  rm -rf "$root/var/run" && ln -s /run "$root/var/run"
  install -d -m 0755 "$root"/{docker-entrypoint-initdb.d,proc,sys,dev,root}
  install -d -m 1777 "$root/tmp"
  install -d -m 1777 -o 999 -g 999 "$root/var/lib/postgresql"
  install -d -m 3777 -o 999 -g 999 "$root/run/postgresql"
}
