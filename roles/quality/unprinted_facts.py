"""The check for facts that are filled in and printed nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from roles import vocabulary
from roles.document import Document, Fact
from roles.quality.issue import Issue, IssueAction


def unprinted_facts(document: Document) -> Iterator[Issue]:
    """Yields one issue for all facts that no section shows."""
    shown = {name for section in document.sections for name in section.facts}
    missing = [f for f in document.facts if f.name not in shown and not _is_in_subtitle(f)]
    if missing:
        labels = ", ".join(_label(fact) for fact in missing)
        yield Issue(
            "unprinted_facts",
            None,
            _("These job details are filled in, but won’t appear in the document: %s.") % labels,
            _("Show them, or clear them."),
            IssueAction("show_facts", tuple(fact.name for fact in missing)),
        )


def _is_in_subtitle(fact: Fact) -> bool:
    is_whole = len(fact.places) <= vocabulary.PLACES_IN_SUBTITLE
    return fact.name in vocabulary.FACTS_IN_SUBTITLE and is_whole


def _label(fact: Fact) -> str:
    kind = vocabulary.FACTS.get(fact.name)
    return fact.label or (_(kind.label) if kind else fact.name)
