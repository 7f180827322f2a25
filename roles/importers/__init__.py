"""What people bring from elsewhere, as plain values; no database and no models.

`pasted` reads a list that was pasted as text. `IMPORTERS` is the table of the files that hold a
whole document; each is a module of this room with `read(data) -> Brought`, imported when it is
first used.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePath

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from roles.document import Document

BYTES_LIMIT = 10_000_000  # of a file; looked at before anything of it is read


class Unreadable(ValueError):  # noqa: N818  # it says what is wrong with the file
    """The file is not one that we can read; the message is for the person who brought it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class ImportedDocument:
    """A document from a file. `sha256` is the hash that the file names for its version: empty
    for a draft, and another than the document's own where the file holds a part of it."""

    document: Document
    reference: str = ""
    number: int | None = None
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Importer:
    """One kind of file: what it is called, what its name ends in, and its module."""

    label: str | Promise
    extension: str
    content_type: str
    module: str

    def read(self, data: bytes) -> ImportedDocument:
        """The document in the file; raises Unreadable."""
        found: ImportedDocument = import_module(f"roles.importers.{self.module}").read(data)
        return found


IMPORTERS: dict[str, Importer] = {
    "json": Importer(_("Data (JSON)"), "json", "application/json", "json_file"),
    "pdf": Importer(_("PDF"), "pdf", "application/pdf", "pdf_file"),
}


def read(name: str, data: bytes) -> ImportedDocument:
    """The document in a file of that name; raises Unreadable for every file that holds none."""
    check_size(len(data))
    extension = PurePath(name).suffix.lower().lstrip(".")
    importer = next((one for one in IMPORTERS.values() if one.extension == extension), None)
    if importer is None:
        known = ", ".join(f".{one.extension}" for one in IMPORTERS.values())
        raise Unreadable(gettext("Choose a file of one of these kinds: %s.") % known)
    return importer.read(data)


def check_size(length: int) -> None:
    """Raise Unreadable for a file of so many bytes, if they are too many or none."""
    if length == 0:
        raise Unreadable(gettext("This file is empty."))
    if length > BYTES_LIMIT:
        limit = BYTES_LIMIT // 1_000_000
        raise Unreadable(gettext("This file is larger than %d MB.") % limit)
