#!/usr/bin/env bash
# Honest buyers and questions before, during and after attacks from this machine; the table goes into docs/security.md.
# About 7 minutes. Loopback only; bounded in number and time.
# Usage: bench/siege/run.sh [attack ...]
set -euo pipefail
cd "$(dirname "$0")/../.."

dotnet build Workshop.sln --configuration Release
dotnet run --project bench/laboratory --configuration Release --no-build -- siege "$@"
