#!/bin/sh
# Keeps a node running, and lets others join it.
#
#   bin/boot.sh               a service node in this checkout (or in CTX_HOME): links, and pages on web_port
#   bin/boot.sh create DIR    a worker node in a folder of its own, made if need be; it joins the node of this checkout
#                             (or of CTX_HOME), which may be started before or after it
#   bin/boot.sh invite NAME   shows a secret that lets a node from elsewhere join once: it belongs into var/run/join
#                             there, and that node starts with ctx_dev=http://127.0.0.1:9094 bin/boot.sh
#
# With a terminal there is a shell at the node; Ctrl-C belongs to it. The node reads ctx_log ctx_app ctx_bin ctx_box
# ctx_dev ctx_home ctx_root web_port ssh_port from the environment.
set -eu

usage='usage: bin/boot.sh [create DIR | invite NAME]'

# What a node says with its exit code, besides 0; after any other one it is started again too.
restart_wanted=75
start_failed=78
died_of_int=130
died_of_term=143

longest_wait=30
# A node that was up for so many seconds had started well: the next wait is short again.
healthy=60

main() {
  # Else `cd` may go elsewhere, and says so where only a path is wanted.
  unset CDPATH
  root=$(cd "$(dirname "$0")/.." && pwd)
  # shellcheck source=bin/setup.sh
  . "$root/bin/setup.sh"
  case ${1-} in
    '') home=${CTX_HOME:-$root} ;;
    create)
      home=${2:?"$usage"}
      find_above
      make_worker
      ;;
    invite)
      name=${2:?"$usage"}
      find_above
      exec node "$root/bin/invite.mjs" name "$above" "$name"
      ;;
    *)
      echo "$usage" >&2
      exit 2
      ;;
  esac
  setup
  if [ -n "${above-}" ]; then node "$root/bin/invite.mjs" create "$above" "$home"; fi
  export CTX_HOME="$home"
  keep_running
}

fail() {
  printf 'error: %s\n' "$1" >&2
  exit "$start_failed"
}

# The node above: that of CTX_HOME, else that of the checkout.
find_above() {
  above=${CTX_HOME:-$root}
  [ -d "$above" ] || fail "CTX_HOME is no folder: $above"
  above=$(cd -- "$above" && pwd)
}

# A worker has its own var/ and etc/ (its local.shy is its own) and the templates and librarys of the checkout.
make_worker() {
  case $home in
    *'
'*) fail 'the folder of a node has no line breaks in its name' ;;
  esac
  said=$(mkdir -p -- "$home/var" "$home/etc" 2>&1) || fail "the folder $home cannot be made: ${said##*: }"
  home=$(cd -- "$home" && pwd)
  for other in "$root" "$above"; do
    [ "$(cd -- "$home" && pwd -P)" != "$(cd -- "$other" && pwd -P)" ] ||
      fail "$home is a node already: a worker has a folder of its own"
  done
  for folder in "$home" "$home/var" "$home/etc"; do
    [ -w "$folder" ] || fail "the folder $folder cannot be written"
  done
  for name in etc/init.shy etc/common.shy etc/exit.shy usr; do
    # What is there as a file or folder was put there by somebody and stays; a link is made new, the checkout may have moved.
    if [ -L "$home/$name" ]; then rm "$home/$name"; fi
    if [ -e "$root/$name" ] && [ ! -e "$home/$name" ]; then ln -s "$root/$name" "$home/$name"; fi
  done
  # The port of a worker differs from start to start: var/run/above tells where to look for it.
  if [ -z "${CTX_HOME-}" ]; then port=${web_port:-9094}; else port=${web_port:-0}; fi
  export ctx_dev='' ctx_box="${ctx_box:-http://localhost:${port##*:}}"
}

keep_running() {
  child=
  stopped_by=
  wait_for=1
  trap 'pass_on TERM' TERM
  trap 'pass_on HUP' HUP
  if [ -t 0 ]; then
    trap '' INT
    # A child in the background would get /dev/null as its input.
    exec 3<&0
  else
    trap 'pass_on INT' INT
    exec 3</dev/null
  fi
  while :; do
    began=$(date +%s)
    "$root/bin/bench" --service <&3 3<&- &
    wait_for_child
    case $code in 0 | "$start_failed" | "$died_of_int" | "$died_of_term") exit "$code" ;; esac
    if [ -n "$stopped_by" ]; then exit "$code"; fi
    if [ $(($(date +%s) - began)) -ge "$healthy" ]; then wait_for=1; fi
    if [ "$code" -eq "$restart_wanted" ]; then why='asks for a restart'; else why="ended with code $code"; fi
    echo "the node $why, starting again in $wait_for s" >&2
    last=$code
    sleep "$wait_for" &
    wait_for_child
    if [ -n "$stopped_by" ]; then exit "$last"; fi
    wait_for=$((wait_for * 2))
    if [ "$wait_for" -gt "$longest_wait" ]; then wait_for=$longest_wait; fi
  done
}

# Waits for the last background process and sets code. A signal ends `wait` early: then it is asked again.
wait_for_child() {
  child=$!
  while :; do
    caught=
    code=0
    wait "$child" || code=$?
    if [ -z "$caught" ]; then return; fi
  done
}

pass_on() {
  stopped_by=$1
  caught=$1
  kill -s "$1" "$child" 2>/dev/null || true
}

main "$@"
