#!/bin/sh
# Runs once, when the database folder is still empty: makes the role and the database of the
# service. The role owns its database and nothing else; migrations need no superuser, since
# the extensions in use are trusted ones.
set -eu

# Removes what was made so far. Otherwise the next start would find a database that is not empty, skip this file,
# and serve it without the role.
fail() {
  echo "postgres-init.sh: $1; nothing is kept, and the next start begins again" >&2
  pg_ctl stop --pgdata="$PGDATA" --mode=immediate --silent || true
  rm -rf "${PGDATA:?}"/*
  exit 1
}

password=$(cat /run/secrets/db_password) || fail "cannot read /run/secrets/db_password"
[ -n "$password" ] || fail "/run/secrets/db_password is empty"

psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres --set=password="$password" <<'SQL' ||
CREATE ROLE myashes LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE myashes OWNER myashes TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8';
REVOKE ALL ON DATABASE myashes FROM PUBLIC;
SQL
  fail "cannot make the role and the database"
