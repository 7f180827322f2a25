"""Actions on snippets: add, revise, retag, set the status; and their usage.

Each action is one transaction, records its event, and raises ValidationError by field if a value
isn't valid. `roles.library.starter` loads the starter library.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Min, QuerySet
from django.utils.translation import gettext as _

from roles import folding, limits, search_words
from roles.models import (
    Event,
    JobDescription,
    JobFamily,
    JobLevel,
    Snippet,
    SnippetRevision,
    Template,
    User,
    Version,
    search_word,
)
from roles.models.snippet import categories, tag_terms

# status -> allowed next statuses
TRANSITIONS: dict[str, tuple[str, ...]] = {
    "reference": ("proposed", "active", "retired"),
    "proposed": ("active", "retired"),
    "active": ("retired",),
    "retired": ("active",),
}


class StaleSnippet(Exception):  # noqa: N818  # not a program error
    """Someone revised the snippet after the page was shown; `latest` is their revision."""

    def __init__(self, latest: SnippetRevision) -> None:
        super().__init__(f"revision {latest.number} is newer")
        self.latest = latest


@dataclass(frozen=True)
class Usage:
    """The uses of a snippet, as querysets: drafts (each with `oldest`, the number of its
    oldest revision of the snippet), versions with the text deferred, and templates."""

    drafts: QuerySet[JobDescription]
    versions: QuerySet[Version]
    templates: QuerySet[Template]


def add(
    *,
    kind: str,
    text: str,
    detail: str = "",
    category: str = "",
    families: Iterable[JobFamily] = (),
    levels: Iterable[JobLevel] = (),
    by: User,
    status: str = "active",
    note: str = "",
    **particulars: Any,
) -> Snippet:
    """Creates a snippet with its first revision. `particulars` are those of set_particulars, and
    `code`. Returns the snippet."""
    snippet = Snippet(
        kind=kind, category=category, status=status, edited=True, **{"owner": by, **particulars}
    )
    families, levels = list(families), list(levels)
    set_wording(snippet, text, detail)
    set_tags(snippet, families, levels)
    check(snippet)
    with transaction.atomic():
        snippet.save()
        snippet.families.set(families)
        snippet.levels.set(levels)
        _append(snippet, number=1, author=by, note=note)
        Event.objects.record(by=by, verb="snippet.added", about=snippet, kind=kind, revision=1)
    return snippet


def revise(
    *, snippet: Snippet, text: str, detail: str = "", note: str = "", by: User, based_on: int
) -> SnippetRevision | None:
    """Saves a new revision of the snippet. `based_on` is the number of the revision that the page
    showed. Returns the revision with the updated row as its `snippet`, or None if the wording is
    the same and nothing was saved. Raises StaleSnippet if someone else revised the snippet
    since."""
    with transaction.atomic():
        locked = _locked(snippet)
        latest = locked.latest()
        set_wording(locked, text, detail)
        if (locked.text, locked.detail) == (latest.text, latest.detail):
            return None
        if latest.number != based_on:
            raise StaleSnippet(latest)
        check(locked)
        locked.edited = True
        locked.save()
        revision = _append(locked, number=latest.number + 1, author=by, note=note)
        Event.objects.record(
            by=by, verb="snippet.revised", about=locked, revision=revision.number, note=note
        )
    return revision


def retag(
    *,
    snippet: Snippet,
    category: str,
    families: Iterable[JobFamily],
    levels: Iterable[JobLevel],
    by: User,
) -> None:
    """Sets the category, families, and levels of the snippet; none means all of them."""
    with transaction.atomic():
        locked = _locked(snippet)
        before = _tags(locked)
        locked.category = category
        check(locked)
        locked.families.set(families)
        locked.levels.set(levels)
        after = _tags(locked)
        if after == before:
            return
        set_tags(locked, locked.families.all(), locked.levels.all())
        locked.edited = True
        locked.save()
        Event.objects.record(by=by, verb="snippet.tagged", about=locked, before=before, after=after)


def set_status(*, snippet: Snippet, status: str, by: User) -> None:
    """Sets the status, as TRANSITIONS allows; setting the same status does nothing. Job
    descriptions with a retired snippet keep it."""
    with transaction.atomic():
        locked = _locked(snippet)
        before = locked.status
        if status == before:
            return
        if status not in TRANSITIONS[before]:
            raise ValidationError({"status": _("You can’t change this snippet to that status.")})
        locked.status, locked.edited = status, True
        locked.save()
        Event.objects.record(
            by=by, verb="snippet.status", about=locked, before=before, after=status
        )


def set_particulars(
    *,
    snippet: Snippet,
    owner: User | None,
    review_by: date | None,
    language: str,
    source: str,
    license: str,
    by: User,
) -> None:
    """Sets the owner, review date, language, source, and license."""
    wanted = {
        "owner": owner,
        "review_by": review_by,
        "language": language,
        "source": source,
        "license": license,
    }
    with transaction.atomic():
        locked = _locked(snippet)
        changed = [name for name, value in wanted.items() if getattr(locked, name) != value]
        if not changed:
            return
        for name in changed:
            setattr(locked, name, wanted[name])
        check(locked)
        locked.edited = True
        locked.save()
        Event.objects.record(by=by, verb="snippet.changed", about=locked, fields=changed)


def usage(*, snippet: Snippet) -> Usage:
    """Returns where any revision of the snippet is used."""
    drafts = JobDescription.objects.filter(lines__revision__snippet=snippet)
    versions = Version.objects.filter(revisions__snippet=snippet).distinct()
    return Usage(
        drafts=drafts.annotate(oldest=Min("lines__revision__number")).order_by("reference"),
        versions=versions.defer("text", "brand")
        .select_related("description")
        .order_by("description__reference", "-number"),
        templates=Template.objects.filter(sections__lines__snippet=snippet).distinct(),
    )


def set_wording(snippet: Snippet, text: str, detail: str) -> None:
    """Sets the tidied text, detail, and search text, without checking or saving them."""
    snippet.text = folding.tidy(text, one_line=snippet.kind != "boilerplate")
    snippet.detail = folding.tidy(detail, one_line=False)
    words = search_words.search_text(snippet.plain_text, snippet.detail)
    snippet.search_text = search_words.with_neighbors(words)


def set_tags(snippet: Snippet, families: Iterable[JobFamily], levels: Iterable[JobLevel]) -> None:
    """Sets what the search index has of the families and levels, without saving it."""
    snippet.tags = tag_terms([tag.pk for tag in families], [tag.pk for tag in levels])


def check(snippet: Snippet) -> None:
    """Raises ValidationError if the row isn't valid."""
    errors: dict[str, Any] = {}
    try:
        snippet.full_clean()
    except ValidationError as error:
        errors = error.update_error_dict(errors)
    if errors := errors | wording_errors(snippet):
        raise ValidationError(errors)


