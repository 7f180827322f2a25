# shellcheck shell=bash
# Timed parts and a table of their results. To be sourced by a script that has created a directory
# $scratch. Parts can run in subshells, so the results are lines of a file.

record() { # record RESULT SECONDS CPU_SECONDS NAME
  printf '%-14s %5d s %6d s CPU  %s\n' "$@" >>"$scratch/table"
}

part() { # part NAME COMMAND…
  local name="$1" result=ok times real user system TIMEFORMAT='%0R %0U %0S'
  shift
  printf '\n=== %s\n' "$name"
  times="$(mktemp "$scratch/times.XXXXXX")"
  { time "$@" 2>&3; } 3>&2 2>"$times" || result=FAILED
  read -r real user system < <(tail -n 1 "$times")
  record "$result" "$real" $((user + system)) "$name"
}

could_not_run() { # could_not_run NAME REASON
  printf '\n=== %s\nCOULD NOT RUN: %s\n' "$1" "$2"
  record "COULD NOT RUN" 0 0 "$1 ($2)"
}

print_table() { # fails unless every part succeeded
  printf '\n=== Summary\n'
  cat "$scratch/table"
  ! grep -qv '^ok ' "$scratch/table"
}
