#!/usr/bin/env bash
# One predictor against Flask + scikit-learn at the same task, in the same run: GET /predict on iris.
# Usage: bench/predictors/run.sh [seconds per measurement, default 5] [rounds, default 3]
# Prints requests per second (median of the rounds), latencies of the median round, and the ratio, and writes them into
# docs/predictors.md. Wanted: at least 10 times the peer's requests per second.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-5}
rounds=${2:-3}
connections=16
query='/predict?sepalLength=5.1&sepalWidth=3.5&petalLength=1.4&petalWidth=0.2'
ours=5298
theirs=5299
python=/usr/bin/python3 # Debian's, which has Debian's packages
folder=$(mktemp -d)
started=()

cleanup() {
  for process in "${started[@]}"; do kill "$process" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$folder"
}
trap cleanup EXIT

need() { # commands and modules of Debian's packages
  command -v wrk >/dev/null && command -v gunicorn >/dev/null && "$python" -c 'import flask, sklearn' 2>/dev/null
}
if ! need; then
  [ "$(id -u)" = 0 ] || { echo "install first: wrk gunicorn python3-flask python3-sklearn" >&2; exit 1; }
  apt-get update -qq
  apt-get install -y -qq wrk gunicorn python3-flask python3-sklearn >/dev/null
fi

await() { # address
  for _ in $(seq 300); do
    if curl -sf "$1" >/dev/null; then return; fi
    sleep 0.2
  done
  echo "$1 does not answer" >&2
  exit 1
}

measure() { # address -> requests per second, p50, p99
  wrk -t1 -c"$connections" -d"${seconds}s" --latency "$1" >"$folder/wrk"
  if grep -qE 'Non-2xx|Socket errors' "$folder/wrk"; then echo "errors were answered, or nothing" >&2; cat "$folder/wrk" >&2; exit 1; fi
  awk '/Requests\/sec/ { rate = $2 } $1 == "50%" { p50 = $2 } $1 == "99%" { p99 = $2 } END { print rate, p50, p99 }' "$folder/wrk"
}

median() { sort -n "$1" | sed -n "$(((rounds + 1) / 2))p"; }

dotnet build Predictors/Predictors.csproj -c Release -v quiet -nologo
program=artifacts/bin/Predictors/release/Predictors
table=$folder/table.md
say() { echo "$1" | tee -a "$table"; }
say "| learner | server | requests/s | p50 | p99 | ratio (wanted: 10) |"
say "| --- | --- | --- | --- | --- | --- |"
for pair in linear:linear lightgbm:boosting; do
  started=()
  ASPNETCORE_URLS=http://localhost:$ours Workshop__DataDirectory="$folder" Predictor__Model=${pair%:*} \
    "$program" >"$folder/ours.log" 2>&1 &
  started+=($!)
  # One OpenMP thread for each worker: with more, scikit-learn's threads starve one another on small questions.
  (cd bench/peers/flask-sklearn && MODEL=${pair#*:} OMP_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1 exec "$python" /usr/bin/gunicorn \
    --workers 2 --worker-class gthread --keep-alive 30 --bind 127.0.0.1:$theirs --log-level warning app:app) >"$folder/theirs.log" 2>&1 &
  started+=($!)
  await "http://localhost:$ours/health"
  await "http://localhost:$ours/evaluation" # its computation must not run beside the measurement
  await "http://localhost:$theirs$query"
  for port in $ours $theirs; do
    curl -s "http://localhost:$port$query" | grep -q '"setosa"' || { echo "port $port does not know its flower" >&2; exit 1; }
    wrk -t1 -c"$connections" -d2s "http://localhost:$port$query" >/dev/null # warm
  done
  : >"$folder/ours"
  : >"$folder/theirs"
  for _ in $(seq "$rounds"); do # in turn, so that a busy moment meets both
    measure "http://localhost:$ours$query" >>"$folder/ours"
    measure "http://localhost:$theirs$query" >>"$folder/theirs"
  done
  read -r our_rate our_p50 our_p99 < <(median "$folder/ours")
  read -r their_rate their_p50 their_p99 < <(median "$folder/theirs")
  ratio=$(awk -v a="$our_rate" -v b="$their_rate" 'BEGIN { printf "%.1f", a / b }')
  say "| ${pair%:*} | predictor | $our_rate | $our_p50 | $our_p99 | $ratio |"
  say "| ${pair#*:} | flask + scikit-learn, gunicorn with 2 workers | $their_rate | $their_p50 | $their_p99 | 1 |"
  for process in "${started[@]}"; do kill "$process"; done
  wait 2>/dev/null || true
done

document=docs/predictors.md
mark='<!-- bench/predictors:'
[ "$(grep -c "^$mark" "$document")" = 2 ] || { echo "$document has lost its marks" >&2; exit 1; }
awk -v mark="$mark" -v table="$table" '
  index($0, mark " end") == 1 { skip = 0 }
  !skip { print }
  index($0, mark " begin") == 1 { skip = 1; while ((getline line < table) > 0) print line }
' "$document" >"$folder/document.md"
cat "$folder/document.md" >"$document"
