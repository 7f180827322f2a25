"""Bullets that `page_tree` wrote into the texts become labels of their list items again: in the
tags, and in the brand's colour with the usual gap before the words."""

from __future__ import annotations

import re
from typing import Any

import pydyf  # type: ignore[import-untyped]

from roles.exporters import colour
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
    colour `accent` (#rrggbb), and the words of the body. `entries` are the page's part of the
    parent tree. Returns the numbers of the labels' elements."""
    made: set[int] = set()
    drawn: list[Any] = []
    colour_before = b"0 0 0 rg"
    is_cut = False  # whether the marks of the text being drawn stand inside it
    for item in stream.stream:
        if is_cut and item == b"ET":
            drawn.append(b"EMC")
        elif is_cut and item == b"EMC":
            is_cut = False
            continue
        drawn.append(item)
        if isinstance(item, bytes) and item.endswith(b" rg"):
            colour_before = item
        label = _label_of(pdf, drawn, entries, bullets)
        if label is not None:
            made.add(label.number)
            _cut(drawn, label["K"][0], _operands(accent), colour_before)
            is_cut = True
    stream.stream[:] = drawn
    return made


def _label_of(
    pdf: Any, drawn: list[Any], entries: Any, bullets: set[tuple[bytes, bytes]]
) -> pydyf.Dictionary | None:
    """A new label where the text just drawn begins an entry with a bullet."""
    text = drawn[-1]
    if not isinstance(text, bytes) or not text.endswith(b"] TJ"):
        return None
    found = _LABELLED.fullmatch(text)
    if found is None or (drawn[-2].split()[0], found[2]) not in bullets:
        return None
    return _add_label(pdf, entries, drawn[_marks_at(drawn) + 1]["MCID"])


def _marks_at(drawn: list[Any]) -> int:
    """Where the mark, its properties and the BDC of the text just drawn stand."""
    return len(drawn) - 3 - drawn[::-1].index(b"BDC")


def _cut(drawn: list[Any], mcid: int, accent: bytes, colour_before: bytes) -> None:
    """Put the label's own marks around the first two glyphs, and the text's behind them."""
    found = _LABELLED.fullmatch(drawn[-1])
    assert found is not None  # noqa: S101  # narrows the type
    start = _marks_at(drawn)
    marks, setup = drawn[start : start + 3], drawn[start + 3 : -1]
    label = ["/Lbl", pydyf.Dictionary({"MCID": mcid}), b"BDC"]
    written = b"[%d%b] TJ" % (_GAP, found[1])
    words = b"[%d%b] TJ" % (-_GAP, found[3] or b"")
    drawn[start:] = [*setup, *label, accent, written, b"EMC", colour_before, *marks, words]


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
    return (" ".join(f"{part / 255:.4f}" for part in colour.rgb(accent)) + " rg").encode()


def _object(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]
