#!/usr/bin/env bash
# Takes the pictures of Aspire's dashboard that the documents show. Needs Chromium (test.sh installs it).
# Usage: bench/pictures.sh [FOLDER]
set -euo pipefail
folder=${1:+$(realpath -m "$1")}
cd "$(dirname "$0")/.."
folder=${folder:-docs}

dotnet build Workshop.sln -v q -clp:ErrorsOnly
dotnet artifacts/bin/LaboratoryBench/debug/LaboratoryBench.dll pictures "$folder"
