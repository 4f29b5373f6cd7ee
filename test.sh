#!/usr/bin/env bash
# All tests, on a fresh machine too, which has the .NET SDK and Node.js: installs what else they need, builds once, runs, counts.
set -euo pipefail
cd "$(dirname "$0")"

# A distribution's own Node.js may be older than what compiles the style sheet takes, so nobody is given it.
if ! command -v npm >/dev/null || ! node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' 2>/dev/null; then
  echo "missing: Node.js 20.19 or newer with npm (here: $(node --version 2>/dev/null || echo none))" >&2
  exit 1
fi

# What the tests need beyond that. Only root can install; others are told what is missing.
need() { # need PROGRAM-OR-FILE PACKAGE
  if command -v "$1" >/dev/null 2>&1 || [ -e "$1" ]; then return; fi
  missing+=("$2")
}
missing=()
need chromium chromium
need setpriv util-linux
need curl curl # what README.md shows is typed
need /usr/sbin/ip iproute2 # other machines are network namespaces
need java default-jre-headless # the outside opinion on the shop's description
need /usr/lib/python3/dist-packages/flask python3-flask # the outsider in samples/
need "/usr/lib/$(uname -m)-linux-gnu/libgomp.so.1" libgomp1 # LightGBM's native library wants it
if [ "${#missing[@]}" -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  else
    echo "missing: ${missing[*]} (install them, or run as root on Debian)" >&2
  fi
fi

# A folder with a lock file beside its package.json holds a client whose answers the tests compare.
while read -r lock; do
  (cd "$(dirname "$lock")" && npm ci --ignore-scripts --no-audit --no-fund --silent)
done < <(git ls-files "*package-lock.json" | grep -vE '^bench/|AppHost/Postgres')

dotnet tool restore >/dev/null
dotnet csharpier check .
dotnet build Workshop.sln

results=artifacts/test-results
mkdir -p "$results"
rm -f "$results"/*.xml
status=0
tests() { # tests NAME SECONDS ARGUMENT...
  local name=$1 limit=$2
  shift 2
  timeout --kill-after=30 "$limit" \
    dotnet artifacts/bin/Workshop.Tests/debug/Workshop.Tests.dll -noColor -result-xml "$results/$name.xml" "$@" || status=$?
  if [ ! -s "$results/$name.xml" ]; then
    echo "The test runner ended with exit code $status before it could write its results." >&2
    exit 1
  fi
}
tests tests 4500 -trait- Needs=containers

# The pair in containers: last and alone, so that no measured time suffers from it. Root on Debian gets the engine and a stand-in
# for the image; elsewhere they are there, or the tests say why they are skipped.
if [ "$(id -u)" = 0 ] && [ -e /etc/debian_version ]; then
  CONTAINERS_CONF=$(timeout 600 Workshop.Tests/Containers/install.sh) && export CONTAINERS_CONF ||
    echo "Podman or the image could not be installed: the tests of containers are skipped." >&2
fi
tests containers 600 -trait Needs=containers

# What failed, once more and short, and the count: from the runner's own reports.
dotnet artifacts/bin/Workshop.Tests/debug/Workshop.Tests.dll results "$results"/*.xml || status=1
exit "$status"
