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
_BYTES = 200  # of a title or a folder
_NAME_BYTES = 240  # of a whole name; file systems count 255, and ZIP files add the format
_JOINER = "\N{ZERO WIDTH JOINER}"


def file_name(title: str, edition: Edition, extension: str, audience: str = "") -> str:
    """Returns a name such as `ACC-0001 Account Manager (version 3, public).pdf`, with the audience
    if one was chosen. `title` is the title of the filled document."""
    return _named(edition, title, [_state(edition), *_chosen(audience)], extension)


def redline_name(title: str, old: Edition, new: Edition, extension: str, audience: str = "") -> str:
    """Returns `ACC-0001 Account Manager (changes from version 1 to draft, public).pdf`."""
    states = {"old": _state(old), "new": _state(new)}
    parts = [_("changes from %(old)s to %(new)s") % states, *_chosen(audience)]
    return _named(new, title, parts, extension)


def _named(edition: Edition, title: str, parts: list[str], extension: str) -> str:
    """Returns reference, title, and the parts in brackets, with the title cut to fit."""
    rest = f" ({', '.join(parts)}).{extension}"
    left = _NAME_BYTES - len(f"{edition.reference} {rest}".encode())
    title = shortened(tidy(title), _LENGTH, left)
    return " ".join(part for part in (edition.reference, title) if part) + rest


def _state(edition: Edition) -> str:
    return _("draft") if edition.number is None else _("version %d") % edition.number


def _chosen(audience: str) -> list[str]:
    return [_(vocabulary.AUDIENCES[audience]).lower()] if audience else []


def tidy(title: str) -> str:
    """Returns the title for a file name: shortened, and without characters that file systems don't
    allow."""
    return shortened(" ".join(_UNFIT.sub(" ", title).split()), _LENGTH)


def shortened(text: str, length: int, most_bytes: int = _BYTES) -> str:
    """Returns the text cut to this many characters and UTF-8 bytes, between characters as people
    see them: not before an accent or in a joined emoji."""
    end = len(text[:length].encode()[: min(most_bytes, _BYTES)].decode(errors="ignore"))
    while 0 < end < len(text) and _is_joined(text[end - 1], text[end]):
        end -= 1
    return text[:end].strip()


def _is_joined(before: str, after: str) -> bool:
    """Returns whether two code points are parts of the same character."""
    is_modifier = "\N{EMOJI MODIFIER FITZPATRICK TYPE-1-2}" <= after <= "\U0001f3ff"
    return unicodedata.category(after)[0] == "M" or is_modifier or _JOINER in (before, after)


def attachment(name: str) -> str:
    """Returns the header Content-Disposition with the name in ASCII (for old clients) and UTF-8."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = " ".join(re.sub(r'["\\%]', " ", plain).split()).replace(" ,", ",")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
