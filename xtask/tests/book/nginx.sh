#!/bin/sh
# The real nginx, with the configuration of the test's machine.
exec "$MACHINE_NGINX" -e "$MACHINE/log/nginx.log" -c "$MACHINE/nginx.conf" "$@"
