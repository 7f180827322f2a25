"""JSON -> `Document`: an export of `exporters/document_json`, or a document without its envelope.

The file can come from anywhere, so its size and depth are checked before it is parsed.
"""

from __future__ import annotations

import json
import re
from typing import Any

from django.utils.translation import gettext as _

from roles import limits
from roles.document import Document
from roles.document_encoding import DocumentError
from roles.editions import DATA_FORMAT
from roles.importers import ImportedDocument, Unreadable, check_size, document_limits

DEPTH_LIMIT = 30  # lists and objects within each other; a document has ten
PARTS_LIMIT = 500_000  # texts, lists and objects
DIGITS_LIMIT = 15  # of a number; Python itself refuses only thousands of digits

_REFERENCE = re.compile(limits.REFERENCE_PATTERN)
_SHA256 = re.compile(r"[0-9a-f]{64}")
_DEPTHS = {"[": 1, "{": 1, "]": -1, "}": -1}
# A string without an end goes to the end of the file, so that matching takes linear time.
_STRUCTURE = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)
# Spellings of codes in files from before version 0.2. The SHA-256 of such a document differs from
# the one in its file.
_CODE_KEYS = ("category", "kind")
_OLD_CODES = {
    re.compile(r"licen[cs]e"): "license",
    re.compile(r"acknowledge?ment"): "acknowledgment",
}


def read(data: bytes) -> ImportedDocument:
    """Returns the document in the file. Raises Unreadable with the problem and its location."""
    check_size(len(data))
    value = _parsed(_decoded(data))
    if not isinstance(value, dict) or value.keys().isdisjoint(("document", "schema")):
        raise Unreadable(_("This isn’t a JD Builder file."))
    if "document" not in value:
        return ImportedDocument(_document(value))
    if value.get("format") != DATA_FORMAT:
        raise Unreadable(_("This file has an unknown format. Use a file exported from JD Builder."))
    return _with_edition(_document(value["document"]), value.get("edition"))


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(_("This file isn’t UTF-8 text.")) from None


def _parsed(text: str) -> Any:
    _check_size_and_depth(text)
    try:
        return json.loads(
            text,
            object_pairs_hook=_unique,
            parse_int=_integer,
            parse_float=_refuse_fraction,
            parse_constant=_refuse_fraction,
        )
    except json.JSONDecodeError as error:
        message = _("This file isn’t valid JSON. Check line %(line)d, column %(column)d.")
        raise Unreadable(message % {"line": error.lineno, "column": error.colno}) from None
    except RecursionError:  # the depth was checked; a mistake there must not cause a 500
        raise Unreadable(_("This isn’t a JD Builder file.")) from None


def _check_size_and_depth(text: str) -> None:
    """Raise Unreadable if the text has too many parts or levels to parse."""
    depth = 0
    for number, part in enumerate(_STRUCTURE.finditer(text)):
        depth += _DEPTHS.get(part[0], 0)
        if depth > DEPTH_LIMIT or number > PARTS_LIMIT:
            raise Unreadable(_("This file is too large or too deeply nested to import."))


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in pairs:
        if key in values:
            raise Unreadable(_("“%s” appears twice in the same object.") % key[:50])
        values[key] = value
    return values


def _integer(digits: str) -> int:
    if len(digits) > DIGITS_LIMIT:
        raise Unreadable(_("This number is too long: %s…") % digits[:DIGITS_LIMIT])
    return int(digits)


def _refuse_fraction(word: str) -> Any:
    raise Unreadable(_("This isn’t a whole number: %s") % word[:20])


def _with_current_codes(value: Any) -> Any:
    """Returns the parsed value with codes of earlier versions replaced by current ones, and
    currencies in capital letters."""
    if isinstance(value, list):
        return [_with_current_codes(item) for item in value]
    if not isinstance(value, dict):
        return value
    decoded = {key: _with_current_codes(item) for key, item in value.items()}
    for key in _CODE_KEYS:
        code = decoded.get(key)
        if isinstance(code, str):
            new_codes = (new for old, new in _OLD_CODES.items() if old.fullmatch(code))
            decoded[key] = next(new_codes, code)
    if isinstance(decoded.get("currency"), str):
        decoded["currency"] = decoded["currency"].upper()
    return decoded


def _document(value: Any) -> Document:
    try:
        document = Document.from_dict(_with_current_codes(value))
    except DocumentError as error:
        raise Unreadable(_("This file isn’t a valid job description: %s.") % error) from None
    problem = document_limits.problem(document)
    if problem:
        raise Unreadable(problem)
    return document


def _with_edition(document: Document, edition: Any) -> ImportedDocument:
    """Returns the document with its origin according to the envelope. The origin is for
    information only, so invalid values are ignored."""
    origin = edition if isinstance(edition, dict) else {}

    def text(name: str, pattern: re.Pattern[str]) -> str:
        value = origin.get(name)
        return value if isinstance(value, str) and pattern.fullmatch(value) else ""

    number = origin.get("number")
    return ImportedDocument(
        document,
        reference=text("reference", _REFERENCE),
        number=number if type(number) is int and number > 0 else None,
        sha256=text("sha256", _SHA256),
    )
