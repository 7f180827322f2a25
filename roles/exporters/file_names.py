"""What an exported file is called."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

from django.utils.translation import gettext as _

from roles import vocabulary
from roles.editions import Edition

# No file system of today takes the first; the others would turn a name's letters round.
_UNFIT = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]+')
_LENGTH = 120


def file_name(title: str, edition: Edition, extension: str, audience: str = "") -> str:
    """Such as `ACC-0001 Account manager (version 3, public).pdf`; the audience is named where
    someone chose it. `title` is that of the filled document, tidy or not."""
    stem = " ".join(part for part in (edition.reference, tidy(title)) if part)
    return f"{stem} ({', '.join([_state(edition), *_chosen(audience)])}).{extension}"


def redline_name(title: str, old: Edition, new: Edition, extension: str, audience: str = "") -> str:
    """Such as `ACC-0001 Account manager (changes from version 1 to draft, public).pdf`."""
    states = {"old": _state(old), "new": _state(new)}
    parts = [_("changes from %(old)s to %(new)s") % states, *_chosen(audience)]
    stem = " ".join(part for part in (new.reference, tidy(title)) if part)
    return f"{stem} ({', '.join(parts)}).{extension}"


def _state(edition: Edition) -> str:
    return _("draft") if edition.number is None else _("version %d") % edition.number


def _chosen(audience: str) -> list[str]:
    return [_(vocabulary.AUDIENCES[audience]).lower()] if audience else []


def tidy(title: str) -> str:
    """The title as a part of a file's name: what no file system takes is left out, and it is
    120 characters long at most."""
    return " ".join(_UNFIT.sub(" ", title).split())[:_LENGTH].strip()


def attachment(name: str) -> str:
    """The header Content-Disposition: the name in ASCII for old programs, and in full."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = " ".join(re.sub(r'["\\%]', " ", plain).split()).replace(" ,", ",")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
