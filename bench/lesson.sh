#!/usr/bin/env bash
# Gives the lesson in a browser, on workshops of its own: earns every tick of the questions' pages, and keeps a picture of each step.
# Needs Chromium (test.sh installs it) and Node.js. Ends with 1 where a tick was not earned.
# Usage: bench/lesson.sh FOLDER
set -euo pipefail
folder=$(realpath -m "${1:?the folder for the pictures}")
cd "$(dirname "$0")/.."

dotnet build Workshop.sln -v q -clp:ErrorsOnly
dotnet artifacts/bin/LaboratoryBench/debug/LaboratoryBench.dll lesson "$folder"
