# shellcheck shell=sh
# Sourced by the other scripts, which set $root: what it takes to have a program that is installed and built.

# Installs and builds what is missing or older than its sources.
setup() {
  if ! command -v node >/dev/null; then
    echo 'error: node is not installed; version 20.19 or newer is needed' >&2
    return 1
  fi
  # A copy without sources comes built.
  # shellcheck disable=SC2154 # root is set by the script that sources this file
  [ -d "$root/src" ] || return 0
  (cd "$root" && install_packages && build)
}

install_packages() {
  outdated node_modules/.package-lock.json package-lock.json || return 0
  echo 'installing packages: npm ci' >&2
  npm ci --include=dev --no-audit --no-fund --loglevel=error >&2
}

build() {
  # Pages load what bin/vendor.mjs makes; somebody may have cleaned that folder alone.
  if [ -e usr/librarys/vendor/lit.js ]; then
    outdated dist/.built src bin/bundle.mjs bin/vendor.mjs bin/boot.cjs package-lock.json tsconfig.json || return 0
  fi
  echo 'building: npm run build' >&2
  mkdir -p dist
  # What is saved while the build runs is newer than the moment it began.
  : >dist/.begun
  npm run --silent build >&2 || return
  mv dist/.begun dist/.built
}

# outdated MADE SOURCE... - true if MADE is not there, or any of the sources was changed after it.
outdated() {
  made=$1
  shift
  [ ! -e "$made" ] || [ -n "$(find "$@" -newer "$made" | head -n 1)" ]
}
