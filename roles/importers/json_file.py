"""JSON -> `Document`: what `exporters/document_json` writes, or the document without its envelope.

The file may come from anywhere: everything is bounded before it is looked at.
"""

from __future__ import annotations

import json
import re
from typing import Any

from django.utils.translation import gettext as _

from roles.document import Document
from roles.document_encoding import DocumentError
from roles.importers import ImportedDocument, Unreadable, check_size, document_limits

FORMAT = "jd-builder"
DEPTH_LIMIT = 30  # lists and objects within each other; a document has ten
PARTS_LIMIT = 500_000  # texts, lists and objects
DIGITS_LIMIT = 15  # of a number; Python refuses longer ones only from some thousands on

_REFERENCE = re.compile(r"[A-Z]{2,6}-\d{1,8}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_DEPTHS = {"[": 1, "{": 1, "]": -1, "}": -1}
# A text that nobody ends goes to the end of the file: nothing is looked at twice.
_STRUCTURE = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)


def read(data: bytes) -> ImportedDocument:
    """The document in the file; raises Unreadable, which says what is wrong and where."""
    check_size(len(data))
    value = _parsed(_decoded(data))
    if not isinstance(value, dict) or value.keys().isdisjoint(("document", "schema")):
        raise Unreadable(_("This is not a file of JD Builder."))
    if "document" not in value:
        return ImportedDocument(_document(value))
    if value.get("format") != FORMAT:
        raise Unreadable(_("This is not a file of JD Builder: its format is another."))
    return _with_edition(_document(value["document"]), value.get("edition"))


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(_("This file is not text in UTF-8.")) from None


def _parsed(text: str) -> Any:
    _refuse_vast(text)
    try:
        return json.loads(
            text,
            object_pairs_hook=_unique,
            parse_int=_integer,
            parse_float=_no_number,
            parse_constant=_no_number,
        )
    except json.JSONDecodeError as error:
        message = _("This is not JSON: line %(line)d, column %(column)d.")
        raise Unreadable(message % {"line": error.lineno, "column": error.colno}) from None
    except RecursionError:  # the depth was counted; a fault here must not be a 500 either
        raise Unreadable(_("This is not a file of JD Builder.")) from None


def _refuse_vast(text: str) -> None:
    """Before it is parsed: neither too deep nor of too many parts."""
    depth = 0
    for number, found in enumerate(_STRUCTURE.finditer(text)):
        depth += _DEPTHS.get(found[0], 0)
        if depth > DEPTH_LIMIT or number > PARTS_LIMIT:
            raise Unreadable(_("This is not a file of JD Builder: it is too large or too deep."))


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Unreadable(_("“%s” occurs twice in one place.") % key[:50])
        found[key] = value
    return found


def _integer(digits: str) -> int:
    if len(digits) > DIGITS_LIMIT:
        raise Unreadable(_("A number is too long: %s…") % digits[:DIGITS_LIMIT])
    return int(digits)


def _no_number(word: str) -> Any:
    raise Unreadable(_("A number is not a whole one: %s") % word[:20])


def _document(value: Any) -> Document:
    try:
        document = Document.from_dict(value)
    except DocumentError as error:
        raise Unreadable(_("This is not a job description: %s.") % error) from None
    problem = document_limits.problem(document)
    if problem:
        raise Unreadable(problem)
    return document


def _with_edition(document: Document, edition: Any) -> ImportedDocument:
    """With what the envelope says of its origin, as far as it makes sense: nothing hangs on
    it."""
    known = edition if isinstance(edition, dict) else {}

    def text(name: str, pattern: re.Pattern[str]) -> str:
        value = known.get(name)
        return value if isinstance(value, str) and pattern.fullmatch(value) else ""

    number = known.get("number")
    return ImportedDocument(
        document,
        reference=text("reference", _REFERENCE),
        number=number if type(number) is int and number > 0 else None,
        sha256=text("sha256", _SHA256),
    )
