"""Bullets that `page_tree` wrote into the texts become labels of their list items again: in the
tags, and in the brand's color with the usual gap before the words."""

from __future__ import annotations

import re
from typing import Any

import pydyf  # type: ignore[import-untyped]

from roles.exporters import color
from roles.exporters.printing import page_tree

# The first two glyphs of a drawn text, each with how far the next one moves, and the rest.
_LABELLED = re.compile(rb"\[(<([0-9a-f]{4})>[-\d.e]+<[0-9a-f]{4}>[-\d.e]+)(<.+)?\] TJ", re.DOTALL)
_GAP = 300  # thousandths of an em between label and words, besides the space
_BULLETS = frozenset(label[0] for label in page_tree.BULLETS.values())


def glyphs(document: Any) -> set[tuple[bytes, bytes]]:
    """Our bullets as WeasyPrint drew them: the name of a font and the glyph in it."""
    return {
        (f"/{font.hash}".encode(), f"{glyph:04x}".encode())
        for font in document.fonts.values()
        for glyph, character in font.to_unicode.items()
        if character in _BULLETS
    }


def mark(
    pdf: Any, stream: Any, entries: Any, bullets: set[tuple[bytes, bytes]], accent: str
) -> set[int]:
    """Cut each text of a page's stream that begins with a bullet in two: a label, in the
    color `accent` (#rrggbb), and the words of the body. `entries` are the page's part of the
    parent tree. Returns the numbers of the labels' elements."""
    made: set[int] = set()
    drawn: list[Any] = []
    color_before, in_accent = b"0 0 0 rg", _operands(accent)
    marks_at = 0  # where the mark, its properties and the BDC of the text being drawn stand
    is_cut = False  # whether these marks stand inside it now
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
    """The parts of the text just drawn, where its first glyph is a bullet of its font."""
    found = _LABELLED.fullmatch(drawn[-1])
    return found if found and (drawn[-2].split()[0], found[2]) in bullets else None


def _cut(
    text: list[Any],
    found: re.Match[bytes],
    label: pydyf.Dictionary,
    accent: bytes,
    color_before: bytes,
) -> list[Any]:
    """The text with the label's own marks around the first two glyphs, and its marks behind."""
    marks, setup = text[:3], text[3:-1]
    own = ["/Lbl", pydyf.Dictionary({"MCID": label["K"][0]}), b"BDC"]
    written = b"[%d%b] TJ" % (_GAP, found[1])
    words = b"[%d%b] TJ" % (-_GAP, found[3] or b"")
    return [*setup, *own, accent, written, b"EMC", color_before, *marks, words]


def _add_label(pdf: Any, entries: Any, mcid: int) -> pydyf.Dictionary | None:
    """A label for the entry whose body begins with this marked content; None where it is not
    the beginning of an entry without a label."""
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
