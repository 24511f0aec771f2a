#!/bin/sh
# Stands in for kubectl: the databases are on this machine already, so that nothing has to be forwarded.
set -eu
case " $* " in
  *" port-forward "*) exit 0 ;;
  *" exec "*) ;;
  *) echo "kubectl $* is not known here" >&2; exit 1 ;;
esac
while [ "$1" != -- ]; do shift; done
shift
exec sudo -u postgres "$@"