def wording_errors(snippet: Snippet) -> dict[str, list[str]]:
    """Returns errors by field: the limit and the categories of the snippet's kind."""
    errors: dict[str, list[str]] = {}
    limit = limits.LINE_LIMIT
    if not snippet.text:  # full_clean skips fields that aren't editable
        errors["text"] = [_("Enter the wording.")]
    if snippet.kind != "boilerplate" and len(snippet.text) > limit:
        errors["text"] = [
            _("Use at most %(limit)d characters. You entered %(count)d.")
            % {"limit": limit, "count": len(snippet.text)}
        ]
    if snippet.category and snippet.category not in categories(snippet.kind):
        errors["category"] = [_("Choose a category that matches the type.")]
    return errors


def _append(snippet: Snippet, *, number: int, author: User | None, note: str) -> SnippetRevision:
    revision = SnippetRevision(
        snippet=snippet,
        number=number,
        text=snippet.text,
        detail=snippet.detail,
        author=author,
        note=folding.tidy(note, one_line=True),
    )
    revision.full_clean()
    revision.save()
    search_word.remember([snippet.search_text])
    return revision


def _locked(snippet: Snippet) -> Snippet:
    """Returns the current row, locked until the transaction ends, so revision numbers are
    sequential."""
    return Snippet.objects.select_for_update().get(pk=snippet.pk)


def _tags(snippet: Snippet) -> dict[str, Any]:
    return {
        "category": snippet.category,
        "families": sorted(snippet.families.values_list("code", flat=True)),
        "levels": sorted(snippet.levels.values_list("code", flat=True)),
    }
