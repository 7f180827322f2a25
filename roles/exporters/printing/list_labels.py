"""Turns bullets that `page_tree` wrote into texts back into labels of list items: in the tags, and
in the brand color with the usual gap before the text."""

from __future__ import annotations

import re
from typing import Any

import pydyf  # type: ignore[import-untyped]

from roles.exporters import color
from roles.exporters.printing import page_tree

# The first two glyphs of a drawn text, each with its adjustment, and the rest.
_LABELED = re.compile(rb"\[(<([0-9a-f]{4})>[-\d.e]+<[0-9a-f]{4}>[-\d.e]+)(<.+)?\] TJ", re.DOTALL)
_GAP = 300  # thousandths of an em between label and text, besides the space
_BULLETS = frozenset(label[0] for label in page_tree.BULLETS.values())


def glyphs(document: Any) -> set[tuple[bytes, bytes]]:
    """Returns the bullets as WeasyPrint drew them: font name and glyph."""
    return {
        (f"/{font.hash}".encode(), f"{glyph:04x}".encode())
        for font in document.fonts.values()
        for glyph, character in font.to_unicode.items()
        if character in _BULLETS
    }


def mark(
    pdf: Any, stream: Any, entries: Any, bullets: set[tuple[bytes, bytes]], accent: str
) -> set[int]:
    """Split each text of a page's stream that starts with a bullet into a label, in the color
    `accent` (#rrggbb), and a body. `entries` is the page's part of the parent tree. Returns the
    numbers of the labels' elements."""
    made: set[int] = set()
    drawn: list[Any] = []
    color_before, in_accent = b"0 0 0 rg", _operands(accent)
    marks_at = 0  # positions of the tag, its properties, and the BDC of the current text
    is_cut = False  # whether these tags are inside it now
    for item in stream.stream:
        if is_cut and item == b"ET":
            drawn.append(b"EMC")
        elif is_cut and item == b"EMC":
            is_cut = False
            continue
        drawn.append(item)
        if not isinstance(item, bytes):
            continue
        if item == b"BDC":
            marks_at = len(drawn) - 3
        elif item.endswith(b" rg"):
            color_before = item
        elif item.endswith(b"] TJ") and (found := _begins_with_bullet(drawn, bullets)):
            label = _add_label(pdf, entries, drawn[marks_at + 1]["MCID"])
            if label is not None:
                made.add(label.number)
                drawn[marks_at:] = _cut(drawn[marks_at:], found, label, in_accent, color_before)
                is_cut = True
    stream.stream[:] = drawn
    return made


def _begins_with_bullet(
    drawn: list[Any], bullets: set[tuple[bytes, bytes]]
) -> re.Match[bytes] | None:
    """Returns the parts of the text just drawn if its first glyph is a bullet."""
    found = _LABELED.fullmatch(drawn[-1])
    return found if found and (drawn[-2].split()[0], found[2]) in bullets else None


def _cut(
    text: list[Any],
    found: re.Match[bytes],
    label: pydyf.Dictionary,
    accent: bytes,
    color_before: bytes,
) -> list[Any]:
    """Returns the text with the label's tags around the first two glyphs."""
    marks, setup = text[:3], text[3:-1]
    own = ["/Lbl", pydyf.Dictionary({"MCID": label["K"][0]}), b"BDC"]
    written = b"[%d%b] TJ" % (_GAP, found[1])
    words = b"[%d%b] TJ" % (-_GAP, found[3] or b"")
    return [*setup, *own, accent, written, b"EMC", color_before, *marks, words]


def _add_label(pdf: Any, entries: Any, mcid: int) -> pydyf.Dictionary | None:
    """Returns a label for the entry whose body starts with this marked content, or None if it isn't
    the start of an entry without a label."""
    if entries[mcid] == "null":  # a page's margin
        return None
    kid = _object(pdf, entries[mcid])
    page = kid["Pg"]
    while kid["S"] != "/LBody":
        parent = _object(pdf, kid["P"])
        if parent["S"] not in ("/NonStruct", "/LBody") or parent["K"][0] != kid.reference:
            return None
        kid = parent
    item = _object(pdf, kid["P"])
    if _object(pdf, item["K"][0]) is not kid:
        return None
    tag = {"Type": "/StructElem", "S": "/Lbl", "Pg": page, "P": item.reference}
    label = pydyf.Dictionary({**tag, "K": pydyf.Array([len(entries)])})
    pdf.add_object(label)
    entries.append(label.reference)
    item["K"].insert(0, label.reference)
    return label


def _operands(accent: str) -> bytes:
    return (" ".join(f"{part / 255:.4f}" for part in color.rgb(accent)) + " rg").encode()


def _object(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]
