"""Where snippets are used now, stored with each snippet: lines of drafts, the job descriptions of
these lines, and templates. Kept by the actions that change it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Count, F

from roles.models.draft_row import Line
from roles.models.snippet import Snippet
from roles.models.template import TemplateLine

NAMES = ("used_lines", "used_descriptions", "used_templates")


def change(before: Mapping[str, int], after: Mapping[str, int]) -> None:
    """Stores that a draft which had `before` has `after`: lines by id of the snippet, as text."""
    changed = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    for key in sorted(changed, key=int):  # in one order: no deadlocks
        lines = after.get(key, 0) - before.get(key, 0)
        drafts = (key in after) - (key in before)
        Snippet.objects.filter(pk=key).update(
            used_lines=F("used_lines") + lines, used_descriptions=F("used_descriptions") + drafts
        )


def count_templates(snippets: Collection[int]) -> None:
    """Stores the number of templates of these snippets again."""
    counted = dict(_in_templates().filter(snippet__in=snippets))
    for key in sorted(snippets):
        Snippet.objects.filter(pk=key).update(used_templates=counted.get(key, 0))


def snippets_of_template(template: int) -> set[int]:
    """Returns the ids of the snippets in a template."""
    lines = TemplateLine.objects.filter(section__template=template, snippet__isnull=False)
    return {key for key in lines.values_list("snippet", flat=True) if key is not None}


def recount() -> int:
    """Counts all again and stores what is different. Returns the number of snippets with other
    numbers than were stored: 0 unless something is wrong."""
    of_snippet = "revision__snippet"
    lines = Line.objects.order_by().filter(revision__isnull=False).values_list(of_snippet)
    counted = {
        key: (count, descriptions)
        for key, count, descriptions in lines.annotate(
            Count("pk"), Count("description", distinct=True)
        )
    }
    templates = dict(_in_templates())
    wrong = []
    for row in Snippet.objects.only(*NAMES).iterator(chunk_size=2000):
        right = (*counted.get(row.pk, (0, 0)), templates.get(row.pk, 0))
        if right != tuple(getattr(row, name) for name in NAMES):
            for name, value in zip(NAMES, right, strict=True):
                setattr(row, name, value)
            wrong.append(row)
    Snippet.objects.bulk_update(wrong, NAMES, batch_size=500)
    return len(wrong)


def _in_templates() -> Any:  # a queryset of tuples
    lines = TemplateLine.objects.order_by().filter(snippet__isnull=False)
    return lines.values_list("snippet").annotate(Count("section__template", distinct=True))
