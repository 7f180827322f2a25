"""People to invite, as pasted text or a CSV file: email addresses, names, groups and departments.

Each line is read on its own, so that a stray quotation mark can't swallow the lines after it. No
line is left out: what can't be understood is a row with what was typed as its address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from roles import folding
from roles.importers import csv_text

BYTES_LIMIT = 500_000  # of a file or a pasted list
ROWS_LIMIT = 500

# Spellings of column names, without spaces, punctuation and what is in brackets.
COLUMNS = {
    "email": (
        *("email", "emailaddress", "mail", "mailaddress", "emails", "emailaddresses", "workemail"),
        *("businessemail", "primaryemail", "useremail", "userprincipalname", "upn"),
    ),
    "first_name": ("firstname", "first", "givenname", "given", "forename"),
    "last_name": ("lastname", "last", "surname", "familyname", "family"),
    "name": ("name", "fullname", "displayname"),
    "groups": ("groups", "group", "roles", "role", "usergroup", "usergroups"),
    "departments": ("departments", "department", "depts", "dept", "team", "teams"),
}
_COLUMN_OF = {spelling: name for name, spellings in COLUMNS.items() for spelling in spellings}
# The columns of lines without a header, by the place of the address.
_ORDERS = {
    0: ("email", "first_name", "last_name", "groups", "departments"),
    1: ("name", "email", "groups", "departments"),
    2: ("first_name", "last_name", "email", "groups", "departments"),
}

_BRACKETS = re.compile(r"\[.*?\]|\(.*?\)")
_ANGLES = re.compile(r'^\s*"?(?P<name>[^"<>]*)"?\s*<(?P<address>[^<>]*)>\s*$')
_AROUND_ADDRESS = " \t\"'<>"
_QUOTED_OR_DELIMITER = re.compile(r'"[^"]*"|<[^<>]*>|([;,\t])')


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person of a list. `text` is what was typed. `groups` and `departments` are cells with one
    or more names. `has_extra` is set if the line has more values than columns."""

    line: int
    text: str
    email: str
    first_name: str = ""
    last_name: str = ""
    groups: str = ""
    departments: str = ""
    has_extra: bool = False


@dataclass(frozen=True, slots=True)
class PeopleList:
    """The rows of a list, its header line if it has one, and the columns that have no meaning
    here."""

    rows: tuple[PersonRow, ...]
    header: str = ""
    unused_columns: tuple[str, ...] = ()

    def text_of(self, rows: Iterable[PersonRow]) -> str:
        """Returns the text of some of the rows, to be read again."""
        return "\n".join([*([self.header] if self.header else []), *(row.text for row in rows)])


def read(text: str) -> PeopleList:
    """Returns the people of a list. Never raises."""
    lines = [(number, line) for number, line in enumerate(_lines(text), 1) if _is_content(line)]
    if not lines:
        return PeopleList(())
    for delimiter in csv_text.DELIMITERS:
        names = csv_text.cells(lines[0][1], delimiter)
        columns = [_column(name) for name in names]
        if "email" in columns:
            rows = [
                _row(number, line, columns, csv_text.cells(line, delimiter))
                for number, line in lines[1:]
            ]
            pairs = zip(names, columns, strict=True)
            unused = tuple(name for name, column in pairs if name and not column)
            return PeopleList(tuple(rows), lines[0][1], unused)
    return PeopleList(tuple(row for number, line in lines for row in _headless(number, line)))


def _lines(text: str) -> list[str]:
    # Not splitlines, which also splits at characters that a name might have been damaged to.
    return text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _is_content(line: str) -> bool:
    """Whether a line has more than delimiters: spreadsheets write those for empty rows."""
    return bool(line.strip(' \t;,"\0\ufeff'))


def _column(name: str) -> str:
    plain = re.sub(r"[\W_]", "", folding.fold(_BRACKETS.sub("", name)))
    return _COLUMN_OF.get(plain, "")


def _row(number: int, line: str, columns: Sequence[str], cells: Sequence[str]) -> PersonRow:
    """Returns the person of one line. Of columns with the same meaning, the first that isn't empty
    counts."""
    values: dict[str, str] = {}
    for column, cell in zip(columns, cells, strict=False):
        if cell and column:
            values.setdefault(column, cell)
    row = PersonRow(
        line=number,
        text=line,
        email=_address(values.get("email", "")),
        groups=values.get("groups", ""),
        departments=values.get("departments", ""),
        has_extra=any(cells[len(columns) :]),
    )
    row = _named(row, values.get("name", ""), values)
    match = _ANGLES.match(values.get("email", ""))
    return _named(replace(row, email=_address(match["address"])), match["name"]) if match else row


def _address(text: str) -> str:
    return text.strip(_AROUND_ADDRESS).removeprefix("mailto:").strip(_AROUND_ADDRESS)


def _named(row: PersonRow, name: str, values: Mapping[str, str] | None = None) -> PersonRow:
    """Returns the row with names from their own columns, else from a full name."""
    values = values or {}
    first, last = values.get("first_name", ""), values.get("last_name", "")
    if not (first or last):
        if row.first_name or row.last_name or not name.strip():
            return row
        first, last = _parts_of_name(name)
    first, last = (folding.tidy(part, one_line=True) for part in (first, last))
    return replace(row, first_name=first, last_name=last)


def _parts_of_name(name: str) -> tuple[str, str]:
    """Returns the first and last name of `Dana Reyes` or `Reyes, Dana`."""
    last, comma, first = name.partition(",")
    if not comma:
        first, _space, last = name.strip().rpartition(" ")
        return (first, last) if first else (last, "")
    return first, last


def _headless(number: int, line: str) -> Iterator[PersonRow]:
    """Yields the people of a line below no header: one with their values, or several addresses."""
    if line.count("@") == 1 and not _ANGLES.match(line):
        delimiter = next((m[1] for m in _QUOTED_OR_DELIMITER.finditer(line) if m[1]), ",")
        cells = csv_text.cells(line, delimiter)
        place = next((n for n, cell in enumerate(cells) if "@" in cell), 0)
        if len(cells) > 1 and place in _ORDERS:
            yield _row(number, line, _ORDERS[place], cells)
            return
    for piece in filter(_is_content, _pieces(line)):
        match = _ANGLES.match(piece)
        if match:
            yield _named(PersonRow(number, piece, _address(match["address"])), match["name"])
        elif "@" in piece:
            yield from (
                PersonRow(number, word, _address(word))
                for word in filter(_is_content, piece.split())
            )
        else:
            yield PersonRow(number, piece, piece)


def _pieces(line: str) -> Iterator[str]:
    """Yields the parts of a line of addresses. Between semicolons, commas belong to names, as in
    `Reyes, Dana <dana@example.org>; …`."""
    delimiters = {match[1] for match in _QUOTED_OR_DELIMITER.finditer(line) if match[1]}
    if "<" in line and ";" in delimiters:
        delimiters = {";"}
    elif _ANGLES.match(line):  # one person, with a comma in the name
        delimiters = set()
    start = 0
    for match in _QUOTED_OR_DELIMITER.finditer(line):
        if match[1] in delimiters:
            yield line[start : match.start()].strip()
            start = match.end()
    yield line[start:].strip()
