#!/usr/bin/env bash
# The consensus's latency and its ledger, each beside its limit; writes all tables into docs/performance.md.
# Usage: bench/consensus/run.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
dotnet build bench/Consensus.Bench/Consensus.Bench.csproj -c Release -v quiet -nologo
dotnet artifacts/bin/Consensus.Bench/release/Consensus.Bench.dll predict --write
dotnet artifacts/bin/Consensus.Bench/release/Consensus.Bench.dll ledger --write
dotnet artifacts/bin/Consensus.Bench/release/Consensus.Bench.dll witness --write
