"""The fonts of PDFs, and their configuration for Pango. Without Django.

The static TTF files of the wheel `font_source_sans_pro` come first on every machine, followed by
the system's fonts for other scripts.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import tempfile
import threading
from functools import lru_cache
from importlib import metadata, util
from pathlib import Path
from xml.sax.saxutils import escape

FAMILY = "Source Sans Pro"
_PACKAGE = "font_source_sans_pro"
_SYSTEM_CONFIGURATIONS = (
    "/etc/fonts/fonts.conf",
    "/opt/homebrew/etc/fonts/fonts.conf",  # Homebrew, on Apple and on Intel processors
    "/usr/local/etc/fonts/fonts.conf",
)
_VARIABLE = "FONTCONFIG_FILE"

_CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<!-- Written by JD Builder at each start: its own fonts first, then the system's. -->
<fontconfig>
  <dir>{folder}</dir>
  <cachedir>{cache}</cachedir>
  <selectfont>
    <acceptfont>
{accepted}
    </acceptfont>
    <rejectfont>
      <glob>{folder}/*.otf</glob>
      <pattern><patelt name="family"><string>{family}</string></patelt></pattern>
    </rejectfont>
  </selectfont>
{system}
</fontconfig>
"""
_ACCEPTED = '      <pattern><patelt name="file"><string>{file}</string></patelt></pattern>'
_INCLUDE = '  <include ignore_missing="yes">{file}</include>'


@lru_cache(maxsize=1)
def font_files() -> tuple[Path, ...]:
    """Returns our font files, sorted by name. Raises RuntimeError if their wheel is missing or
    incomplete."""
    spec = util.find_spec(_PACKAGE)
    places = spec.submodule_search_locations if spec else None
    files = sorted((Path(next(iter(places))) / "files").glob("*.ttf")) if places else []
    if not files:
        raise RuntimeError("the Python package font-source-sans-pro is missing or incomplete")
    return tuple(files)


def directory() -> Path:
    """Returns the folder of our font files. Raises RuntimeError if their wheel is missing."""
    return font_files()[0].parent


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Returns a hash of the fonts, for the keys of rendered files."""
    digest = hashlib.sha256(metadata.version(_PACKAGE).encode())
    for file in font_files():
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def prepare(cache_dir: Path) -> Path:
    """Write our fontconfig file into `cache_dir` (created if missing), set FONTCONFIG_FILE, and
    return the path. Call it at startup, before Pango is loaded. It can be called again.

    The folder must not be writable by others, who could change the fonts.
    """
    cache_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = cache_dir.resolve() / "fonts.conf"
    wanted = _configuration(target.parent / "fontconfig")
    if not target.is_file() or target.read_text(encoding="utf-8") != wanted:
        _write(target, wanted)
    os.environ[_VARIABLE] = str(target)
    _prepared.append(target)
    return target


def ensure_prepared() -> None:
    """Call `prepare` with a temporary folder, unless it was called before."""
    with _preparing:
        if not _prepared:
            folder = Path(tempfile.mkdtemp(prefix="jdbuilder-fonts-"))
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
            prepare(folder)


_preparing = threading.Lock()
_prepared: list[Path] = []


def _configuration(cache: Path) -> str:
    files = font_files()
    # Another copy of the font on this machine could make its pages differ from other machines.
    return _CONFIGURATION.format(
        folder=escape(str(directory())),
        cache=escape(str(cache)),
        accepted="\n".join(_ACCEPTED.format(file=escape(str(file))) for file in files),
        family=FAMILY,
        system="\n".join(_INCLUDE.format(file=file) for file in _SYSTEM_CONFIGURATIONS),
    )


def _write(target: Path, text: str) -> None:
    """Write the file atomically, because several workers can start at once."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=target.name)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    Path(name).replace(target)
