#!/usr/bin/env bash
# Changes the mechanism a thousand times, and looks whether its tests notice; the scores go into docs/mutation.md.
# All of it takes about two hours on two cores; some files take minutes: each keeps the rows of the others.
# Usage: bench/mutation/run.sh [Bet Rewards ...]
set -euo pipefail
cd "$(dirname "$0")"
dotnet tool restore
cd Mechanism.Tests
mutate=()
for file in "$@"; do
  mutate+=(--mutate "**/Mechanism/${file%.cs}.cs")
done
output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT
dotnet stryker "${mutate[@]}" --output "$output"
node ../score.mjs "$output/reports/mutation-report.json" ../../../docs/mutation.md
