#!/usr/bin/env bash
# The same faults under the same load to databases in containers: three servers under Patroni and etcd, and the workshop's own
# pair under its own conductor. A run of all faults to both writes the table of docs/outside-databases.md. As root, on Debian.
# Usage: bench/patroni/run.sh [--times N] [--rate N] [--only KillPrimary,...] [--alone]
set -euo pipefail
cd "$(dirname "$0")/../.."

CONTAINERS_CONF=$(Workshop.Tests/Containers/install.sh)
export CONTAINERS_CONF
configuration=${CONFIGURATION:-Release}
dotnet build Workshop.sln --configuration "$configuration"
dotnet run --project bench/laboratory --configuration "$configuration" --no-build -- patroni "$@"
