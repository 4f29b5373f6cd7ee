#!/usr/bin/env bash
# How long the built workshop takes until everything is healthy, and how much memory it then holds. Ends with 1 where it never was.
# Usage: bench/start.sh [options of the host]
set -euo pipefail
cd "$(dirname "$0")/.."

dotnet build Workshop.sln -v q -clp:ErrorsOnly
output=$(mktemp)
dotnet artifacts/bin/Workshop.AppHost/debug/Workshop.AppHost.dll --ephemeral --port-offset 900 "$@" >"$output" 2>&1 &
host=$!
trap 'kill -TERM "$host" 2>/dev/null || true; wait "$host" || true; rm -f "$output"' EXIT

is_healthy() { grep -q '^Everything is healthy' "$output"; }
for _ in $(seq 1 2400); do
  is_healthy && break
  kill -0 "$host" 2>/dev/null || { cat "$output"; exit 1; }
  sleep 0.1
done
cat "$output"
is_healthy || { echo "the workshop is not healthy after four minutes" >&2; exit 1; }

# All descendants, and those of the orchestrator, which is not the host's child; proportional set sizes, so that shared pages count once, and each one's peak.
descendants() { local p; for p in $(pgrep -P "$1"); do echo "$p"; descendants "$p"; done; }
total=0
peak=0
orchestrators=$(pgrep -f "dcp .*--monitor $host\\b" || true)
for p in $(for root in "$host" $orchestrators; do echo "$root"; descendants "$root"; done | sort -u); do
  pss=$(awk '/^Pss:/ { print $2 }' "/proc/$p/smaps_rollup" 2>/dev/null || echo 0)
  hwm=$(awk '/^VmHWM:/ { print $2 }' "/proc/$p/status" 2>/dev/null || echo 0)
  total=$((total + ${pss:-0}))
  peak=$((peak + ${hwm:-0}))
done
echo "memory now (proportional): $((total / 1024)) MiB; sum of each process's peak, shared pages counted in each: $((peak / 1024)) MiB"
