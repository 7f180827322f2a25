"""The fonts of pages: those of PDFs (`roles.fonts`), as small WOFF2 files by script, of which a
browser loads what a page needs. They and their style sheet are made from the wheel's files, once.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib import metadata
from pathlib import Path

from roles import fonts

SHEET = "css/fonts.css"

# Each font file that pages use: its weight and style.
FACES = {
    "SourceSansPro-Regular": (400, "normal"),
    "SourceSansPro-It": (400, "italic"),
    "SourceSansPro-Semibold": (600, "normal"),
    "SourceSansPro-Bold": (700, "normal"),
}
# The characters of each subset, of which a character belongs to the first. The last one has the
# rest, so that all of them together have every character of the font.
SUBSETS: dict[str, tuple[range, ...]] = {
    "latin": (
        *(range(0x0000, 0x0100), range(0x0131, 0x0132), range(0x0152, 0x0154)),
        *(range(0x02BB, 0x02DD), range(0x0300, 0x0370), range(0x2000, 0x2070)),
        *(range(0x20AC, 0x20AD), range(0x2122, 0x2123), range(0x2212, 0x2213)),
    ),
    "latin-ext": (range(0x0100, 0x0300), range(0x1D00, 0x1F00), range(0x2C60, 0x2C80)),
    "cyrillic": (range(0x0400, 0x0530), range(0x2DE0, 0x2E00)),
    "greek": (range(0x0370, 0x0400), range(0x1F00, 0x2000)),
    "other": (range(0x110000),),
}
_GAP = 16  # longest run of characters that the font doesn't have within a range

_FACE = """\
@font-face {{
  font-family: "{family}";
  src: url("../fonts/{name}") format("woff2");
  font-weight: {weight};
  font-style: {style};
  font-display: swap;
  unicode-range: {ranges};
}}
"""


def names() -> list[str]:
    """Returns the paths of all files, below the address of static files."""
    return [SHEET, *(f"fonts/{face}.{subset}.woff2" for face, subset in _pairs())]


def make(name: str, folder: Path) -> Path:
    """Returns the file of `names` in a folder, and makes it if it's missing. A file is there as a
    whole or not at all."""
    made = folder / fingerprint() / name
    if not made.exists():
        content = style_sheet().encode() if name == SHEET else _font(Path(name).name)
        made.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=made.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(part).chmod(0o644)
        Path(part).replace(made)
    return made


def remove_old(folder: Path) -> None:
    """Removes the files that were made from other fonts."""
    for old in folder.iterdir():
        if old.name != fingerprint():
            shutil.rmtree(old, ignore_errors=True)


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Returns a hash of what decides how the files are."""
    versions = metadata.version("fonttools"), metadata.version("brotli")
    ours = Path(__file__).read_bytes()
    return hashlib.sha256(f"{fonts.fingerprint()} {versions}".encode() + ours).hexdigest()[:16]


def style_sheet() -> str:
    """Returns the rules of all faces."""
    rules = []
    for face, subset in _pairs():
        weight, style = FACES[face]
        ranges = _ranges(_characters(face)[subset], _every_character(face))
        name = f"{face}.{subset}.woff2"
        rules.append(
            _FACE.format(
                family=fonts.FAMILY, name=name, weight=weight, style=style, ranges=", ".join(ranges)
            )
        )
    return "\n".join(rules)


def _pairs() -> Iterator[tuple[str, str]]:
    """Yields the faces with each subset that they have characters of."""
    for face in FACES:
        for subset, characters in _characters(face).items():
            if characters:
                yield face, subset


def _font(name: str) -> bytes:
    from fontTools import subset as subsets

    face, subset, _ending = name.split(".")
    options = subsets.Options(flavor="woff2")  # with the forms and positions that all texts need
    font = subsets.load_font(str(fonts.directory() / f"{face}.ttf"), options)
    subsetter = subsets.Subsetter(options)
    subsetter.populate(unicodes=_characters(face)[subset])
    subsetter.subset(font)
    content = io.BytesIO()
    subsets.save_font(font, content, options)
    return content.getvalue()


@lru_cache(maxsize=len(FACES))
def _every_character(face: str) -> tuple[int, ...]:
    from fontTools.ttLib import TTFont

    with TTFont(fonts.directory() / f"{face}.ttf", lazy=True) as font:
        return tuple(sorted(font.getBestCmap()))


def _characters(face: str) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {subset: set() for subset in SUBSETS}
    for character in _every_character(face):
        places = (s for s, ranges in SUBSETS.items() if any(character in one for one in ranges))
        found[next(places)].add(character)
    return found


def _ranges(characters: set[int], every: Iterable[int]) -> list[str]:
    """Returns the ranges of CSS that have these characters, and no others that the font has."""
    runs: list[list[int]] = []
    is_open = False
    for character in every:
        if character not in characters:
            is_open = False
        elif is_open and character - runs[-1][1] <= _GAP:
            runs[-1][1] = character
        else:
            runs.append([character, character])
            is_open = True
    return [f"U+{first:X}" + (f"-{last:X}" if last > first else "") for first, last in runs]
