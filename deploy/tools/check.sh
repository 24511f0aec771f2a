#!/usr/bin/env bash
# check.sh [check…]          all checks, or the named ones
# check.sh rules --write     makes prometheus-rule.yaml from rules.yaml
# check.sh --list            the names
#
# Checks everything around the binary: image, Compose, manifests, alerts, workflows. Installs
# its validators into target/tools (or $MYASHES_TOOLS) from PyPI and, where those packages are
# not in PyPI, from Debian's archive: apt verifies signatures, nothing is installed into the
# system. The manifests are rendered anew in each run that looks at them. A check whose tool
# cannot be had is skipped with the reason; that is a failure with CI=true, and for a check that
# was asked for by name.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
tools=${MYASHES_TOOLS:-$root/target/tools}
rendered=$tools/rendered
checks=(yaml shell docker compose kustomize kubernetes crds structure rules workflows policies)

# What kustomize renders.
folders=(k8s/base k8s/overlays/stage k8s/overlays/prod k8s/platform k8s/variants/ingress argocd)
# The oldest Kubernetes that the manifests support, and the newest whose schema we have.
kubernetes_versions=(1.30.0 1.37.0)
# Debian packages that are unpacked, not installed; bookworm's own versions are too old for
# most of them (kubectl 1.20, no kustomize, no compose).
debian_suite=trixie
debian_packages=(kubectl kustomize promtool docker-cli docker-compose docker-buildx)

bold() { printf '\033[1m%s\033[0m\n' "$*"; }
note() { printf '    %s\n' "$*"; }

# ---- tools ------------------------------------------------------------------------------

install_python_tools() {
  local stamp
  stamp=$tools/python/$(sha256sum "$root/deploy/tools/requirements.txt" | cut -c1-16)
  [ -e "$stamp" ] && return
  rm -rf "$tools/python"
  if ! python3 -m venv "$tools/python" >/dev/null 2>&1; then
    # Debian keeps venv's pip in a package of its own, and a fresh one has no Python at all.
    rm -rf "$tools/python"
    [ "$(id -u)" = 0 ] || { note "python3 -m venv does not work; install python3-venv"; return 1; }
    apt-get update -qq && apt-get install -qq --yes --no-install-recommends python3-venv >/dev/null &&
      python3 -m venv "$tools/python" || return 1
  fi
  "$tools/python/bin/pip" install --quiet --disable-pip-version-check \
    --requirement "$root/deploy/tools/requirements.txt" || { rm -rf "$tools/python"; return 1; }
  touch "$stamp"
}

