#!/usr/bin/env bash
# Lints a description with spectral and its OWASP rules. Usage: check.sh openapi.json. Fails at the first error; warnings are told.
set -euo pipefail
description=$(realpath "$1")
cd "$(dirname "$0")"
[ -x node_modules/.bin/spectral ] || npm ci --ignore-scripts --silent
exec node_modules/.bin/spectral lint "$description" --ruleset spectral.yaml --fail-severity error
