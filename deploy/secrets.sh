#!/usr/bin/env bash
# Prints what the services and databases keep from one another, made anew: (umask 077; deploy/secrets.sh >deploy/.env)
# The caller's shell makes the file, so it is the caller's umask that closes it to others.
# Keep the file: with other values the databases that are there cannot be opened.
set -euo pipefail
for name in OPERATOR_TOKEN JOIN_TOKEN POSTGRES_PASSWORD REPLICATION_PASSWORD SHOP_OWNER_PASSWORD SHOP_PASSWORD CONDUCTOR_PASSWORD; do
  echo "$name=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')"
done
