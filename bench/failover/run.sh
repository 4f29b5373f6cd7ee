#!/usr/bin/env bash
# Failover and storage modes, measured on whole workshops of its own; each part's table is written into docs/storage.md
# as soon as it is taken. About 20 minutes on two quiet cores; the parts can be taken one by one.
# Usage: bench/failover/run.sh [kills|containers|stops|available|asynchronous|throughput|api ...] [--kills 50] [--requests 100000]
set -euo pipefail
cd "$(dirname "$0")/../.."

# The part "containers" needs an engine and an image; they come as in test.sh. Where no part is named all are taken, also with options.
parts=" $(sed -E 's/--(kills|requests) +[0-9]+//g' <<<"$*") "
if [[ ! $parts =~ [^\ ] || $parts = *" containers "* ]] && [ "$(id -u)" = 0 ] && [ -e /etc/debian_version ]; then
  CONTAINERS_CONF=$(Workshop.Tests/Containers/install.sh)
  export CONTAINERS_CONF
fi

dotnet build Workshop.sln --configuration Release
dotnet run --project bench/laboratory --configuration Release --no-build -- failover "$@"
