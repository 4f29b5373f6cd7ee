#!/usr/bin/env bash
# Makes the shop's database and its accounts on a server that takes writes, or gives these their passwords and rights anew.
# PGHOST, PGUSER and PGPASSWORD are the superuser's; SHOP_OWNER_PASSWORD, SHOP_PASSWORD and CONDUCTOR_PASSWORD the accounts'.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
sql() { psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --output /dev/null "$@"; }

for _ in {1..120}; do
  [ "$(psql --no-psqlrc --tuples-only --no-align --dbname postgres --command 'SELECT pg_is_in_recovery()' 2>/dev/null)" = f ] && break
  sleep 0.5
done

sql --dbname postgres --set owner="$SHOP_OWNER_PASSWORD" --set shop="$SHOP_PASSWORD" --set conductor="$CONDUCTOR_PASSWORD" <<'SQL'
SELECT format('CREATE ROLE %I LOGIN', name)
FROM unnest(ARRAY['shop_owner', 'shop', 'conductor']) name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE shop_owner PASSWORD :'owner';
ALTER ROLE shop PASSWORD :'shop';
ALTER ROLE conductor PASSWORD :'conductor';
SELECT 'CREATE DATABASE shop OWNER shop_owner' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'shop') \gexec
SQL
sql --dbname postgres --file "$here/conductor.sql"
sql --dbname shop --file "$here/../kubernetes/base/rights.sql"
echo "accounts: ready"
