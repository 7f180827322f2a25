"""Display names of the sections that a review covers: those of the document, and two
pseudo-sections, facts and outline."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from roles.comparison import approval_hashes
from roles.comparison.approval_hashes import SectionHash


def facts_name() -> str:
    """The name of the facts as a section."""
    return _("All facts")


def outline_name() -> str:
    """The name of the outline as a section."""
    return _("Order of sections")


def names(sections: Iterable[SectionHash]) -> list[str]:
    """Returns the name of each section, in the given order."""
    pseudo = {approval_hashes.FACTS: facts_name(), approval_hashes.OUTLINE: outline_name()}
    return [pseudo.get(section.key) or section.heading for section in sections]
