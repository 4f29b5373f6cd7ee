#!/usr/bin/env bash
# Does what Aspire's AddPostgres and pair.sh need of the entrypoint of the image postgres:18.
set -euo pipefail
[ "$1" = postgres ] && [[ " $* " != *" --version "* ]] || exec "$@"

if [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA" /run/postgresql
  chmod 0700 "$PGDATA"
  find "$PGDATA" /run/postgresql \! -user postgres -exec chown postgres:postgres {} +
  exec gosu postgres "${BASH_SOURCE[0]}" "$@"
fi

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  : "${POSTGRES_PASSWORD:?}" "${POSTGRES_USER:=postgres}"
  # The arguments are one string of shell words, as in the real image.
  eval 'initdb --username="$POSTGRES_USER" --pwfile=<(printf "%s\n" "$POSTGRES_PASSWORD") '"${POSTGRES_INITDB_ARGS:-}"
  printf '\nhost all all all %s\n' "${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}" >>"$PGDATA/pg_hba.conf"
fi

exec "$@"
