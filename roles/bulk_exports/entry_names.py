"""Names of the files in a ZIP: readable, in folders by family, unique on every file system."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from django.utils.translation import gettext as _

from roles.editions import Edition
from roles.exporters import FORMATS, file_names
from roles.models import BulkExport, BulkFile

# Device names in Windows, with any extension.
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.I)
_LENGTH = 100  # characters of a title or a folder; Windows counts 260 for the whole path


def assign(export: BulkExport, files: Sequence[BulkFile]) -> None:
    """Set `name` of each of these files (unsaved); the same files get the same names."""
    in_folders = len({_key(file.family) for file in files}) > 1
    folders: dict[str, str] = {}
    taken: set[str] = set()
    for file in files:
        name = _file_name(export, file)
        if in_folders:
            folder = folders.setdefault(_key(file.family), _folder(file.family))
            name = f"{folder}/{name}"
        file.name = _unused(name, file.format, taken)
        taken.add(_key(file.name))


def _file_name(export: BulkExport, file: BulkFile) -> str:
    edition = Edition(reference=file.reference, number=file.number)
    chosen = file.audience if export.audience != "restricted" else ""
    extension = FORMATS[file.format].extension
    return file_names.file_name(
        file_names.shortened(_plain(file.title), _LENGTH), edition, extension, chosen
    )


def _folder(family: str) -> str:
    name = file_names.shortened(file_names.tidy(_plain(family)), _LENGTH).strip(". ")
    if not name:
        return _("No family")
    return f"{name}_" if _RESERVED.fullmatch(name) else name


def _unused(name: str, format: str, taken: set[str]) -> str:
    """Returns the name, with the format if two formats share an extension."""
    stem, dot, extension = name.rpartition(".")
    number = 1
    while _key(name) in taken:
        name = f"{stem} {format}{number if number > 1 else ''}{dot}{extension}"
        number += 1
    return name


def _plain(text: str) -> str:
    """Returns the text composed (NFC), without control and direction characters."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(" " if unicodedata.category(c) in ("Cc", "Cf") else c for c in composed)


def _key(name: str) -> str:
    """Returns a key that is equal for names that some file systems don't distinguish."""
    return unicodedata.normalize("NFKC", name).casefold()
