#!/usr/bin/env bash
# Makes the image of every service with Podman, and leaves them in its store as localhost:5324/workshop/NAME:TAG.
# As root on a bare Debian it installs what is missing. Usage: build.sh [PROJECT...]
# WORKSHOP_TAG names them (default: dev). WORKSHOP_BASE names a base image of your own in a registry that the SDK reaches, for
# example one of Microsoft's chiselled images; without it the base is made of this machine's runtime.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
tag=${WORKSHOP_TAG:-dev}
registry=localhost:${WORKSHOP_REGISTRY_PORT:-5324}
projects=("$@")
[ $# -gt 0 ] || projects=(Registry Shop.Api Shop.Web Consensus Predictors)

# curl is asked whether the registry answers; jq and podman-compose are what deploy/try-*.sh need.
missing=()
for program in docker-registry podman-compose curl jq; do
  command -v "$program" >/dev/null || missing+=("$program")
done
if [ "${#missing[@]}" -gt 0 ]; then
  apt-get update -qq >&2
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null 2>&1
fi
CONTAINERS_CONF=$(Workshop.Tests/Containers/install.sh)
export CONTAINERS_CONF

# One that another build has started is used, and left to it.
curl -sf "http://$registry/v2/" >/dev/null || trap '"$here/registry.sh" stop' EXIT
WORKSHOP_REGISTRY_ADDRESS=127.0.0.1:${registry#*:} "$here/registry.sh" start
base=${WORKSHOP_BASE:-}
if [ -z "$base" ]; then
  base=$registry/workshop/base:$(dotnet --list-runtimes | sed -n 's/^Microsoft.AspNetCore.App \(10[^ ]*\).*/\1/p' | tail -1)
  # A day old at most, so that Debian's fixes of its libraries get in.
  [ -n "$(podman images --quiet --filter reference="$base" --filter until=24h)" ] && podman untag "$base"
  podman image exists "$base" || "$here/base.sh" "$base"
  podman push --quiet --tls-verify=false "$base"
fi

for project in "${projects[@]}"; do
  DOTNET_CONTAINER_INSECURE_REGISTRIES=$registry dotnet publish "$project" -c Release -t:PublishContainer -clp:ErrorsOnly -nologo \
    -nodeReuse:false -p:RunAnalyzers=false -p:ContainerBaseImage="$base" -p:ContainerRegistry="$registry" -p:ContainerImageTag="$tag"
  name=${project,,}
  podman pull --quiet --tls-verify=false "$registry/workshop/${name//./-}:$tag" >/dev/null
  podman image inspect --format "{{index .RepoTags 0}} {{.Size}} bytes, user {{.User}}" "$registry/workshop/${name//./-}:$tag"
done
