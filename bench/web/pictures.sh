#!/usr/bin/env bash
# Takes a picture of every page, its states of error and emptiness included: at 1280 and 360 px, light and dark.
# The tests that open each page keep them; here they are run and the pictures are collected. Needs Chromium (test.sh installs it).
# Usage: bench/web/pictures.sh FOLDER
set -euo pipefail
folder=$(realpath -m "${1:?the folder for the pictures}")
cd "$(dirname "$0")/../.."

dotnet build Workshop.sln -v q -clp:ErrorsOnly
status=0
WORKSHOP_PICTURES=$folder dotnet artifacts/bin/Workshop.Tests/debug/Workshop.Tests.dll -noColor \
  -class Workshop.Tests.Shop.Web.PageTests -class Workshop.Tests.Shop.Web.Redundancy.Runs.RunPageTests || status=$?
ls "$folder" | wc -l
exit "$status"
