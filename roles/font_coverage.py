"""Which characters no installed font has, and the package of fonts that has them. Without Django.

PDFs show such characters as black squares. Fonts are those that fontconfig knows when the process
first asks (see `fonts`).
"""

from __future__ import annotations

import ctypes
import re
import threading
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from roles import fonts

# Debian packages of fonts, for the first range that a character is in.
_PACKAGES = {
    "fonts-noto-color-emoji": re.compile(
        "[\u203c\u2049\u2139\u231a-\u23ff\u25aa-\u25fe\u2600-\u27bf\u2b00-\u2bff\u3030\u303d"
        "\U0001f000-\U0001faff]"
    ),
    "fonts-noto-cjk": re.compile(
        "[\u1100-\u11ff\u2e80-\u303f\u3040-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f"
        "\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U0001b000-\U0001b16f"
        "\U00020000-\U0003ffff]"
    ),
}
_OTHERS = "fonts-noto-core"
# Characters without a shape of their own: spaces, marks of direction, joiners, selectors.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8"
    "\U000e0000-\U000e0fff]"
)
_LIBRARIES = (
    *("libfontconfig.so.1", "libfontconfig.1.dylib", "libfontconfig-1.dll"),
    *(f"{folder}/lib/libfontconfig.1.dylib" for folder in ("/opt/homebrew", "/usr/local")),
)


def missing_characters(texts: Iterable[str]) -> list[str]:
    """Returns the characters of the texts that no installed font has, sorted. Empty if fontconfig
    can't be asked."""
    characters = {c for c in set().union(*texts) if not c.isascii() and not is_invisible(c)}
    covered = _coverage() if characters else None
    if covered is None:
        return []
    library, charset = covered
    return sorted(c for c in characters if not library.FcCharSetHasChar(charset, ord(c)))


def is_invisible(character: str) -> bool:
    """Returns whether fonts need no shape for the character."""
    category = unicodedata.category(character)
    return category in ("Cc", "Cf", "Zs", "Zl", "Zp") or bool(_INVISIBLE.match(character))


def is_mark(character: str) -> bool:
    """Returns whether the character is drawn on the one before it."""
    return unicodedata.category(character)[0] == "M"


def packages(characters: Iterable[str]) -> dict[str, list[str]]:
    """Returns the characters by the Debian package of fonts that most likely has them."""
    found: dict[str, list[str]] = {}
    for character in characters:
        package = next((n for n, p in _PACKAGES.items() if p.match(character)), _OTHERS)
        found.setdefault(package, []).append(character)
    return found


# --- fontconfig


class _FontSet(ctypes.Structure):
    _fields_ = [
        ("nfont", ctypes.c_int),
        ("sfont", ctypes.c_int),
        ("fonts", ctypes.POINTER(ctypes.c_void_p)),
    ]


_asking = threading.Lock()


def _coverage() -> tuple[Any, ctypes.c_void_p] | None:
    """Returns fontconfig and the set of the characters of all scalable fonts, or None."""
    with _asking:
        return _read_coverage()


@lru_cache(maxsize=1)
def _read_coverage() -> tuple[Any, ctypes.c_void_p] | None:
    fonts.ensure_prepared()
    library = _library()
    if library is None:
        return None
    configuration = library.FcInitLoadConfigAndFonts()
    pattern, wanted = library.FcPatternCreate(), library.FcObjectSetCreate()
    library.FcPatternAddBool(pattern, b"scalable", 1)
    library.FcObjectSetAdd(wanted, b"charset")
    listed = library.FcFontList(configuration, pattern, wanted)
    covered, own = library.FcCharSetCreate(), ctypes.c_void_p()
    for number in range(listed.contents.nfont):
        font = listed.contents.fonts[number]
        if library.FcPatternGetCharSet(font, b"charset", 0, ctypes.byref(own)) == 0:
            library.FcCharSetMerge(covered, own, None)
    library.FcFontSetDestroy(listed)
    library.FcObjectSetDestroy(wanted)
    library.FcPatternDestroy(pattern)
    library.FcConfigDestroy(configuration)
    return library, covered


def _library() -> Any:
    """Returns the fontconfig library with the types of its functions, or None."""
    for name in _LIBRARIES:
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        pointer, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
        for function, result, *arguments in (
            ("FcInitLoadConfigAndFonts", pointer),
            ("FcPatternCreate", pointer),
            ("FcObjectSetCreate", pointer),
            ("FcCharSetCreate", pointer),
            ("FcPatternAddBool", number, pointer, text, number),
            ("FcObjectSetAdd", number, pointer, text),
            ("FcFontList", ctypes.POINTER(_FontSet), pointer, pointer, pointer),
            ("FcPatternGetCharSet", number, pointer, text, number, ctypes.POINTER(pointer)),
            ("FcCharSetMerge", number, pointer, pointer, pointer),
            ("FcCharSetHasChar", number, pointer, ctypes.c_uint32),
            ("FcFontSetDestroy", None, ctypes.POINTER(_FontSet)),
            ("FcObjectSetDestroy", None, pointer),
            ("FcPatternDestroy", None, pointer),
            ("FcConfigDestroy", None, pointer),
        ):
            getattr(library, function).restype = result
            getattr(library, function).argtypes = arguments
        return library
    return None
