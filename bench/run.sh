#!/usr/bin/env bash
# All ratios that tell whether a change made the workshop slower, each measured twice, beside those that were kept last; marks
# what fell by more than both differ. About eight minutes on two cores that do nothing else. Ends with 1 where something fell.
# Usage: bench/run.sh [--keep]    --keep puts these ratios into docs/performance.md as the ones to compare with
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v wrk >/dev/null; then
  [ "$(id -u)" = 0 ] || { echo "install first: wrk" >&2; exit 1; }
  apt-get update -qq
  apt-get install -y -qq wrk >/dev/null
fi
output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT
dotnet build bench/shop/ShopBench.csproj -c Release -v quiet -nologo
dotnet build bench/Consensus.Bench/Consensus.Bench.csproj -c Release -v quiet -nologo
load=$(cut -d' ' -f1-3 /proc/loadavg)
for pass in 1 2; do
  dotnet run -c Release --no-build --project bench/shop -- 1 product order 2>&1 | tee "$output/shop.$pass"
  dotnet artifacts/bin/Consensus.Bench/release/Consensus.Bench.dll predict | tee "$output/predict.$pass"
  dotnet artifacts/bin/Consensus.Bench/release/Consensus.Bench.dll ledger | tee "$output/ledger.$pass"
done
node bench/ratios.mjs "$output" docs/performance.md "load average before: $load" "$@"
