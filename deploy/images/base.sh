#!/usr/bin/env bash
# Makes a base image for the services out of Debian's packages and the machine's own .NET runtime, for machines that reach no
# image registry. It has no shell. Usage: base.sh IMAGE
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
mkdir -p "$root" "$work/packages"

# What the runtime loads, OpenSSL, the certificates of the world, and OpenMP for LightGBM. Unpacked, not configured.
chmod 0777 "$work" "$work/packages"
(cd "$work/packages" && apt-get -qq -o APT::Sandbox::User=root download \
  base-files libc6 libgcc-s1 libstdc++6 libssl3 libgomp1 ca-certificates)
for package in "$work"/packages/*.deb; do
  dpkg-deb --fsys-tarfile "$package" | tar -x -C "$root" --exclude=./usr/share/{doc,man,info,locale,lintian,bug} --exclude='./usr/lib/*/gconv'
done
cat "$root"/usr/share/ca-certificates/mozilla/*.crt >"$root/etc/ssl/certs/ca-certificates.crt"
printf 'root:x:0:0::/root:/sbin/nologin\napp:x:1654:1654::/home/app:/sbin/nologin\n' >"$root/etc/passwd"
printf 'root:x:0:\napp:x:1654:\n' >"$root/etc/group"
printf 'passwd: files\ngroup: files\nhosts: files dns\n' >"$root/etc/nsswitch.conf"

install -d "$root/usr/share/dotnet" "$root/usr/bin" "$root/app"
cp -a "$dotnet"/{dotnet,host,shared,LICENSE.txt,ThirdPartyNotices.txt} "$root/usr/share/dotnet/"
ln -sf ../share/dotnet/dotnet "$root/usr/bin/dotnet"
install -d -m 1777 "$root/tmp"
install -d -m 0700 -o 1654 -g 1654 "$root/home/app"
ldconfig -r "$root"

tar -C "$root" -cf "$work/root.tar" .
cp "$here/Dockerfile" "$work/"
rm -rf "$root"
podman build --quiet --tag "$1" "$work" >/dev/null
podman run --rm --read-only --network none "$1" dotnet --list-runtimes
