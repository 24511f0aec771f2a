#!/usr/bin/env bash
# image-check.sh BINARY
#
# Builds the image for real where there is neither a container engine nor a registry: the
# runtime stage of the Dockerfile, with buildah, on a base of Debian's packages made by
# mmdebstrap, around a binary that was compiled outside (`cargo build --release`; compiling
# inside would take ten minutes more). Then runs it as the cluster does, uid 65532 on a
# read-only root, and asks /health.
#
# Needs root and the Debian packages buildah, mmdebstrap and curl. Leaves nothing behind.
# DATABASE_URL may name a database; otherwise SQLite on a tmpfs serves.
set -euo pipefail

fail() {
  echo "image-check: $*" >&2
  exit 1
}

[ $# -eq 1 ] || fail "usage: image-check.sh BINARY"
[ -x "$1" ] || fail "$1 is not an executable"
[ "$(id -u)" = 0 ] || fail "needs root, to make a base and to chroot"
for program in buildah mmdebstrap curl; do
  command -v "$program" >/dev/null || fail "$program is missing: apt-get install --no-install-recommends buildah mmdebstrap curl"
done

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
binary=$(realpath "$1")
suite=bookworm
limit_mb=50
work=$(mktemp -d)
server=""

cleanup() {
  [ -z "$server" ] || kill -KILL "$server" 2>/dev/null || true
  b rm --all >/dev/null 2>&1 || true
  b rmi --all --force >/dev/null 2>&1 || true
  rm -rf "$work"
}
# A storage of its own: the images of the machine are not touched.
b() {
  local command=$1
  shift
  buildah --root "$work/storage" --runroot "$work/run" --storage-driver vfs "$command" "$@"
}
trap cleanup EXIT

step() { printf '\033[1m%s\033[0m\n' "$*"; }

# ---- the base: glibc, libgcc, CA certificates, one user; no shell, no package manager ----
step "base from Debian $suite"
# ca-certificates itself depends on openssl and perl, so that only its files are taken.
mkdir "$work/certificates"
(
  cd "$work/certificates"
  apt-get download -qq -o APT::Sandbox::User=root ca-certificates
  dpkg-deb --extract ca-certificates_*.deb .
  cat usr/share/ca-certificates/mozilla/*.crt > bundle.pem
)
cat > "$work/customize.sh" <<'HOOK'
set -eu
target=$1 bundle=$2
mkdir -p "$target/etc/ssl/certs" "$target/tmp" "$target/home/nonroot"
chmod 1777 "$target/tmp"
cp "$bundle" "$target/etc/ssl/certs/ca-certificates.crt"
echo 'root:x:0:0:root:/root:/sbin/nologin
nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin' > "$target/etc/passwd"
echo 'root:x:0:
nonroot:x:65532:' > "$target/etc/group"
echo 'hosts: files dns' > "$target/etc/nsswitch.conf"
chown 65532:65532 "$target/home/nonroot"
rm -rf "$target/usr/share/doc" "$target/usr/share/lintian" "$target/var/lib/dpkg" \
  "$target/var/lib/apt" "$target/var/cache/apt" "$target/var/log" "$target/etc/apt" "$target/etc/dpkg" \
  "$target/usr/lib/x86_64-linux-gnu/gconv" "$target/usr/lib/aarch64-linux-gnu/gconv"
HOOK
SOURCE_DATE_EPOCH=0 mmdebstrap --quiet --mode=root --variant=extract \
  --include=libc6,libgcc-s1 \
  --customize-hook="sh $work/customize.sh \"\$1\" $work/certificates/bundle.pem" \
  "$suite" "$work/base.tar"

container=$(b from scratch)
b add --quiet "$container" "$work/base.tar" / >/dev/null
b commit --quiet --timestamp 0 "$container" localhost/runtime-base >/dev/null
container=$(b from scratch)
b copy --quiet --chmod 0755 "$container" "$binary" /out/myashes >/dev/null
b commit --quiet --timestamp 0 "$container" localhost/binary >/dev/null

# ---- the image, more than once -----------------------------------------------------------
build() {
  local format=$1
  b build --quiet --isolation chroot --format "$format" --no-cache --timestamp 0 --target runtime \
    --build-arg RUNTIME_BASE=localhost/runtime-base --build-arg BINARY_FROM=localhost/binary \
    --build-arg VERSION=check --build-arg REVISION="$(git -C "$root" rev-parse HEAD)" \
    --tag "$2" "$root" 2>"$work/build.log" || { cat "$work/build.log" >&2; return 1; }
}
# field IMAGE KEY…: one value of what buildah knows about an image, as JSON.
field() {
  b inspect --type image "$1" |
    python3 -c 'import json, sys
value = json.load(sys.stdin)["Docker"]
for key in sys.argv[1:]:
    value = value[key]
print(json.dumps(value))' "${@:2}"
}
step "image"
# Docker's format carries the HEALTHCHECK, but buildah writes a random container id into it;
# the OCI format is the one that comes out the same to the last byte.
build docker localhost/myashes-backend:first >/dev/null
first=$(build oci localhost/myashes-backend:oci-first)
second=$(build oci localhost/myashes-backend:oci-second)
[ "$first" = "$second" ] || fail "two builds of one commit differ: $first and $second"
docker_layers=$(field localhost/myashes-backend:first rootfs diff_ids)
oci_layers=$(field localhost/myashes-backend:oci-first rootfs diff_ids)
[ "$docker_layers" = "$oci_layers" ] || fail "the layers differ between the formats"
echo "    reproducible: $first"

expect() {
  local found
  found=$(field localhost/myashes-backend:first config "${@:2}") || fail "the image has no ${*:2}"
  [ "$found" = "$1" ] || fail "the image's ${*:2} is $found, not $1"
}
expect '"65532:65532"' User
expect '["/usr/local/bin/myashes"]' Entrypoint
expect '["serve"]' Cmd
expect '["CMD", "/usr/local/bin/myashes", "healthcheck"]' Healthcheck Test
expect '"check"' Labels org.opencontainers.image.version
# What the image sets, and that it trusts no forwarded headers by default.
variables=$(field localhost/myashes-backend:first config Env)
for variable in HOST=0.0.0.0 ENV=production METRICS_ADDR=0.0.0.0:9090; do
  [[ $variables == *"\"$variable\""* ]] || fail "the image does not set $variable"
done
[[ $variables != *TRUSTED_PROXIES* ]] || fail "the image sets TRUSTED_PROXIES"

container=$(b from localhost/myashes-backend:first)
mount=$(b mount "$container")
size=$(du --summarize --block-size=1M --apparent-size "$mount" | cut -f1)
[ "$size" -lt "$limit_mb" ] || fail "the image has $size MB, the limit is $limit_mb"
echo "    $size MB"
for program in sh bash dash busybox apt dpkg perl; do
  [ -z "$(find "$mount" -name "$program" -type f -perm /111 -print -quit)" ] || fail "the image holds $program"
done
writable=$(find "$mount" -xdev -not -type l -user 65532 -not -path "$mount/home*" -print -quit)
[ -z "$writable" ] || fail "uid 65532 owns $writable in the image"

# ---- run ---------------------------------------------------------------------------------
step "run as 65532 on a read-only root"
port=$(python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
# The variables of the image first, then what an operator would add.
mapfile -t environment < <(field localhost/myashes-backend:first config Env |
  python3 -c 'import json, sys; print("\n".join(json.load(sys.stdin)))')
environment+=(HOST=127.0.0.1 "PORT=$port" METRICS_ADDR=127.0.0.1:0 TRUSTED_PROXIES=none)
if [ -n "${DATABASE_URL:-}" ]; then
  environment+=("DATABASE_URL=$DATABASE_URL")
else
  environment+=(DATABASE_URL=sqlite:///tmp/myashes.db ALLOW_SQLITE_IN_PRODUCTION=true)
fi
inside() { env -i "${environment[@]}" chroot --userspec=65532:65532 --groups= "$mount" /usr/local/bin/myashes "$@"; }

# A mount namespace stands in for the container engine; it dies with this script's child.
mount --bind "$mount" "$mount"
trap 'umount --lazy "$mount" 2>/dev/null || true; cleanup' EXIT
mount --options remount,bind,ro "$mount"
mount --types tmpfs --options mode=1777,size=64m tmpfs "$mount/tmp"
trap 'umount --lazy "$mount/tmp" "$mount" 2>/dev/null || true; cleanup' EXIT
if touch "$mount/probe" 2>/dev/null; then fail "the root is not read-only"; fi

env -i "${environment[@]}" chroot --userspec=65532:65532 --groups= "$mount" \
  /usr/local/bin/myashes serve > "$work/log" 2>&1 &
server=$!
if ! answer=$(curl --silent --show-error --fail --retry 40 --retry-connrefused --retry-delay 1 \
  --retry-max-time 40 "http://127.0.0.1:$port/health"); then
  cat "$work/log" >&2
  fail "/health does not answer"
fi
echo "    /health: $answer"
uid=$(awk '/^Uid:/ {print $2}' "/proc/$server/status")
[ "$uid" = 65532 ] || fail "the process runs as uid $uid"
inside healthcheck || fail "myashes healthcheck says the service is not healthy"

kill -TERM "$server"
result=0
wait "$server" || result=$?
server=""
[ "$result" = 0 ] || { cat "$work/log" >&2; fail "SIGTERM ended it with $result"; }
step "the image builds, runs and stops as it should"
