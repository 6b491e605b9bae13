#!/usr/bin/env bash
# An engine for containers with the images of the tests: docker or podman as it is, or podman from the system's packages;
# an image of Debian's packages (there may be no registry), and one with the programs of container-image. What is there already is kept.
#
#   settings=$(test/support/containers.sh) && eval "$settings"
#
# prints the variables that the tests need; says on stderr what it does, and why it can't.
set -euo pipefail
cd "$(dirname "$0")"
base=localhost/cdk-sagemaker-test
program=localhost/cdk-sagemaker-test-program
cache="${CDK_SAGEMAKER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/cdk-sagemaker}"

say() { echo "containers: $*" >&2; }
give_up() { say "$*"; exit 1; }

# Packages of the system, as root or by sudo without a password.
install_packages() {
  command -v apt-get > /dev/null || give_up "there is no apt-get to install $* with"
  local as_root=()
  if [ "$(id -u)" != 0 ]; then
    sudo -n true 2> /dev/null || give_up "only root, or sudo without a password, can install $*"
    as_root=(sudo -n)
  fi
  say "installing $*"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive sh -c 'apt-get update && apt-get install -y --no-install-recommends "$@"' install "$@" >&2 || give_up "apt-get can't install $*"
}

answers() { "$1" version > /dev/null 2>&1; }

engine=
for each in ${CDK_DOCKER:-docker podman}; do
  if answers "$each"; then engine=$each; break; fi
done
if [ -z "$engine" ]; then
  install_packages podman runc conmon netavark aardvark-dns iptables
  engine=podman
  answers "$engine" || give_up "podman does not answer"
fi

if ! "$engine" image inspect "$base" > /dev/null 2>&1; then
  command -v mmdebstrap > /dev/null || install_packages mmdebstrap
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-bookworm}")
  say "making $base of the packages of $suite"
  mmdebstrap --quiet --variant=minbase --include=python3 "$suite" "$folder/base.tar" >&2 || give_up "mmdebstrap can't make an image of $suite"
  "$engine" import "$folder/base.tar" "$base" > /dev/null
fi

runs() { "$engine" run --rm --network none "$base" python3 -c '' > "$1" 2>&1; }

# In a container that is itself one, limits can't be raised, and there are neither systemd's cgroups nor its journal.
said=$(mktemp)
if ! runs "$said"; then
  "$engine" --version | grep -qi podman || give_up "$engine can't run a container: $(tail -n 1 "$said")"
  mkdir -p "$cache"
  limits=()
  for limit in nofile:n:1048576 nproc:u:32768; do
    IFS=: read -r name letter most <<< "$limit"
    value=$(ulimit "-H$letter")
    if [ "$value" = unlimited ] || [ "$value" -gt "$most" ]; then value=$most; fi
    limits+=("\"$name=$value:$value\"")
  done
  {
    echo '[containers]'
    (IFS=,; echo "default_ulimits=[${limits[*]}]")
    echo '[engine]'
    echo 'cgroup_manager="cgroupfs"'
    echo 'events_logger="file"'
    if command -v runc > /dev/null; then echo 'runtime="runc"'; fi
  } > "$cache/containers.conf"
  export CONTAINERS_CONF="$cache/containers.conf"
  runs "$said" || give_up "$engine can't run a container: $(tail -n 1 "$said")"
  echo "export CONTAINERS_CONF='$CONTAINERS_CONF'"
fi
rm -f "$said"

"$engine" build --quiet --network none --tag "$program" container-image > /dev/null || give_up "$engine can't build an image"
say "$("$engine" --version) with $base and $program"
echo "export CDK_DOCKER='$engine'"
