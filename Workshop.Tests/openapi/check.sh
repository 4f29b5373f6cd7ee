#!/usr/bin/env bash
# Lints descriptions with spectral. Usage: check.sh RULESET SEVERITY openapi.json...; fails at the first finding of that severity.
set -euo pipefail
ruleset=$1 severity=$2
shift 2
descriptions=()
for description in "$@"; do descriptions+=("$(realpath "$description")"); done
cd "$(dirname "$0")"
[ -x node_modules/.bin/spectral ] || npm ci --ignore-scripts --silent
exec node_modules/.bin/spectral lint "${descriptions[@]}" --ruleset "$ruleset" --fail-severity "$severity"
