# shellcheck shell=bash
# Minimal Debian roots with only git, Python and certificates, and commands in them. To be sourced
# after _setup.sh by a script of root. Creates a directory $scratch, which it removes at the end,
# with all processes that in_namespace has started.
# shellcheck disable=SC2016 # Expressions in single quotes are for other shells and for apt-get.

if [ "$(id -u)" != 0 ]; then say "$0 needs root, to mount file systems."; exit 2; fi
has_debootstrap() { command -v debootstrap >/dev/null; }
need_packages has_debootstrap "debootstrap" debootstrap debootstrap

. /etc/os-release # ID, VERSION_CODENAME
scratch="$(mktemp -d "${TMPDIR:-/var/tmp}/jdbuilder.XXXXXX")" # /tmp is often small or nodev
inside=

at_end() { :; } # what a script does first at its end; it can define this again

clean_up() {
  trap '' HUP INT TERM # a second Ctrl-C must not stop the removal
  at_end
  if [ -n "$inside" ]; then { kill -KILL "$inside" && wait "$inside"; } 2>/dev/null || true; fi
  # More than once, because the last processes might still write.
  for _ in 1 2 3; do rm -rf --one-file-system "$scratch" && break; sleep 1; done
}
trap clean_up EXIT
trap 'exit 130' HUP INT TERM

in_namespace() { # in_namespace COMMAND…: its mounts and processes end with it
  local result=0
  # In the background, because Bash runs a trap only after the foreground command has ended.
  unshare --mount --pid --fork --kill-child --mount-proc "$@" &
  inside=$!
  wait "$inside" || result=$?
  inside=
  return "$result"
}

enter='set -e
cd "$1"; shift
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
mount -t tmpfs -o mode=1777 tmpfs dev/shm
for path; do
  shift
  if [ "$path" = -- ]; then break; fi
  if [ -d "$path" ]; then mkdir -p ".$path"; else touch ".$path"; fi
  mount -o bind,ro "$path" ".$path"
done
chroot . "$@"'

in_root() { # in_root DIRECTORY COMMAND…: in $root, with the network and pip of this machine
  in_namespace bash -c "$enter" - "$root" "${pip_paths[@]}" -- \
    env -i --chdir="$1" --default-signal=INT,QUIT "${environment[@]}" "${@:2}"
}

list_sources() { # the distribution's own ones: mirror, suite, component, file
  apt-get indextargets --format '$(SITE) $(RELEASE) $(COMPONENT) $(SOURCESENTRY)' \
    "Created-By: Packages" "Origin: ${ID^}" | sed 's/:[0-9]*$//'
}

# Creates a root of a release in $root, by default of this machine's. Keeps it bare for 30 days in
# the user's cache.
make_root() { # make_root [CODENAME]
  local codename="${1:-$VERSION_CODENAME}" bare mirror
  bare="${XDG_CACHE_HOME:-$HOME/.cache}/jd-builder/$codename.tar.gz"
  if [ -z "$(list_sources)" ]; then apt-get update -qq; fi # a container often has no lists yet
  mkdir -p "$root$HOME"
  if [ -n "$(find "$bare" -mtime -30 2>/dev/null)" ]; then
    tar -C "$root" -xzpf "$bare"
  else
    say "Creating a bare root of ${ID^} $codename …"
    mirror="$(list_sources | grep -m 1 " $VERSION_CODENAME main " | cut -d ' ' -f 1)"
    eval "$(apt-config shell proxy Acquire::http::Proxy)"
    http_proxy="${proxy:-${http_proxy:-}}" in_namespace debootstrap --variant=minbase \
      --include=ca-certificates,git,python3 "$codename" "$root" "$mirror" >&2
    mkdir -p "${bare%/*}"
    tar -C "$root" --exclude='./var/cache/apt/archives/*.deb' -czf "$bare.part" .
    mv "$bare.part" "$bare"
  fi
  copy_configuration "$codename"
  in_root / update-ca-certificates >/dev/null 2>&1
}

# A machine behind a mirror names it in the configuration of apt and pip. The hooks in apt.conf.d
# aren't copied: they call programs that the root lacks.
copy_configuration() { # copy_configuration CODENAME
  local sources
  rm -f "$root/etc/apt/sources.list"
  sources="$(list_sources | cut -d ' ' -f 4- | sort -u)"
  {
    echo "$sources"
    ls -d /etc/{hosts,resolv.conf,pip.conf,xdg/pip} "$HOME"/.{config/,}pip /usr/share/keyrings \
      /etc/apt/{keyrings,trusted.gpg{,.d}} /usr/local/share/ca-certificates 2>/dev/null || true
  } | sed 's#^/##' | tar -C / -chT - | tar -C "$root" -x
  while read -r file; do
    sed -i "s/\b$VERSION_CODENAME\b/$1/g" "$root$file"
  done <<<"$sources"
  apt-config dump Acquire >"$root/etc/apt/apt.conf.d/99host"
  find_pip_paths
}

find_pip_paths() {
  environment=(HOME="$HOME" PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)
  mapfile -t -O 2 environment < <(env | grep -E '^(PIP_\w+|\w+_(proxy|PROXY))=')
  # The files of this machine that pip's configuration names, each from the first directory that
  # the root lacks: an index refers to files beside it.
  mapfile -t pip_paths < <({
    printf '%s\n' "${environment[@]:2}"
    cat "$root"/etc/{,xdg/pip/}pip.conf "$root$HOME"/.{config/pip,pip}/pip.conf 2>/dev/null
  } | tr -s ' \t,=' '\n' | sed 's#^file://##' | grep '^/' | while read -r path; do
    if [ ! -e "$path" ] || [ -e "$root$path" ]; then continue; fi
    while [ ! -e "$root${path%/*}" ]; do path="${path%/*}"; done
    echo "$path"
  done | sort -u)
}

# Clones the last commit.
clone_into_root() { # clone_into_root DIRECTORY
  git bundle create --quiet "$root/jd-builder.bundle" HEAD
  in_root / git -c init.defaultBranch=main clone --quiet --config advice.detachedHead=false /jd-builder.bundle "$1"
  rm "$root/jd-builder.bundle"
}
