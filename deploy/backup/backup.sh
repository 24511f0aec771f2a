#!/bin/sh
# backup.sh save FOLDER    saves the database into FOLDER/<database>-<UTC time>.dump, and rows
#                          and a checksum of each table, of the same snapshot, into *.dump.json
# backup.sh restore FILE   loads FILE into an empty database, whole or not at all, and compares
# backup.sh compare FILE   compares the database with FILE.json
#
# Needs the client programs of PostgreSQL, of the server's version or newer, and the variables
# that they read: PGDATABASE; PGHOST, PGPORT, PGUSER, PGPASSWORD (or PGPASSFILE), PGSSLMODE.
# KEEP (14) saved databases stay in the folder, older ones are removed. The two files are those
# of `cargo xtask db backup`, and `cargo xtask db restore` reads them.
set -eu
umask 077

fail() {
  echo "backup.sh: $*" >&2
  exit 1
}

# Rows are compared as text, which must not depend on the client's settings.
export PGOPTIONS="-c timezone=UTC -c datestyle=ISO -c bytea_output=hex -c extra_float_digits=1"
export PGAPPNAME=myashes-backup PGCONNECT_TIMEOUT="${PGCONNECT_TIMEOUT:-10}"

sql() { psql --no-psqlrc --quiet --no-align --tuples-only --set=ON_ERROR_STOP=1 "$@"; }

# The tables of the service, without those of an extension.
tables="pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')"

# As SQL for psql: the checksum is a sum over the rows, so that their order does not matter.
contents="
SELECT coalesce(string_agg(format(
    'SELECT %L AS name, count(*) AS rows,
       coalesce(sum((''x'' || left(md5(t::text), 15))::bit(60)::bigint), 0)::text AS checksum FROM %I.%I t',
    CASE n.nspname WHEN 'public' THEN format('%I', c.relname) ELSE format('%I.%I', n.nspname, c.relname) END,
    n.nspname, c.relname), ' UNION ALL '),
  'SELECT '''' AS name, 0 AS rows, '''' AS checksum WHERE false') AS counts
FROM $tables \\gset
SELECT jsonb_pretty(jsonb_build_object('tables', coalesce(
  jsonb_object_agg(name, jsonb_build_object('rows', rows, 'checksum', checksum)), '{}')))
FROM (:counts) AS counted;"

save() {
  [ -d "$1" ] || fail "there is no folder $1"
  while file=$1/$PGDATABASE-$(date -u +%Y%m%dT%H%M%SZ).dump && [ -e "$file" ]; do sleep 1; done
  trap 'rm -f "$file.part" "$file.json.part"' EXIT
  # psql keeps the snapshot open while pg_dump reads it.
  PART=$file.part sql > "$file.json.part" <<SQL
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT pg_export_snapshot() AS snapshot \\gset
\\setenv SNAPSHOT :snapshot
\\! pg_dump --format=custom --no-owner --no-privileges --snapshot="\$SNAPSHOT" --file="\$PART" || rm -f "\$PART"
$contents
SQL
  [ -s "$file.part" ] || fail "pg_dump failed"
  mv "$file.json.part" "$file.json"
  mv "$file.part" "$file"
  echo "saved $file"
  # Names sort by time.
  find "$1" -maxdepth 1 -name "$PGDATABASE-*.dump" | sort -r | tail -n "+$((${KEEP:-14} + 1))" |
    while read -r old; do rm -f "$old" "$old.json"; done
}

compare() {
  [ -r "$1.json" ] || fail "cannot read $1.json"
  found=$(echo "$contents" | sql)
  different=$(SAVED=$(cat "$1.json") FOUND=$found sql <<'SQL'
\getenv saved SAVED
\getenv found FOUND
SELECT format('  %s: saved %s, found %s', key, saved.value, found.value)
FROM jsonb_each(:'saved'::jsonb -> 'tables') AS saved FULL JOIN jsonb_each(:'found'::jsonb -> 'tables') AS found
USING (key) WHERE saved.value IS DISTINCT FROM found.value ORDER BY key;
SQL
  )
  [ -z "$different" ] || fail "$PGDATABASE is not what was saved:
$different"
  echo "$PGDATABASE equals $1: rows and checksums of $(echo "$found" | grep -c checksum) tables"
}

restore() {
  { [ -r "$1" ] && [ -r "$1.json" ]; } || fail "cannot read $1 and $1.json"
  [ "$(sql --command "SELECT count(*) FROM $tables")" = 0 ] ||
    fail "the database $PGDATABASE is not empty: restore into a new one"
  list=$(mktemp)
  trap 'rm -f "$list"' EXIT
  # Comments on extensions are their owner's; pg_stat_statements holds no data and needs a superuser.
  pg_restore --list "$1" | grep -v -e ' COMMENT - EXTENSION ' -e ' EXTENSION - pg_stat_statements ' > "$list"
  pg_restore --single-transaction --exit-on-error --no-owner --no-privileges --use-list="$list" \
    --dbname="$PGDATABASE" "$1"
  compare "$1"
}

[ $# = 2 ] || fail "usage: backup.sh save FOLDER | restore FILE | compare FILE"
: "${PGDATABASE:?names the database}"
case $1 in
  save | restore | compare) "$1" "$2" ;;
  *) fail "there is no command $1" ;;
esac
