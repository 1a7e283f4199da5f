# shellcheck shell=bash
# Shared by the shell tools: where things are, progress lines, one-line errors with a remedy.

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
RUNTIMES="$ROOT/.runtimes"          # everything installed or built for the tests; never committed
STAMPS="$RUNTIMES/stamps"

# Prints a message unless --quiet was given.
say() { [[ ${QUIET:-0} == 1 ]] || printf '%s\n' "$*"; }

# die MESSAGE REMEDY: one line each, so that a log's last lines tell what to do.
die() {
    printf 'error: %s\n' "$1" >&2
    [[ $# -lt 2 ]] || printf ' help: %s\n' "$2" >&2
    exit 1
}

# step TEXT: a numbered progress line; STEPS holds the total.
STEP=0
step() { STEP=$((STEP + 1)); say "[$STEP/${STEPS:?}] $*"; }

# is_done NAME CONTENT: whether step NAME was last finished with exactly this content.
is_done() { [[ -f $STAMPS/$1 && $(<"$STAMPS/$1") == "$2" ]]; }

mark_done() { mkdir -p "$STAMPS"; printf '%s' "$2" >"$STAMPS/$1"; }

# run_logged NAME COMMAND…: output goes to a log, shown only when the command fails.
run_logged() {
    local log="$RUNTIMES/log/$1.log"
    shift
    mkdir -p "$RUNTIMES/log"
    "$@" >"$log" 2>&1 </dev/null && return
    tail -n 15 "$log" >&2
    return 1
}
