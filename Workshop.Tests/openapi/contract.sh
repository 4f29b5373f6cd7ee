#!/usr/bin/env bash
# Calls a running shop with specmatic and compares its answers with its description.
# Usage: contract.sh FOLDER/openapi.json ADDRESS; requests to send are in FOLDER/examples, and its reports go to FOLDER.
set -euo pipefail
cd "$(dirname "$0")"
[ -f node_modules/specmatic/specmatic.jar ] || npm ci --ignore-scripts --silent
jar=$(realpath node_modules/specmatic/specmatic.jar)
cd "$(dirname "$1")"
exec java -jar "$jar" test "$1" --examples=examples --testBaseURL="$2" --timeout-in-ms=30000 2>&1
