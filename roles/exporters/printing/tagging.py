"""Fixes the finished object tree where PDF/UA requires more than WeasyPrint does.

Table headers get a `Scope`. An entry and its detail get one body. Annotations of bold and italic
words in a link belong to the link. The bullets that `page_tree` wrote into the texts become labels
again. Content of page margins is marked as pagination, because
WeasyPrint gives it tags without a parent.
"""

from __future__ import annotations

from typing import Any

import pydyf  # type: ignore[import-untyped]

from roles.exporters.printing import list_labels


def finish(document: Any, pdf: Any, *, accent: str) -> None:
    """Change the pydyf tree in place, as a `finisher` for `weasyprint.HTML.write_pdf`. Bullets get
    the color `accent` (#rrggbb)."""
    root = _object(pdf, pdf.catalog["StructTreeRoot"])
    linked = _linked(pdf, root)
    parents = _object(pdf, root["ParentTree"])["Nums"]
    for number in linked:
        element = pdf.objects[number]
        if element.get("S") == "/TH":
            element["A"]["Scope"] = "/Column" if _is_in_head(pdf, element) else "/Row"
        elif element.get("S") == "/LI":
            _gather_in_body(pdf, element)
        elif element.get("S") == "/Link":
            _gather_annotations(pdf, element, parents)
    bullets = list_labels.glyphs(document)
    for page, entries in zip(_pages(pdf), parents[1::2], strict=False):
        loose = [n for n, entry in enumerate(entries) if _number(entry) not in linked]
        for mcid in loose:
            entries[mcid] = "null"
        stream = _object(pdf, page["Contents"])
        _mark_as_pagination(stream, set(loose))
        linked |= list_labels.mark(pdf, stream, entries, bullets, accent)
    _empty_unlinked(pdf, linked)


def _linked(pdf: Any, root: Any) -> set[int]:
    """Returns the numbers of all structure elements below the root."""
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
    """Move paragraphs of list items into their bodies: an item has only a label and a body."""
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


def _gather_annotations(pdf: Any, link: Any, parents: list[Any]) -> None:
    """Move annotations of the elements in a link to the link itself."""
    for kid in [kid for kid in link["K"] if not isinstance(kid, int)]:
        element = _object(pdf, kid)
        if element.get("Type") != "/StructElem":
            continue
        _gather_annotations(pdf, element, parents)
        own = [k for k in element["K"] if not isinstance(k, int) and _is_annotation(pdf, k)]
        element["K"][:] = [k for k in element["K"] if k not in own]
        link["K"] += own
        for place, parent in enumerate(parents) if own else ():
            if parent == element.reference:
                parents[place] = link.reference


def _is_annotation(pdf: Any, kid: bytes) -> bool:
    return bool(_object(pdf, kid).get("Type") == "/OBJR")


def _is_in_head(pdf: Any, cell: Any) -> bool:
    row = _object(pdf, cell["P"])
    return bool(_object(pdf, row["P"])["S"] == "/THead")


def _mark_as_pagination(stream: Any, loose: set[int]) -> None:
    """Turn `/Span <</MCID n>> BDC` into `/Artifact <</Type /Pagination>> BDC`."""
    for position, item in enumerate(stream.stream):
        if isinstance(item, pydyf.Dictionary) and item.get("MCID") in loose:
            stream.stream[position - 1] = "/Artifact"
            stream.stream[position] = pydyf.Dictionary({"Type": "/Pagination"})


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
    """Returns the object number in `12 0 R`."""
    return int(reference.split()[0])
