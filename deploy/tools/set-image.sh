#!/usr/bin/env bash
# set-image.sh <stage|prod> <repository> <tag> <digest>
#
# Writes an image into an overlay with `kustomize edit set image` and checks that the overlay
# then runs that image and no other of ours. The tag is for people and only checked.
# Changes nothing when an argument is wrong.
set -euo pipefail

fail() {
  echo "set-image: $*" >&2
  exit 1
}

[ $# -eq 4 ] || fail "usage: set-image.sh <stage|prod> <repository> <tag> <digest>"
environment=$1 repository=$2 tag=$3 digest=$4

case "$environment" in
  stage | prod) ;;
  *) fail "environment must be stage or prod" ;;
esac
[[ $repository =~ ^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)+$ ]] ||
  fail "image must be registry and path without a tag"
[[ $tag =~ ^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$ ]] || fail "tag is not a valid image tag"
[[ $digest =~ ^sha256:[0-9a-f]{64}$ ]] || fail "digest must be sha256: and 64 hex digits"

# Another registry would be another supplier: that is a change to review, not an event.
overlay="$(dirname "${BASH_SOURCE[0]}")/../k8s/overlays/$environment"
known=$(sed -n 's/^ *newName: *//p' "$overlay/kustomization.yaml")
[ "$repository" = "$known" ] || fail "image must be $known, as the overlay says"

cd "$overlay"
kustomize edit set image "myashes-backend=$repository@$digest"

images=$(kustomize build . | sed -n 's/^ *image: *//p' | grep -F "$repository" | sort -u)
[ "$images" = "$repository@$digest" ] || fail "the overlay renders other images: $images"
echo "set-image: $environment runs $repository@$digest ($tag)"
