#!/bin/sh
# Stands in for systemctl: starts and stops what the installed unit files say, with their environment and no other.
set -eu
units=$MACHINE/etc/systemd/system
run=$MACHINE/run

# The lines of a unit that set this key.
value() { sed -n "s/^$2=//p" "$run/$1.unit"; }

load() {
  name=${1%.service}
  case $name in
    *@*) file=$units/${name%%@*}@.service ;;
    *.timer) file=$units/$name ;;
    *) file=$units/$name.service ;;
  esac
  [ -f "$file" ] || { echo "Unit $1 could not be found." >&2; exit 5; }
  sed "s/%i/${name#*@}/g" "$file" > "$run/$name.unit"
}

start() {
  load "$1"
  case $name in *.timer) return ;; esac
  [ ! -e "$run/$name.pid" ] || return 0
  program=$(value "$name" ExecStart)
  variables=$(value "$name" Environment)
  for file in $(value "$name" EnvironmentFile); do variables="$variables $(cat "$file")"; done
  # shellcheck disable=SC2086 # several words are meant
  set -- env -i PATH="$PATH" $variables $program
  if [ "$(value "$name" Type)" = oneshot ]; then
    "$@"
    return
  fi
  (
    "$@" &
    echo $! > "$run/$name.pid"
    wait $! || true
    rm "$run/$name.pid"
  ) > "$run/$name.log" 2>&1 < /dev/null &
}

stop() {
  load "$1"
  [ -e "$run/$name.pid" ] || return 0
  kill -TERM "$(cat "$run/$name.pid")"
  tries=0
  while [ -e "$run/$name.pid" ]; do
    tries=$((tries + 1))
    [ "$tries" -lt $(($(value "$name" TimeoutStopSec) * 10)) ] || { echo "$name does not stop" >&2; exit 1; }
    sleep 0.1
  done
}

command=$1
shift
if [ "$command $*" = "reload nginx" ]; then
  # `nginx -t` leaves an empty file.
  if [ -s "$run/nginx.pid" ]; then nginx -s reload; else nginx; fi
  exit
fi
for unit in "$@"; do
  case $command in
    start | stop) "$command" "$unit" ;;
    enable) case $1 in --now) [ "$unit" = --now ] || start "$unit" ;; *) load "$unit" ;; esac ;;
    disable) load "$unit" ;;
    *) echo "systemctl $command is not known here" >&2; exit 1 ;;
  esac
done
