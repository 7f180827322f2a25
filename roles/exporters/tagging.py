"""What PDF/UA wants and WeasyPrint leaves undone, mended in the finished object tree.

Table headers get their `Scope`; an entry with a detail keeps both in one body; the bullets
that `page_tree` wrote into the texts become labels again. What stands in page margins is
marked as pagination and taken out of the reading: WeasyPrint gives it tags that hang from
nothing.
"""

from __future__ import annotations

import re
from typing import Any

import pydyf  # type: ignore[import-untyped]

from roles.exporters import colour, page_tree

# The first two glyphs of a drawn text, each with how far the next one moves, and the rest.
_LABELLED = re.compile(rb"\[(<([0-9a-f]{4})>[-\d.e]+<[0-9a-f]{4}>[-\d.e]+)(<.+)?\] TJ", re.DOTALL)
_GAP = 300  # thousandths of an em between label and words, besides the space
_BULLETS = frozenset(label[0] for label in page_tree.BULLETS.values())


def finish(document: Any, pdf: Any, *, accent: str) -> None:
    """A `finisher` for `weasyprint.HTML.write_pdf`: changes the pydyf tree in place. Bullets
    are drawn in the colour `accent` (#rrggbb)."""
    root = _object(pdf, pdf.catalog["StructTreeRoot"])
    linked = _linked(pdf, root)
    for number in linked:
        element = pdf.objects[number]
        if element.get("S") == "/TH":
            element["A"]["Scope"] = "/Column" if _is_in_head(pdf, element) else "/Row"
        elif element.get("S") == "/LI":
            _gather_in_body(pdf, element)
    parents = _object(pdf, root["ParentTree"])["Nums"]
    for page, entries in zip(_pages(pdf), parents[1::2], strict=False):
        loose = [n for n, entry in enumerate(entries) if _number(entry) not in linked]
        for mcid in loose:
            entries[mcid] = "null"
        stream = _object(pdf, page["Contents"])
        _mark_as_pagination(stream, set(loose))
        linked |= _label_bullets(document, pdf, stream, entries, _operands(accent))
    _empty_unlinked(pdf, linked)


def _linked(pdf: Any, root: Any) -> set[int]:
    """The numbers of every structure element that hangs from the root."""
    found: set[int] = set()
    waiting = list(root["K"])
    while waiting:
        kid = waiting.pop()
        if isinstance(kid, int) or _number(kid) in found:
            continue
        element = _object(pdf, kid)
        if element.get("Type") == "/StructElem":
            found.add(_number(kid))
            waiting.extend(element["K"])
    return found


def _gather_in_body(pdf: Any, item: Any) -> None:
    """A list item holds a label and a body; paragraphs beside them move into the body."""
    kids = {kid: _object(pdf, kid) for kid in item["K"]}
    bodies = [kid for kid, element in kids.items() if element["S"] == "/LBody"]
    loose = [kid for kid, element in kids.items() if element["S"] not in ("/Lbl", "/LBody")]
    if not loose:
        return
    if bodies:
        body = kids[bodies[0]]
    else:
        body = type(item)({**item, "S": "/LBody", "K": type(item["K"])(), "P": item.reference})
        pdf.add_object(body)
    for kid in loose:
        kids[kid]["P"] = body.reference
        body["K"].append(kid)
    item["K"][:] = [kid for kid in kids if kid not in loose]
    if not bodies:
        item["K"].append(body.reference)


def _is_in_head(pdf: Any, cell: Any) -> bool:
    row = _object(pdf, cell["P"])
    return bool(_object(pdf, row["P"])["S"] == "/THead")


def _mark_as_pagination(stream: Any, loose: set[int]) -> None:
    """Turn `/Span <</MCID n>> BDC` into `/Artifact <</Type /Pagination>> BDC`."""
    for position, item in enumerate(stream.stream):
        if isinstance(item, pydyf.Dictionary) and item.get("MCID") in loose:
            stream.stream[position - 1] = "/Artifact"
            stream.stream[position] = pydyf.Dictionary({"Type": "/Pagination"})


def _operands(accent: str) -> str:
    return " ".join(f"{part / 255:.4f}" for part in colour.rgb(accent))


def _label_bullets(document: Any, pdf: Any, stream: Any, entries: Any, accent: str) -> set[int]:
    """Cut each text that begins with a bullet in two: a label, in the accent's colour, and the
    words of the body. Returns the numbers of the labels' elements."""
    made: set[int] = set()
    bullets = _bullet_glyphs(document)
    drawn: list[Any] = []
    colour_before = b"0 0 0 rg"
    skip = 0
    for item in stream.stream:
        if skip:
            skip -= 1
            continue
        drawn.append(item)
        if not isinstance(item, bytes):
            continue
        if item.endswith(b" rg"):
            colour_before = item
        found = _LABELLED.fullmatch(item) if item.endswith(b"] TJ") else None
        if found is None or (drawn[-2].split()[0], found[2]) not in bullets:
            continue
        # Mark, properties, BDC, then colour, BT, matrix, font: the marks move behind these.
        start = len(drawn) - 3 - drawn[::-1].index(b"BDC")
        marks, setup = drawn[start : start + 3], drawn[start + 3 : -1]
        label = _add_label(pdf, entries, marks[1]["MCID"])
        if label is None:
            continue
        made.add(label.number)
        mark = ["/Lbl", pydyf.Dictionary({"MCID": label["K"][0]}), b"BDC"]
        written = b"[%d%b] TJ" % (_GAP, found[1])
        words = b"[%d%b] TJ" % (-_GAP, found[3] or b"")
        drawn[start:] = [
            *(*setup, *mark, f"{accent} rg".encode(), written, b"EMC"),
            *(colour_before, *marks, words, b"EMC", b"ET"),
        ]
        skip = 2  # the ET and EMC that follow
    stream.stream[:] = drawn
    return made


def _add_label(pdf: Any, entries: Any, mcid: int) -> Any:
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
    label = pydyf.Dictionary(
        {
            "Type": "/StructElem",
            "S": "/Lbl",
            "K": pydyf.Array([len(entries)]),
            "Pg": page,
            "P": item.reference,
        }
    )
    pdf.add_object(label)
    entries.append(label.reference)
    item["K"].insert(0, label.reference)
    return label


def _bullet_glyphs(document: Any) -> set[tuple[bytes, bytes]]:
    """Our bullets, as the name of a font and the glyph in it."""
    return {
        (f"/{font.hash}".encode(), f"{glyph:04x}".encode())
        for font in document.fonts.values()
        for glyph, character in font.to_unicode.items()
        if character in _BULLETS
    }


def _empty_unlinked(pdf: Any, linked: set[int]) -> None:
    for number, item in enumerate(pdf.objects):
        is_element = isinstance(item, pydyf.Dictionary) and item.get("Type") == "/StructElem"
        if is_element and number not in linked:
            item.clear()


def _pages(pdf: Any) -> list[Any]:
    return [pdf.objects[number] for number in pdf.pages["Kids"][::3]]


def _object(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[_number(reference)]


def _number(reference: bytes) -> int:
    """The object number in `12 0 R`."""
    return int(reference.split()[0])
