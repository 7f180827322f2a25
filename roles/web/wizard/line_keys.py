"""Keys of lines: a line with the same key looks the same. The answer to a button leaves out the
lines that the page has already, which are most of the work.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language

from roles.models import Line, Section
from roles.web.shared.post_data import Post, single

FIELD = "known"  # the keys of what is on the page: the answer leaves it out
# What the page shows of them is among the values of the line, or makes the line one without a key.
_SHOWN_ELSEWHERE = ("line", "view", "more", "new_sub", "newer", "feedback", "origins", "subs")


def known(post: Post) -> frozenset[str] | None:
    """Returns the keys of what the page shows, or None if it wants a whole page."""
    return frozenset(single(post, FIELD).split()) if FIELD in post else None


def key(entry: Mapping[str, Any], section: Section) -> str:
    """Returns the key of a line with its sub-lines (`line_editor`). A line with feedback, opened
    fields, or values that aren't stored has none: it's always shown again."""
    view = entry["view"]
    is_changing = entry["more"] or entry["feedback"] or entry["origins"]
    subs = [sub["key"] for sub in entry["subs"]]
    if is_changing or view.errors or view.typed is not None or not all(subs):
        return ""
    newer = entry["newer"]
    state = (
        get_language(),
        (section.uid, section.kind, section.locked),
        _values(entry["line"]),
        view.values,
        {name: value for name, value in entry.items() if name not in _SHOWN_ELSEWHERE},
        newer and newer.pk,
        subs,
    )
    return hashlib.blake2b(repr(state).encode(), digest_size=8).hexdigest()


def section_key(section: Section) -> str:
    """Returns the key of a section, of which a page keeps the search of the library."""
    return f"{section.uid}.locked" if section.locked else section.uid


def _values(line: Line) -> dict[str, Any]:
    """The stored values, with the token of the last change: a page that has an older one would
    conflict with its own change. The position is that of the element."""
    hidden = ("position",)
    stored = {n: v for n, v in vars(line).items() if not n.startswith("_") and n not in hidden}
    return dict(sorted(stored.items()))
