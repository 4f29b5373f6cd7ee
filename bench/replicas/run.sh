#!/usr/bin/env bash
# Kills the leader of three replicas at random points (200, or as many as are named), of the consensus and then of the registry,
# and measures what a majority costs; the tables go into docs/replicas.md. A kill takes about four seconds.
# Usage: bench/replicas/run.sh [kills]
set -euo pipefail
cd "$(dirname "$0")/../.."

dotnet build bench/laboratory --configuration Release -verbosity:quiet -nologo
dotnet run --project bench/laboratory --configuration Release --no-build -- replicas "$@"
