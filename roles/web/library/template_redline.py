"""Two states of a template compared line by line, with the settings that no document has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from roles import comparison
from roles.exporters import change_marks, change_messages, redline
from roles.library import template_samples
from roles.library.template_content import Sections, SectionValue
from roles.models import Template


@dataclass(frozen=True)
class TemplateRedline:
    """`summary` and `settings` are sentences, `sections` the context of the documents' templates
    with unchanged lines counted, without unchanged sections."""

    summary: list[str]
    settings: list[str]
    guidance: list[tuple[str, Any]]  # heading, and the text with its changes marked
    sections: list[dict[str, Any]]

    @property
    def is_empty(self) -> bool:
        return not (self.summary or self.settings or self.guidance)


def compare(template: Template, old: Sections, new: Sections) -> TemplateRedline:
    """Returns the changes from the old to the new sections. Linked lines have the wording that
    their snippet has today on both sides."""
    sides = [template_samples.document_of(template, side, has_retired=True) for side in (old, new)]
    found = comparison.compare(*sides)
    changed = replace(found, sections=tuple(one for one in found.sections if not one.is_plain))
    pairs = [*_pairs(old, new)]
    return TemplateRedline(
        summary=change_messages.sentences(found),
        settings=[sentence for pair in pairs for sentence in _settings(*pair)],
        guidance=[
            (after.heading, change_marks.marked(comparison.pieces(before.guidance, after.guidance)))
            for before, after in pairs
            if before.guidance != after.guidance
        ],
        sections=redline.sections(changed, only_changed=True),
    )


def _pairs(old: Sections, new: Sections) -> Iterator[tuple[SectionValue, SectionValue]]:
    """Yields the sections that both have."""
    earlier = {section.uid: section for section in old}
    for section in new:
        if section.uid in earlier:
            yield earlier[section.uid], section


def _settings(old: SectionValue, new: SectionValue) -> Iterator[str]:
    """Yields what changed for authors: whether the section is required or locked, its type, and
    links to the library."""
    words = {
        "required": (_("“%s” is required now."), _("“%s” isn’t required anymore.")),
        "locked": (_("“%s” is locked now."), _("“%s” isn’t locked anymore.")),
    }
    for name, (is_on, is_off) in words.items():
        if getattr(old, name) != getattr(new, name):
            yield (is_on if getattr(new, name) else is_off) % new.heading
    links = {line.uid: line.snippet for line in old.every_line()}
    changed = [
        line for line in new.every_line() if links.get(line.uid, line.snippet) != line.snippet
    ]
    if changed:
        yield _("Links to the library changed in “%s”.") % new.heading
