#!/usr/bin/env bash
# seal.sh <stage|prod|platform> SECRET.yaml
#
# Seals a plain Secret for the cluster that kubectl points at, writes it to the overlay's
# folder secrets/, lists it there and notes it in the overlay's operator-values.yaml. The plain
# file has to lie outside of the repository.
# Set SEALED_SECRETS_CERT to a certificate file to seal without the cluster.
set -euo pipefail

fail() {
  echo "seal: $*" >&2
  exit 1
}

[ $# -eq 2 ] || fail "usage: seal.sh <stage|prod|platform> SECRET.yaml"
k8s=$(cd "$(dirname "${BASH_SOURCE[0]}")/../k8s" && pwd)
case "$1" in
  stage) namespace=myashes-api-stage folder=$k8s/overlays/stage/secrets ;;
  prod) namespace=myashes-api folder=$k8s/overlays/prod/secrets ;;
  platform) namespace=data-platform folder=$k8s/platform/secrets ;;
  *) fail "the environment must be stage, prod or platform" ;;
esac
plain=$(realpath -e "$2") || fail "$2 does not exist"
repository=$(git -C "$k8s" rev-parse --show-toplevel)
case "$plain" in "$repository"/*) fail "$plain lies inside the repository; keep plain secrets out of it" ;; esac
! grep -q 'CHANGE_ME' "$plain" || fail "$plain still says CHANGE_ME"
for program in kubeseal kustomize; do
  command -v "$program" >/dev/null || fail "$program is not installed"
done

name=$(awk '/^metadata:/ {inside = 1; next} inside && /^  name:/ {print $2; exit}' "$plain")
case "$1/$name" in
  stage/gitea-registry | stage/myashes-backend-secrets | stage/postgres-myashes-user) ;;
  prod/gitea-registry | prod/myashes-backend-secrets | prod/postgres-myashes-user) ;;
  platform/platform-postgres-myashes-api) ;;
  *) fail "$1 has no secret named '$name'" ;;
esac

sealed=$(kubeseal --namespace "$namespace" --format yaml \
  ${SEALED_SECRETS_CERT:+--cert "$SEALED_SECRETS_CERT"} < "$plain")
printf '%s\n' "$sealed" > "$folder/$name.yaml"
cd "$folder"
grep -qx -- "- $name.yaml" kustomization.yaml || kustomize edit add resource "$name.yaml"
if [ "$1" != platform ]; then
  key=SEALED_$(tr 'a-z-' 'A-Z_' <<< "$name")
  sed -i "s|^  $key: .*|  $key: secrets/$name.yaml|" ../operator-values.yaml
fi
echo "seal: wrote ${folder#"$repository"/}/$name.yaml; commit it"
