#!/bin/sh
# Everything a change has to pass: `npm test`.
set -eu
cd "$(dirname "$0")/.."
# shellcheck source=bin/setup.sh
. bin/setup.sh
install_packages

step() {
  echo "== $*"
  "$@"
}

PATH=$PWD/node_modules/.bin:$PATH
step biome ci --error-on-warnings .
# Made from nothing, so that no test outlives its source.
rm -rf dist/src dist/test dist/.tsbuildinfo
step npm run --silent build
step tsc -p usr
step knip
if command -v shellcheck >/dev/null; then
  step shellcheck -x bin/bench bin/*.sh .ci/run
else
  echo '== skipped: shellcheck is not installed, the scripts in bin were not linted'
fi
# The pages are tested in a browser. Where nobody looks on, it is installed.
browser() {
  command -v "${CTX_CHROMIUM:-chromium}" >/dev/null
}
if ! browser && [ -n "${CI-}" ] && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  echo '== apt-get install chromium fonts-wqy-microhei'
  export DEBIAN_FRONTEND=noninteractive
  if apt-get update -qq; then
    apt-get install -qq -y --no-install-recommends chromium fonts-wqy-microhei >/dev/null || true
  fi
fi
browser || echo '== skipped: there is no chromium (or CTX_CHROMIUM), the pages were not tested in a browser'
# shellcheck disable=SC2046 # names of our own test files have no blanks
set -- $(find dist/test -name '*.test.js')
echo "== node --test ($# files)"
CI=1 CTX_TEST_BUNDLE=1 node --enable-source-maps --test "$@" </dev/null
