#!/bin/sh
# A lone node: a shell without links and pages. What it keeps is in var/ of the checkout, or of CTX_HOME.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=bin/setup.sh
. "$root/bin/setup.sh"
setup
export CTX_HOME="${CTX_HOME:-$root}"
exec "$root/bin/bench" "$@"
