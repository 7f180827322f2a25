"""The entries of a list that someone pasted into a section."""

from __future__ import annotations

from django.utils.translation import gettext as _

from roles import limits, vocabulary
from roles.importers import pasted_list


def read(text: str, section_kind: str) -> tuple[pasted_list.PastedEntry, ...]:
    """The entries of a text for a section of this kind, or for sub-lines (""). Raises TooLong."""
    kind = vocabulary.SECTION_KINDS.get(section_kind)
    return pasted_list.entries(
        text,
        has_percent=kind is not None and "percent" in kind.asks,
        has_requirement=kind is not None and "requirement" in kind.asks,
        columns=limits.TABLE_COLUMNS_LIMIT if section_kind == "table" else 2,
    )


def too_long(error: pasted_list.TooLong) -> str:
    """Returns the message for a text that is too long."""
    template = (
        _("This list has %(length)s characters. Paste up to %(limit)s at a time.")
        if error.limit == limits.PASTE_LIMIT
        else _("This list has %(length)s lines. Paste up to %(limit)s at a time.")
    )
    return template % {"length": f"{error.length:,}", "limit": f"{error.limit:,}"}
