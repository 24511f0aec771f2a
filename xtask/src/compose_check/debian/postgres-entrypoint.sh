#!/bin/sh
# Entry point of the PostgreSQL image that `cargo xtask compose-check --debian` makes. As root it only hands the database
# folder to the server's user. An empty folder gets a cluster, and then the scripts of /docker-entrypoint-initdb.d,
# which reach a server that listens on its socket alone; when one of them fails, so does the container.
set -eu

if [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA" /var/run/postgresql
  chown -R postgres:postgres "$PGDATA" /var/run/postgresql
  chmod 0700 "$PGDATA"
  # By its path: busybox has one of its own, which cannot change the user.
  exec /usr/bin/setpriv --reuid=postgres --regid=postgres --clear-groups "$0" "$@"
fi

if [ ! -e "$PGDATA/PG_VERSION" ]; then
  POSTGRES_USER=${POSTGRES_USER:-postgres}
  PGPASSWORD=$(cat "$POSTGRES_PASSWORD_FILE")
  export POSTGRES_USER PGPASSWORD
  # The arguments of initdb are words on purpose.
  # shellcheck disable=SC2086
  initdb --username="$POSTGRES_USER" --pwfile="$POSTGRES_PASSWORD_FILE" ${POSTGRES_INITDB_ARGS:-}
  echo "listen_addresses = '*'" >> "$PGDATA/postgresql.conf"
  echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
  pg_ctl start --wait --options="-c listen_addresses=''"
  for script in /docker-entrypoint-initdb.d/*.sh; do
    [ -e "$script" ] || continue
    echo "running $script"
    "$script"
  done
  pg_ctl stop --wait --mode=fast
  unset PGPASSWORD
fi

exec "$@"
