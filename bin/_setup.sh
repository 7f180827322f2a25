# shellcheck shell=bash
# Shared by the commands in bin/: system packages and the virtual environment. To be sourced.

VENV="${VENV:-.venv}"
WEASYPRINT_PACKAGES=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)

say() { printf '%s\n' "$*" >&2; }

# Prints the name of a Python that is 3.11 or later. The system's is first: unlike most of those that
# pyenv has built, it is optimized, which saves a tenth of the time or more. One without venv is last.
find_python() {
  local needed name
  for needed in "ensurepip, venv" sys; do
    for name in /usr/bin/python3 python3 python3.14 python3.13 python3.12 python3.11; do
      if "$name" -c "import sys, $needed; sys.exit(sys.version_info < (3, 11))" 2>/dev/null; then
        echo "$name"
        return
      fi
    done
  done
  say "Python 3.11 or later is needed. This machine has: $(python3 --version 2>&1 || true)"
  return 1
}

# need_packages CHECK WHAT APT_PACKAGES BREW_PACKAGES
# Installs the packages unless the command CHECK succeeds; fails with the command to type.
need_packages() {
  local check="$1" what="$2" apt_packages brew_packages
  read -ra apt_packages <<<"$3"
  read -ra brew_packages <<<"$4"
  if $check; then return; fi
  say "Installing $what …"
  if command -v apt-get >/dev/null; then
    install_with_apt "${apt_packages[@]}" || true
  elif command -v brew >/dev/null; then
    brew install --quiet "${brew_packages[@]}" >&2 || true
  fi
  if $check; then return; fi
  say "Missing: $what. Install it and try again:"
  if command -v brew >/dev/null; then
    say "    brew install ${brew_packages[*]}"
  elif command -v apt-get >/dev/null; then
    say "    sudo apt-get update && sudo apt-get install ${apt_packages[*]}"
  else
    say "    (Debian, Ubuntu)  sudo apt-get update && sudo apt-get install ${apt_packages[*]}"
    say "    (Homebrew)        brew install ${brew_packages[*]}"
  fi
  return 1
}

APT_UPDATED=
install_with_apt() {
  local as_root=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || return 1
    as_root=(sudo)
  fi
  if [ -z "$APT_UPDATED" ]; then
    "${as_root[@]}" apt-get update -qq >&2 || return 1
    APT_UPDATED=1
  fi
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -qq -y --no-install-recommends "$@" >&2
}

has_venv_module() { "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null; }

# Checks by loading the libraries, which works on machines without apt too.
has_weasyprint_libraries() {
  local pattern="lib%s.so.0"
  if [ "$(uname)" = Darwin ]; then pattern="lib%s.dylib"; fi
  "$PYTHON" - "$pattern" 2>/dev/null <<'END'
import ctypes, sys
for name in ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset"):
    ctypes.CDLL(sys.argv[1] % name)
END
}

find_chromium() {
  local name
  for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable \
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" \
    /Applications/Chromium.app/Contents/MacOS/Chromium; do
    if [ -n "$name" ] && command -v "$name"; then return; fi
  done
  return 1
}
has_chromium() { find_chromium >/dev/null; }

has_poppler() { command -v pdftotext >/dev/null && command -v pdffonts >/dev/null; }

has_libreoffice() {
  command -v soffice >/dev/null || command -v libreoffice >/dev/null \
    || [ -x /Applications/LibreOffice.app/Contents/MacOS/soffice ]
}

chromium_package=chromium
if grep -qs '^ID=ubuntu' /etc/os-release; then chromium_package=chromium-browser; fi

need_python() { need_packages has_venv_module "Python's venv module" python3-venv python3; }

need_weasyprint_libraries() {
  need_packages has_weasyprint_libraries "the libraries of WeasyPrint" \
    "${WEASYPRINT_PACKAGES[*]}" "pango harfbuzz"
}

# Playwright includes its own Node.js, which needs a library that small machines lack.
has_playwright_driver() { "$VENV/bin/python" -m playwright --version >/dev/null 2>&1; }

need_playwright_driver() { # after make_venv with the development lock
  need_packages has_playwright_driver "the library of Playwright's driver" libatomic1 gcc
}

checksum() { "$PYTHON" -c 'import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())' "$1"; }

stamp_of() { echo "$VENV/installed-$(basename "$1")"; }

is_installed() { [ "$(cat "$(stamp_of "$1")" 2>/dev/null)" = "$(checksum "$1")" ]; }

# make_venv LOCK: installs the packages of LOCK in the virtual environment, unless it has them.
make_venv() {
  local lock="$1"
  if [ -x "$VENV/bin/python" ] && is_installed "$lock"; then return; fi
  if ! "$VENV/bin/python" -m pip --version >/dev/null 2>&1; then
    say "Creating a virtual environment in $VENV …"
    "$PYTHON" -m venv "$VENV"
  fi
  say "Installing the packages of $lock …"
  "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check \
    --require-hashes --only-binary :all: -r "$lock"
  checksum "$lock" >"$(stamp_of "$lock")"
  # The development lock includes requirements.lock, so bin/run has nothing to install.
  checksum requirements.lock >"$(stamp_of requirements.lock)"
}

# Homebrew's libraries are not on the default search path of a Mac's loader.
if [ "$(uname)" = Darwin ] && command -v brew >/dev/null; then
  DYLD_FALLBACK_LIBRARY_PATH="$(brew --prefix)/lib:${DYLD_FALLBACK_LIBRARY_PATH:-/usr/local/lib:/usr/lib}"
  export DYLD_FALLBACK_LIBRARY_PATH
fi

PYTHON="$(find_python)"
