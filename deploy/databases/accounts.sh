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

# Everybody on the machine can read a program's arguments, so the passwords come by the environment.
sql --dbname postgres <<'SQL'
\getenv owner SHOP_OWNER_PASSWORD
\getenv shop SHOP_PASSWORD
\getenv conductor CONDUCTOR_PASSWORD
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
