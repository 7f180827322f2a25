# shellcheck shell=bash
# A temporary PostgreSQL cluster for bin/test and bin/bench. To be sourced after _setup.sh by a
# script that has created a directory $scratch, short enough for the path of a Unix socket.

cluster="$scratch/postgresql"

# Debian doesn't put the server's programs on the PATH; nor does Homebrew for versioned formulas.
find_postgresql() {
  local directory
  for directory in "$(dirname "$(command -v initdb || echo /none/initdb)")" \
    /usr/lib/postgresql/*/bin /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin; do
    if [ -x "$directory/initdb" ] && [ -x "$directory/pg_ctl" ]; then
      echo "$directory"
      return
    fi
  done
  return 1
}
has_postgresql() { find_postgresql >/dev/null; }

need_postgresql() {
  need_packages has_postgresql "the PostgreSQL server" postgresql postgresql
}

as_postgres() { # PostgreSQL refuses to run as root
  if [ "$(id -u)" = 0 ]; then
    (cd / && runuser -u postgres -- "$@")
  else
    "$@"
  fi
}

start_cluster() {
  local programs locale=C.UTF-8
  programs="$(find_postgresql)" || return 1
  if [ "$(uname)" = Darwin ]; then locale=en_US.UTF-8; fi
  mkdir "$cluster"
  if [ "$(id -u)" = 0 ]; then chown postgres "$cluster" || return 1; fi
  as_postgres "$programs/initdb" --pgdata "$cluster/data" --username postgres --auth trust \
    --encoding UTF8 --locale "$locale" --no-sync >"$scratch/initdb.log" 2>&1 \
    && as_postgres "$programs/pg_ctl" --pgdata "$cluster/data" --wait --silent \
      --log "$cluster/log" --options \
      "-k $cluster -c listen_addresses='' -c fsync=off -c full_page_writes=off -c synchronous_commit=off" \
      start && return
  cat "$scratch/initdb.log" "$cluster/log" >&2 2>/dev/null || true
  return 1
}

stop_cluster() { # does nothing if none is running
  if [ -f "$cluster/data/postmaster.pid" ]; then
    as_postgres "$(find_postgresql)/pg_ctl" --pgdata "$cluster/data" --mode immediate --silent stop || true
  fi
}

# With the driver, because some installations have initdb but not createdb.
make_database() { # make_database NAME
  "$VENV/bin/python" - "$cluster" "$1" <<'END'
import sys, psycopg
with psycopg.connect(host=sys.argv[1], user="postgres", autocommit=True) as connection:
    connection.execute(f'CREATE DATABASE "{sys.argv[2]}"')
END
}

database_url() { echo "postgres://postgres@${cluster//\//%2F}/$1"; } # database_url NAME
