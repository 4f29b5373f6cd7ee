#!/usr/bin/env bash
# Prints what the services and databases keep from one another, made anew: deploy/secrets.sh >deploy/.env
# Keep the file: with other values the databases that are there cannot be opened.
set -euo pipefail
umask 077
for name in OPERATOR_TOKEN JOIN_TOKEN POSTGRES_PASSWORD REPLICATION_PASSWORD SHOP_OWNER_PASSWORD SHOP_PASSWORD CONDUCTOR_PASSWORD; do
  echo "$name=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')"
done
