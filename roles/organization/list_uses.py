"""Where the rows of the organization's lists are used. A row in use can't be deleted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.translation import ngettext_lazy

from roles.models import JobDescription, Section, Snippet, Template, User


@dataclass(frozen=True)
class ListUse:
    """One kind of use: its words with a number, and a function that counts it for rows of the list
    by id, in one query for all of them."""

    words: Any  # takes the number
    count: Callable[[Sequence[Any]], Mapping[int, int]]


def _by_relation(model: Any, path: str) -> Callable[[Sequence[Any]], Mapping[int, int]]:
    """Counts the rows of another model that point to rows of the list."""

    def count(rows: Sequence[Any]) -> Mapping[int, int]:
        found = model._default_manager.order_by().filter(**{f"{path}__in": rows})
        return dict(found.values_list(path).annotate(Count("pk", distinct=True)))

    return count


def _by_text(model: Any, column: str, own: str, **only: str) -> Callable[[Sequence[Any]], Any]:
    """Counts the rows of another model that have the text of the field `own` of rows."""

    def count(rows: Sequence[Any]) -> Mapping[int, int]:
        texts = {getattr(row, own): row.pk for row in rows}
        found = model._default_manager.order_by().filter(**{f"{column}__in": texts, **only})
        counted = found.values_list(column).annotate(Count("pk"))
        return {texts[text]: number for text, number in counted}

    return count


def _with_fact(rows: Sequence[Any]) -> Mapping[int, int]:
    """Counts the job descriptions in which a custom fact is filled in."""
    keys = {row.code: row.pk for row in rows}
    filled = JobDescription.objects.order_by().exclude(custom_facts={})
    counted: Counter[int] = Counter()
    for facts in filled.values_list("custom_facts", flat=True):
        counted.update(keys[code] for code, value in facts.items() if value and code in keys)
    return counted


DESCRIPTIONS = ngettext_lazy("%d job description", "%d job descriptions")
SNIPPETS = ngettext_lazy("%d snippet", "%d snippets")
TEMPLATES = ngettext_lazy("%d template", "%d templates")
ACCOUNTS = ngettext_lazy("%d account", "%d accounts")

OF_DEPARTMENTS = (
    ListUse(DESCRIPTIONS, _by_relation(JobDescription, "department")),
    # Without the department, the access of these accounts would no longer be limited.
    ListUse(ACCOUNTS, _by_relation(User, "departments")),
)
OF_LOCATIONS = (ListUse(DESCRIPTIONS, _by_relation(JobDescription, "locations")),)
OF_FAMILIES = (
    ListUse(DESCRIPTIONS, _by_relation(JobDescription, "job_family")),
    ListUse(SNIPPETS, _by_relation(Snippet, "families")),
    ListUse(TEMPLATES, _by_relation(Template, "family")),
)
OF_LEVELS = (
    ListUse(DESCRIPTIONS, _by_relation(JobDescription, "job_level")),
    ListUse(SNIPPETS, _by_relation(Snippet, "levels")),
    ListUse(TEMPLATES, _by_relation(Template, "level")),
)
OF_PAY_GRADES = (ListUse(DESCRIPTIONS, _by_text(JobDescription, "pay_grade", "name")),)
OF_CATEGORIES = (ListUse(SNIPPETS, _by_text(Snippet, "category", "code", kind="responsibility")),)
OF_CUSTOM_FACTS = (ListUse(DESCRIPTIONS, _with_fact),)
OF_FIGURES = (ListUse(DESCRIPTIONS, _by_relation(Section, "pay_references")),)


def count(uses: Sequence[ListUse], rows: Sequence[Any]) -> dict[int, list[str]]:
    """Returns the uses of rows in words, such as "3 job descriptions", by id. Rows that aren't used
    have no words."""
    words: dict[int, list[str]] = {row.pk: [] for row in rows}
    for use in uses:
        for key, number in use.count(rows).items():
            if number:
                words[key].append(str(use.words % number))
    return words
