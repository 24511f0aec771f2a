#!/usr/bin/env bash
# schemathesis.sh sqlite|postgres [option of `st run`…]
#
# Runs Schemathesis, all phases, on the OpenAPI document of a service that it starts on a free port: on SQLite in a
# temporary folder, or on a throw-away PostgreSQL (pg_virtualenv of Debian's postgresql-common). The service is
# target/debug/myashes, built first, or what MYASHES_BIN names. Schemathesis goes into target/tools (or
# $MYASHES_TOOLS).
set -euo pipefail

usage() { sed -n '2,/^set -euo/{/^set/d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"; }

case "${1:-}" in
  --help | -h) usage; exit 0 ;;
  sqlite | postgres) database=$1; shift ;;
  *) usage >&2; exit 2 ;;
esac

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
tools=${MYASHES_TOOLS:-$root/target/tools}/schemathesis
version=4.32.5

if [ "$database" = postgres ] && [ -z "${SCHEMATHESIS_CLUSTER:-}" ]; then
  command -v pg_virtualenv >/dev/null || { echo "pg_virtualenv is missing: install postgresql" >&2; exit 1; }
  export SCHEMATHESIS_CLUSTER=started
  exec pg_virtualenv -c '--locale=C.UTF-8' "${BASH_SOURCE[0]}" postgres "$@"
fi

if [ ! -e "$tools/$version" ]; then
  rm -rf "$tools"
  python3 -m venv "$tools"
  "$tools/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$version"
  touch "$tools/$version"
fi

binary=${MYASHES_BIN:-$root/target/debug/myashes}
[ -n "${MYASHES_BIN:-}" ] || (cd "$root" && cargo build --quiet --package myashes-api --bin myashes)

folder=$(mktemp -d)
service=
end() {
  if [ -n "$service" ]; then kill "$service" && wait "$service" || true; fi
  rm -rf "$folder"
}
trap end EXIT

url=sqlite://$folder/service.db
if [ "$database" = postgres ]; then
  url="postgres://$PGUSER:${PGPASSWORD:-}@127.0.0.1:$PGPORT/postgres?sslmode=disable"
fi
token=$(head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n')
cd "$folder"
DATABASE_URL=$url MIGRATE_ON_START=true HOST=127.0.0.1 PORT=0 LOG_FORMAT=json RATE_LIMIT_ENABLED=false \
  ADMIN_TOKEN=$token "$binary" serve 2>log &
service=$!
until port=$(grep --only-matching --perl-regexp '"message":"serving".*"port":\K\d+' log); do
  kill -0 "$service" 2>/dev/null || { cat log >&2; exit 1; }
  sleep 0.2
done

"$tools/bin/st" --config-file "$root/crates/api/tests/schemathesis.toml" \
  run "http://127.0.0.1:$port/api/v1/openapi.json" --header "X-Admin-Token: $token" "$@"
