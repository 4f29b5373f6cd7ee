#!/usr/bin/env bash
# Runs in a server's container, in front of the image's own entrypoint. PAIR_ORDER says what is to happen:
#   serve   the data that are there are served, as primary or standby; an empty folder becomes a new database
#   copy    the same, but an empty folder is filled from the peer
#   rejoin  whatever the data are, they become those of a standby of the peer: rewound, or copied where that fails
set -euo pipefail

peer="host=$PAIR_PEER port=5432 user=$POSTGRES_USER dbname=postgres connect_timeout=2 application_name=$PAIR_NAME"
slot=${PAIR_NAME//-/_}
draft=$PGDATA.new
export PGPASSWORD=$POSTGRES_PASSWORD

ask() {
  psql --no-psqlrc --quiet --no-align --tuples-only --dbname "$peer" --command "$1"
}

own_folder() {
  install --directory --owner postgres --group postgres --mode 0700 "$1"
}

# Only a primary is copied: two standbys would wait for each other for ever.
await_primary() {
  until [ "$(ask 'SELECT pg_is_in_recovery()' 2>/dev/null)" = f ]; do sleep 0.1; done
  ask "SELECT pg_create_physical_replication_slot('$slot', true)
       WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = '$slot')" >/dev/null
}

# A rewound server reads the log from the last checkpoint that both had. Where the peer has removed that, it is copied instead.
rewind() {
  [ -s "$PGDATA/PG_VERSION" ] || return 1
  rm -f "$PGDATA/postmaster.pid"
  local said from
  said=$(gosu postgres pg_rewind --target-pgdata "$PGDATA" --source-server "$peer" --write-recovery-conf 2>&1) || {
    echo "$said" >&2
    return 1
  }
  echo "$said" >&2
  from=$(sed -n 's|.*last common checkpoint at \([0-9A-F]*/[0-9A-F]*\) .*|\1|p' <<<"$said")
  if [ -n "$from" ] && [ "$(ask "SELECT EXISTS (SELECT FROM pg_ls_waldir()
      WHERE right(name, 16) = right(pg_walfile_name('$from'), 16))")" != t ]; then
    echo "$PAIR_PEER no longer has the log from $from on" >&2
    return 1
  fi
  echo "primary_slot_name = '$slot'" >>"$PGDATA/postgresql.auto.conf"
}

# Beside the old data, which go only when the copy is whole.
copy() {
  rm -rf "$draft"
  own_folder "$draft"
  gosu postgres pg_basebackup --pgdata "$draft" --dbname "$peer" --slot "$slot" --wal-method stream \
    --checkpoint fast --write-recovery-conf || return 1
  rm -rf "$PGDATA"
  mv "$draft" "$PGDATA"
}

follow() {
  await_primary
  if [ "$PAIR_ORDER" != rejoin ] || ! rewind; then
    until copy; do
      sleep 0.5
      await_primary
    done
  fi

  # What came along from the primary: whom it waits for, and for whom it keeps its log. It follows by an account that can do
  # nothing else.
  sed -i '/^synchronous_standby_names/d; /^primary_conninfo/d' "$PGDATA/postgresql.auto.conf"
  echo "primary_conninfo = 'host=$PAIR_PEER port=5432 user=$REPLICATION_USER password=$REPLICATION_PASSWORD" \
    "application_name=$PAIR_NAME connect_timeout=2'" >>"$PGDATA/postgresql.auto.conf"
  rm -rf "$PGDATA"/pg_replslot/*
}

own_folder "${PGDATA%/*}"
own_folder "$PGDATA"
case $PAIR_ORDER in
  rejoin) follow ;;
  copy) [ -s "$PGDATA/PG_VERSION" ] || follow ;;
esac
exec docker-entrypoint.sh postgres "$@"
