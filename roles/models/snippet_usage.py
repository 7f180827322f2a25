"""Where snippets are used now, stored with each snippet: lines of drafts, the job descriptions of
these lines, and templates. Kept by the actions that change it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db.models import Count, F

from roles.models.snippet import Snippet
from roles.models.template import TemplateLine


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
    lines = TemplateLine.objects.order_by().filter(snippet__in=snippets)
    counts = lines.values_list("snippet").annotate(Count("section__template", distinct=True))
    counted = dict(counts)
    for key in sorted(snippets):
        Snippet.objects.filter(pk=key).update(used_templates=counted.get(key, 0))


def snippets_of_template(template: int) -> set[int]:
    """Returns the ids of the snippets in a template."""
    lines = TemplateLine.objects.filter(section__template=template, snippet__isnull=False)
    return {key for key in lines.values_list("snippet", flat=True) if key is not None}
