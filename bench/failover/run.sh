#!/usr/bin/env bash
# Failover and storage modes, measured on whole workshops of its own: the tables of docs/storage.md.
# Usage: bench/failover/run.sh [number of kills of the primary, 50]. Half an hour on two quiet cores.
set -euo pipefail
cd "$(dirname "$0")/../.."

dotnet build Workshop.sln --configuration Release
uptime
dotnet run --project Workshop.Tests --configuration Release --no-build -- failover "$@"
