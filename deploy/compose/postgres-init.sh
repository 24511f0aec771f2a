#!/bin/sh
# Runs once, when the database folder is still empty: makes the role and the database of the
# service. The role owns its database and nothing else; migrations need no superuser, since
# the extensions in use are trusted ones.
set -eu

psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  --set=password="$(cat /run/secrets/db_password)" <<'SQL'
CREATE ROLE myashes LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE myashes OWNER myashes TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8';
REVOKE ALL ON DATABASE myashes FROM PUBLIC;
SQL
