#!/usr/bin/env bash
# Our six members, their plain average and the weighted consensus against scikit-learn's voting and stacking of the usual
# learners: the same rows, the same five folds, in one run. Usage: bench/peers/run.sh
# Prints the tables, and writes them into docs/predictors.md.
set -euo pipefail
cd "$(dirname "$0")/../.."
python=/usr/bin/python3 # Debian's, which has Debian's packages
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

if ! "$python" -c 'import sklearn' 2>/dev/null; then
  [ "$(id -u)" = 0 ] || { echo "install first: python3-sklearn" >&2; exit 1; }
  apt-get update -qq
  apt-get install -y -qq python3-sklearn >/dev/null
fi

dotnet run -c Release --project bench/laboratory -- peers "$folder"
PYTHONDONTWRITEBYTECODE=1 "$python" bench/peers/ensembles/compare.py "$folder" | tee "$folder/table.md"

document=docs/predictors.md
mark='<!-- bench/peers:'
[ "$(grep -c "^$mark" "$document")" = 2 ] || { echo "$document has lost its marks" >&2; exit 1; }
awk -v mark="$mark" -v table="$folder/table.md" '
  index($0, mark " end") == 1 { skip = 0 }
  !skip { print }
  index($0, mark " begin") == 1 { skip = 1; while ((getline line < table) > 0) print line }
' "$document" >"$folder/document.md"
cat "$folder/document.md" >"$document"
