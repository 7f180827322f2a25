"""Importers: files and pasted text as plain values, without the database.

`IMPORTERS` is the table of file formats for a whole document. Each is a module of this package
with `read(data) -> ImportedDocument`, imported when it is first used. `pasted_list` reads a list
that was pasted as text.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePath

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from roles import bounded_work
from roles.document import Document

BYTES_LIMIT = 10_000_000  # of a file; checked before it is read
READ_SECONDS = 10  # for a file; the largest one exported here takes one


class Unreadable(ValueError):  # noqa: N818  # named for the problem with the file
    """The file cannot be imported; `message` is shown to the person who uploaded it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class ImportedDocument:
    """A document from a file. `sha256` is the version's hash according to the file: empty for a
    draft, and different from the document's own if the file has only a part of the version."""

    document: Document
    reference: str = ""
    number: int | None = None
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Importer:
    """One file format: its label, file extension, content type and module."""

    label: str | Promise
    extension: str
    content_type: str
    module: str

    def read(self, data: bytes) -> ImportedDocument:
        """Returns the document in the file, read in a child process with limits. Raises
        Unreadable and bounded_work.Busy."""
        try:
            return bounded_work.run_within(READ_SECONDS, _read, self.module, data)
        except bounded_work.LimitExceeded:
            message = gettext("This file takes too long to read. Use a file from JD Builder.")
            raise Unreadable(message) from None


def _read(module: str, data: bytes) -> ImportedDocument:
    imported: ImportedDocument = import_module(f"roles.importers.{module}").read(data)
    return imported


IMPORTERS: dict[str, Importer] = {
    "json": Importer(_("Data (JSON)"), "json", "application/json", "json_file"),
    "pdf": Importer(_("PDF"), "pdf", "application/pdf", "pdf_file"),
}


def read(name: str, data: bytes) -> ImportedDocument:
    """Returns the document in a file with this name. Raises Unreadable if there is none."""
    check_size(len(data))
    extension = PurePath(name).suffix.lower().lstrip(".")
    importer = next((i for i in IMPORTERS.values() if i.extension == extension), None)
    if importer is None:
        extensions = ", ".join(f".{known.extension}" for known in IMPORTERS.values())
        raise Unreadable(gettext("Choose one of these file types: %s.") % extensions)
    return importer.read(data)


def check_size(length: int) -> None:
    """Raise Unreadable if a file of `length` bytes is empty or too large."""
    if length == 0:
        raise Unreadable(gettext("This file is empty. Choose another one."))
    if length > BYTES_LIMIT:
        limit = BYTES_LIMIT // 1_000_000
        raise Unreadable(gettext("This file is larger than %d MB. Choose a smaller one.") % limit)
