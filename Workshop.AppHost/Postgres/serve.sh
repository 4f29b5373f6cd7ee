#!/usr/bin/env bash
# Runs a PostgreSQL server for the orchestrator, which stops a process by SIGTERM. PostgreSQL takes that for "wait until
# all clients have gone"; SIGINT ends their sessions and stops it cleanly.
trap 'kill -INT "$server"' TERM INT
"$@" &
server=$!
while kill -0 "$server" 2>/dev/null; do
  wait "$server"
  code=$?
done
exit "$code"
