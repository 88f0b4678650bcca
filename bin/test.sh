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
step knip
if command -v shellcheck >/dev/null; then
  step shellcheck -x bin/bench bin/*.sh .ci/run
else
  echo '== skipped: shellcheck is not installed, the scripts in bin were not linted'
fi
# shellcheck disable=SC2046 # names of our own test files have no blanks
set -- $(find dist/test -name '*.test.js')
echo "== node --test ($# files)"
CI=1 CTX_TEST_BUNDLE=1 node --enable-source-maps --test "$@" </dev/null
