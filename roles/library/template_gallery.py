"""The templates on offer: those that are searched for, those that fit before others."""

from __future__ import annotations

from collections.abc import Iterable

from roles import folding
from roles.models import Template


def matching(templates: Iterable[Template], words: str) -> list[Template]:
    """Those that hold every word of the query in what a card shows of them: title, proposed
    title, description, family, level, headings. There are few of them, all at hand."""
    asked = folding.stems(words)
    return [
        template
        for template in templates
        if not asked or all(f" {stem}" in text for text in [_shown(template)] for stem in asked)
    ]


def fitting_first(
    templates: Iterable[Template],
    *,
    title: str = "",
    family: int | None = None,
    level: int | None = None,
) -> list[Template]:
    """In order: those of the family (an id), then of the level, then with most words of the title;
    one without a family or level fits any. The organization's own come before those that it
    found in the starter library."""
    words = set(folding.stems(title))

    def distance(template: Template) -> tuple[int, int, int, bool]:
        return (
            _apart(family, template.family_id),
            _apart(level, template.level_id),
            -len(words.intersection(folding.stems(template.proposed_title))),
            bool(template.upstream),
        )

    return sorted(templates, key=distance)


def _shown(template: Template) -> str:
    return folding.search_text(
        *(template.title, template.role, template.description),
        *(str(tag) for tag in (template.family, template.level) if tag),
        *(section.heading for section in template.sections.all()),
    )


def _apart(wanted: int | None, tag: int | None) -> int:
    """0 for what is wanted (or nothing is), 1 for what fits anything, 2 for the rest."""
    if wanted is None or wanted == tag:
        return 0
    return 1 if tag is None else 2
