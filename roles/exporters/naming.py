"""What an exported file is called."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

from django.utils.translation import gettext as _

from roles import vocabulary
from roles.document import Edition

_UNFIT = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')  # no file system of today takes these
_LENGTH = 120


def file_name(title: str, edition: Edition, extension: str, audience: str = "") -> str:
    """Such as `ACC-0001 Account manager (version 3, public).pdf`; the audience is named where
    somebody chose it. `title` is that of the filled document, tidy or not."""
    state = _("draft") if edition.number is None else _("version %d") % edition.number
    chosen = [_(vocabulary.AUDIENCES[audience]).lower()] if audience else []
    title = tidy(title)
    stem = " ".join(part for part in (edition.reference, title) if part)
    return f"{stem} ({', '.join([state, *chosen])}).{extension}"


def tidy(title: str) -> str:
    """The title as a part of a file's name: what no file system takes is left out, and it is
    120 characters long at most."""
    return " ".join(_UNFIT.sub(" ", title).split())[:_LENGTH].strip()


def attachment(name: str) -> str:
    """The header Content-Disposition: the name in ASCII for old programs, and in full."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = " ".join(re.sub(r'["\\%]', " ", plain).split()).replace(" ,", ",")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
