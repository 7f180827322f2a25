"""Searches and sorts the templates of the gallery."""

from __future__ import annotations

from collections.abc import Iterable

from roles import search_query, search_words
from roles.models import Template


def matching(templates: Iterable[Template], words: str) -> list[Template]:
    """Returns the templates with every word of the query in the text of their card: title, job
    title, description, family, level, and headings."""
    asked = search_query.parse(words)
    return [template for template in templates if asked.matches(_shown(template))]


def fitting_first(
    templates: Iterable[Template],
    *,
    title: str = "",
    family: int | None = None,
    level: int | None = None,
) -> list[Template]:
    """Returns the templates sorted by family (an id), level (an id), and words shared with the
    title; those without a family or level fit any. The organization's own come before starter
    templates."""
    words = set(search_words.stems(title))

    def distance(template: Template) -> tuple[int, int, int, bool]:
        return (
            _apart(family, template.family_id),
            _apart(level, template.level_id),
            -len(words.intersection(search_words.stems(template.proposed_title))),
            bool(template.upstream),
        )

    return sorted(templates, key=distance)


def _shown(template: Template) -> str:
    return search_words.search_text(
        *(template.title, template.role, template.description),
        *(str(tag) for tag in (template.family, template.level) if tag),
        *(section.heading for section in template.sections.all()),
    )


def _apart(wanted: int | None, tag: int | None) -> int:
    """Returns 0 for a match or if nothing is wanted, 1 for a template for any, 2 for the rest."""
    if wanted is None or wanted == tag:
        return 0
    return 1 if tag is None else 2
