# shellcheck shell=bash
# Timed parts and the table at their end. To be sourced.

table=()
failed=0

record() { # record RESULT SECONDS NAME
  table+=("$(printf '%-14s %5s s  %s' "$1" "$2" "$3")")
  if [ "$1" != ok ]; then failed=1; fi
}

part() { # part NAME COMMAND…
  local name="$1" start=$SECONDS result=ok
  shift
  printf '\n=== %s\n' "$name"
  "$@" || result=FAILED
  record "$result" $((SECONDS - start)) "$name"
}

could_not_run() { # could_not_run NAME REASON
  printf '\n=== %s\nCOULD NOT RUN: %s\n' "$1" "$2"
  record "COULD NOT RUN" 0 "$1 ($2)"
}

print_table() {
  printf '\n=== Summary\n'
  printf '%s\n' "${table[@]}"
}
