#!/usr/bin/env bash
# All tests, on a fresh machine too: installs what they need and the machine lacks, builds, runs, counts.
set -euo pipefail
cd "$(dirname "$0")"

# LightGBM's native library wants libgomp1; the outsider in samples/ wants Flask, and its test is skipped without it.
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  dpkg -s python3-flask libgomp1 >/dev/null 2>&1 \
    || { apt-get update -qq && apt-get install -y -qq python3-flask libgomp1 >/dev/null; } \
    || echo "python3-flask and libgomp1 could not be installed" >&2
fi

dotnet build Workshop.sln
dotnet test --solution Workshop.sln --no-build
