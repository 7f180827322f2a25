"""Names of exported files."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

from django.utils.translation import gettext as _

from roles import vocabulary
from roles.editions import Edition

# Not allowed by file systems, or reversing the direction of a name.
_UNFIT = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]+')
_LENGTH = 120  # characters of a title


def file_name(title: str, edition: Edition, extension: str, audience: str = "") -> str:
    """Returns a name such as `ACC-0001 Account Manager (version 3, public).pdf`, with the audience
    if one was chosen. `title` is the title of the filled document."""
    stem = " ".join(part for part in (edition.reference, tidy(title)) if part)
    return f"{stem} ({', '.join([_state(edition), *_chosen(audience)])}).{extension}"


def redline_name(title: str, old: Edition, new: Edition, extension: str, audience: str = "") -> str:
    """Returns `ACC-0001 Account Manager (changes from version 1 to draft, public).pdf`."""
    states = {"old": _state(old), "new": _state(new)}
    parts = [_("changes from %(old)s to %(new)s") % states, *_chosen(audience)]
    stem = " ".join(part for part in (new.reference, tidy(title)) if part)
    return f"{stem} ({', '.join(parts)}).{extension}"


def _state(edition: Edition) -> str:
    return _("draft") if edition.number is None else _("version %d") % edition.number


def _chosen(audience: str) -> list[str]:
    return [_(vocabulary.AUDIENCES[audience]).lower()] if audience else []


def tidy(title: str) -> str:
    """Returns the title for a file name: shortened, and without characters that file systems don't
    allow."""
    return " ".join(_UNFIT.sub(" ", title).split())[:_LENGTH].strip()


def attachment(name: str) -> str:
    """Returns the header Content-Disposition with the name in ASCII (for old clients) and UTF-8."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = " ".join(re.sub(r'["\\%]', " ", plain).split()).replace(" ,", ",")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
