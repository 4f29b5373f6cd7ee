#!/usr/bin/env bash
# The storefront, measured on Release workshops of its own: Lighthouse, first paint, server time, and shoppers among faults.
# Usage: bench/web/run.sh. About ten minutes on two quiet cores; writes its tables into docs/performance.md.
set -euo pipefail
cd "$(dirname "$0")/../.."
offset=1800
site=http://localhost:$((8080 + offset))
folder=$(mktemp -d)
host=

cleanup() {
  if [ -n "$host" ]; then
    kill -TERM "$host" 2>/dev/null || true
    wait "$host" 2>/dev/null || true
  fi
  rm -rf "$folder"
}
trap cleanup EXIT

chromium=${CHROMIUM_PATH:-/usr/bin/chromium}
for program in node npm "$chromium"; do
  command -v "$program" >/dev/null ||
    { echo "$program is missing: Node.js 20.19 or newer with npm, and Chromium (on Debian: apt-get install chromium)" >&2; exit 1; }
done
(cd bench/web && npm ci --ignore-scripts --silent)
dotnet build Workshop.sln --configuration Release --verbosity quiet --nologo

uptime | sed 's/.*load/load/' >"$folder/load.txt"
dotnet artifacts/bin/Workshop.AppHost/release/Workshop.AppHost.dll --ephemeral --port-offset "$offset" >"$folder/host.log" 2>&1 &
host=$!
for _ in $(seq 2400); do
  grep -q '^Everything is healthy' "$folder/host.log" && break
  kill -0 "$host" 2>/dev/null || { cat "$folder/host.log" >&2; exit 1; }
  sleep 0.1
done
grep -q '^Everything is healthy' "$folder/host.log" || { echo "the workshop did not start" >&2; exit 1; }
sleep 10 # models are compared with one another after the start

node bench/web/server-time.js "$site" >"$folder/server-time.json"
CHROMIUM_PATH=$chromium node bench/web/lighthouse.js "$site" >"$folder/lighthouse.json"
kill -TERM "$host"
wait "$host" || true
host=

# 1: the shop broke its word, which the table shows; anything above: there is no figure.
status=0
dotnet artifacts/bin/LaboratoryBench/release/LaboratoryBench.dll shoppers >"$folder/shoppers.md" || status=$?
[ "$status" -le 1 ] && [ -s "$folder/shoppers.md" ] || { echo "the shoppers said nothing" >&2; exit 1; }
uptime | sed 's/.*load/load/' >>"$folder/load.txt"
node bench/web/report.js "$folder" docs/performance.md
exit "$status"