# A package cache of its own, so that neither the system's sources nor its lists change.
install_debian_tools() {
  local stamp apt=$tools/apt keyring=/usr/share/keyrings/debian-archive-keyring.gpg package
  stamp=$tools/debian/$(printf '%s\n' "$debian_suite" "${debian_packages[@]}" | sha256sum | cut -c1-16)
  [ -e "$stamp" ] && return
  command -v apt-get >/dev/null || { note "no apt-get here; put ${debian_packages[*]} on the PATH"; return 1; }
  [ -e "$keyring" ] || { note "no $keyring; install debian-archive-keyring"; return 1; }
  rm -rf "$tools/debian" "$apt"
  mkdir -p "$tools/debian" "$apt"/{state/lists/partial,cache/archives/partial,etc,packages}
  touch "$apt/state/status"
  echo "deb [signed-by=$keyring] http://deb.debian.org/debian $debian_suite main" > "$apt/etc/sources.list"
  cat > "$apt/apt.conf" <<CONF
Dir::State "$apt/state";
Dir::State::status "$apt/state/status";
Dir::Cache "$apt/cache";
Dir::Etc::SourceList "$apt/etc/sources.list";
Dir::Etc::SourceParts "$apt/etc/none";
APT::Sandbox::User "$(id -un)";
Acquire::Languages "none";
CONF
  (
    export APT_CONFIG=$apt/apt.conf
    cd "$apt/packages"
    apt-get update -qq && apt-get download -qq "${debian_packages[@]}"
  ) || return 1
  for package in "$apt"/packages/*.deb; do dpkg-deb --extract "$package" "$tools/debian"; done
  mkdir -p "$tools/docker/cli-plugins"
  ln -sf "$tools"/debian/usr/libexec/docker/cli-plugins/* "$tools/docker/cli-plugins/"
  rm -rf "$apt" "$tools/debian/usr/share"
  touch "$stamp"
}

# Whether a program is there; says which is not.
have() {
  local program
  for program in "$@"; do
    command -v "$program" >/dev/null || { missing="$program could not be installed"; return 1; }
  done
}

# ---- checks -----------------------------------------------------------------------------
# Each returns 0 when all is well, 1 on a fault, 77 when its tool is missing.

check_yaml() {
  have yamllint || return 77
  git -C "$root" ls-files --cached --others --exclude-standard -- \
    docker-compose.yml 'deploy/*.yaml' 'deploy/*.yml' '.github/*.yml' |
    (cd "$root" && xargs yamllint --strict --config-file deploy/tools/yamllint.yaml)
}

check_shell() {
  have shellcheck || return 77
  git -C "$root" ls-files --cached --others --exclude-standard -- 'deploy/*.sh' |
    (cd "$root" && xargs shellcheck --external-sources)
}

check_docker() {
  have hadolint docker || return 77
  (cd "$root" && hadolint --failure-threshold info Dockerfile) || return 1
  DOCKER_CONFIG=$tools/docker docker buildx version >/dev/null 2>&1 ||
    { missing="docker buildx could not be installed"; return 77; }
  # `--print` resolves the file without building.
  (cd "$root" && DOCKER_CONFIG=$tools/docker docker buildx bake --progress quiet \
    --file docker-bake.hcl --print image local >/dev/null)
}

check_compose() {
  have docker || return 77
  DOCKER_CONFIG=$tools/docker docker compose version >/dev/null 2>&1 ||
    { missing="docker compose could not be installed"; return 77; }
  DOCKER_CONFIG=$tools/docker docker compose --project-directory "$root" \
    --file "$root/docker-compose.yml" --profile '*' config --quiet
}

# overlays-prod.yaml for k8s/overlays/prod.
rendered_as() {
  local name=${1#k8s/}
  printf '%s/%s.yaml' "$rendered" "${name//\//-}"
}

# Renders everything, once in a run and never from an older one. Returns 77 when a program is
# missing.
render() {
  [ -z "${rendering:-}" ] || return "$rendering"
  local folder
  rm -rf "$rendered"
  mkdir -p "$rendered"
  rendering=0
  have kustomize kubectl || { rendering=77; return 77; }
  for folder in "${folders[@]}"; do
    kustomize build "$root/deploy/$folder" > "$(rendered_as "$folder")" || { rendering=1; return 1; }
  done
}

# Rendered by kustomize and by the older one inside kubectl: plain `kubectl apply -k` has to
# see the same manifests.
check_kustomize() {
  render || return
  local folder
  for folder in "${folders[@]}"; do
    kubectl kustomize "$root/deploy/$folder" | cmp - "$(rendered_as "$folder")" || return 1
  done
}

# One file per document, sorted by whether Kubernetes itself knows the kind.
split_documents() {
  "$tools/python/bin/python" - "$rendered" "$root/deploy/secrets" <<'PYTHON'
import pathlib, shutil, sys
import yaml

rendered, secrets = map(pathlib.Path, sys.argv[1:])
for folder in ("core", "crds"):
    shutil.rmtree(rendered / folder, ignore_errors=True)
    (rendered / folder).mkdir()
for path in sorted([*rendered.glob("*.yaml"), *secrets.glob("*.yaml")]):
    for document in yaml.safe_load_all(path.read_text()):
        if not document:
            continue
        group = document["apiVersion"].rpartition("/")[0]
        own = "." not in group or group.endswith(".k8s.io")
        name = f"{document['kind']}.{path.stem}.{document['metadata']['name']}.yaml"
        (rendered / ("core" if own else "crds") / name).write_text(yaml.safe_dump(document))
PYTHON
}

check_kubernetes() {
  have kubernetes-validate || return 77
  render || return
  local version
  split_documents
  for version in "${kubernetes_versions[@]}"; do
    note "Kubernetes $version"
    kubernetes-validate --strict --quiet --kubernetes-version "$version" "$rendered"/core/*.yaml || return 1
  done
}

check_crds() {
  have check-jsonschema || return 77
  render || return
  local file kind result=0
  split_documents
  for kind in $(cd "$rendered/crds" && printf '%s\n' *.yaml | cut -d. -f1 | sort -u); do
    [ -e "$root/deploy/schemas/$kind.json" ] || { note "no schema for the kind $kind"; result=1; continue; }
    check-jsonschema --schemafile "$root/deploy/schemas/$kind.json" "$rendered/crds/$kind".*.yaml || result=1
  done
  for file in "$root"/deploy/schemas/*.json; do
    check-jsonschema --check-metaschema "$file" >/dev/null || { note "$file is no JSON schema"; result=1; }
  done
  return $result
}

check_structure() {
  have yamllint || return 77
  render || return
  "$tools/python/bin/python" "$root/deploy/tools/structure.py" "$rendered"
}

check_rules() {
  have promtool yamllint || return 77
  cd "$root/deploy/monitoring" || return 1
  promtool check rules rules.yaml || return 1
  promtool test rules rules_test.yaml || return 1
  # Compose mounts rules.yaml elsewhere, so that only the syntax of the rest is checked here.
  promtool check config --syntax-only prometheus.yml || return 1
  "$tools/python/bin/python" "$root/deploy/tools/structure.py" --expressions "$tools/panels.json"
  promtool check rules "$tools/panels.json"
}

check_workflows() {
  have check-jsonschema zizmor || return 77
  check-jsonschema --builtin-schema vendor.github-workflows "$root"/.github/workflows/*.yml || return 1
  zizmor --offline --quiet --persona pedantic "$root/.github/workflows"
}

check_policies() {
  have checkov || return 77
  render || return
  split_documents
  local config=$root/deploy/tools/checkov.yaml
  # The base has no tag on purpose; the overlays put the digest in.
  checkov --config-file "$config" --framework kubernetes --skip-path '\.base\.' \
    --directory "$rendered/core" || return 1
  checkov --config-file "$config" --framework dockerfile --file "$root/Dockerfile" || return 1
  checkov --config-file "$config" --framework github_actions --directory "$root/.github"
}

# ---- run --------------------------------------------------------------------------------

case "${1:-}" in
  --help | -h) sed -n '2,/^set -euo/{/^set/d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"; exit 0 ;;
  --list) printf '%s\n' "${checks[@]}"; exit 0 ;;
esac

mkdir -p "$tools"
bold "tools in $tools"
install_python_tools || note "the tools from PyPI could not be installed"
install_debian_tools || note "the tools from Debian could not be installed"
export PATH="$tools/python/bin:$tools/debian/usr/bin:$PATH"

if [ "${1:-}" = rules ] && [ "${2:-}" = --write ]; then
  "$tools/python/bin/python" "$root/deploy/tools/structure.py" --write
  exit 0
fi
selected=("$@")
[ $# -gt 0 ] || selected=("${checks[@]}")

failed=() skipped=()
for check in "${selected[@]}"; do
  declare -F "check_$check" >/dev/null || { echo "check.sh: no check named $check (see --list)" >&2; exit 2; }
  bold "$check"
  missing="its tool could not be installed"
  result=0
  # `set -e` does not hold inside a function that is tested, so that each check says itself
  # where it ends.
  "check_$check" || result=$?
  case $result in
    0) note "ok" ;;
    77) note "SKIPPED: $missing"; skipped+=("$check") ;;
    *) note "FAILED"; failed+=("$check") ;;
  esac
done

[ ${#skipped[@]} -eq 0 ] || bold "skipped: ${skipped[*]}"
[ ${#failed[@]} -eq 0 ] || bold "failed: ${failed[*]}"
if [ ${#failed[@]} -gt 0 ]; then exit 1; fi
if [ ${#skipped[@]} -gt 0 ] && { [ $# -gt 0 ] || [ "${CI:-}" = true ]; }; then exit 1; fi
passed=$((${#selected[@]} - ${#skipped[@]}))
bold "$passed of ${#selected[@]} passed"
[ "$passed" -gt 0 ]
