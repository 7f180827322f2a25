"""Text of CSV files as spreadsheets save them: their encodings, and one line as cells."""

from __future__ import annotations

import codecs
import csv

DELIMITERS = "\t;,"  # that spreadsheets write, depending on the country
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_OTHER_FORMATS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")  # XLSX and ODS, XLS, PDF


def is_other_format(content: bytes) -> bool:
    """Whether a file is a spreadsheet or a PDF rather than text."""
    return content.startswith(_OTHER_FORMATS)


def decode(content: bytes) -> str:
    """Returns the text of a file in UTF-8 or UTF-16, else in Windows-1252. Never raises: what has
    no character in the encoding is replaced."""
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    if b"\0" in content[:2]:
        return content.decode("utf-16-be" if content[:1] == b"\0" else "utf-16-le", "replace")
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def cells(line: str, delimiter: str) -> list[str]:
    """Returns the trimmed cells of one line. Never raises: a line that the csv module can't read is
    one cell, and a quotation mark without its pair is a character like others."""
    is_quoted = line.count('"') % 2 == 0
    try:
        rows = list(
            csv.reader(
                [line],
                delimiter=delimiter,
                quoting=csv.QUOTE_MINIMAL if is_quoted else csv.QUOTE_NONE,
                skipinitialspace=True,
            )
        )
    except csv.Error:
        return [line.strip()]
    return [cell.strip() for cell in rows[0]] if rows else []
