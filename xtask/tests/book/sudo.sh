#!/bin/sh
# Stands in for sudo. The machine of the test has one user: other users and owners are left out, and `postgres` reaches
# the test's server over its socket.
set -eu
user=root
if [ "$1" = -u ]; then
  user=$2
  shift 2
fi
case $1 in
  useradd | chown) exit 0 ;;
  install)
    left=$#
    while [ "$left" -gt 0 ]; do
      case $1 in
        -o | -g) shift 2; left=$((left - 2)) ;;
        *) set -- "$@" "$1"; shift; left=$((left - 1)) ;;
      esac
    done
    ;;
esac
if [ "$user" = postgres ]; then
  export PGHOST="$MACHINE/socket" PGPORT="$MACHINE_PGPORT" PGUSER=postgres
fi
exec "$@"
