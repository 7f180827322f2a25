"""Checks logos: valid PNG, JPEG, or SVG files of a reasonable size.

Used by the upload form and by the exporters.
"""

from __future__ import annotations

import re
from io import BytesIO
from xml.etree import ElementTree

from roles import bounded_work

BYTES_LIMIT = 512 * 1024
PIXELS_LIMIT = 8_000_000
ELEMENTS_LIMIT = 2_000
USES_LIMIT = 50
CHECK_SECONDS = 10

_RASTER = {"PNG": "image/png", "JPEG": "image/jpeg"}
_SVG = "{http://www.w3.org/2000/svg}"
# Elements that grow without bound, load resources, or run code. No logo needs them.
_REFUSED = frozenset({"script", "foreignObject", "image", "marker", "pattern", "filter"})
_DECLARATION = re.compile(r"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def checked_type(data: bytes) -> str | None:
    """Returns the same as `content_type`, from a child process with limits. Returns None for a file
    that exceeds them. Raises bounded_work.Busy."""
    try:
        return bounded_work.run_within(CHECK_SECONDS, content_type, data)
    except bounded_work.LimitExceeded:
        return None


def content_type(data: bytes | None) -> str | None:
    """Returns the MIME type of a valid logo. Returns None for other formats, broken or too large
    files, and drawings that load other resources."""
    if not data or len(data) > BYTES_LIMIT:
        return None
    return _raster_type(data) or ("image/svg+xml" if _is_plain_svg(data) else None)


def _raster_type(data: bytes) -> str | None:
    from PIL import Image

    try:
        with Image.open(BytesIO(data), formats=tuple(_RASTER)) as image:
            width, height = image.size
            if not 0 < width * height <= PIXELS_LIMIT:
                return None
            image.verify()
        with Image.open(BytesIO(data), formats=tuple(_RASTER)) as image:
            image.load()
            return _RASTER.get(image.format or "")
    except Exception:  # Pillow raises many exceptions on malicious input
        return None


def _is_plain_svg(data: bytes) -> bool:
    try:
        text = data.decode("utf-8")
        if _DECLARATION.search(text):
            return False
        root = ElementTree.fromstring(text)  # noqa: S314  # no declarations, bounded size
    except (UnicodeDecodeError, ElementTree.ParseError, ValueError):
        return False
    elements = list(root.iter())
    return (
        root.tag == f"{_SVG}svg"
        and len(elements) <= ELEMENTS_LIMIT
        and not any(_local(element) in _REFUSED for element in elements)
        and _uses_are_few(elements)
    )


def _uses_are_few(elements: list[ElementTree.Element]) -> bool:
    """Returns whether there are few <use> elements and no nested ones (exponential growth)."""
    uses = [element for element in elements if _local(element) == "use"]
    if len(uses) > USES_LIMIT:
        return False
    wanted = {
        value.removeprefix("#")
        for use in uses
        for name, value in use.attrib.items()
        if name.rpartition("}")[2] == "href"
    }
    return not any(
        _local(inner) == "use"
        for element in elements
        if element.get("id") in wanted
        for inner in element.iter()
    )


def _local(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]
