"""Lines of drafts whose snippet was revised since they were added, or last updated."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from roles.models import JobDescription, Line, SnippetRevision


def of_lines(lines: Iterable[Line]) -> dict[str, SnippetRevision]:
    """Returns the newest revision for each line (by uid) that has an older one, in one query. The
    lines have their revisions loaded. Wording that a line has already is not newer, and a retired
    snippet offers none."""
    linked = [(line, line.revision) for line in lines if line.revision is not None]
    if not linked:
        return {}
    rows = _newest().filter(snippet__in={revision.snippet_id for _line, revision in linked})
    by_snippet = {revision.snippet_id: revision for revision in rows}
    pairs = [(line, by_snippet.get(revision.snippet_id)) for line, revision in linked]
    return {line.uid: newest for line, newest in pairs if newest and _is_newer(line, newest)}


def count_in_draft(description: JobDescription) -> int:
    """Returns the number of lines of the draft with newer wording, in one query."""
    newest = _newest().filter(
        snippet=OuterRef("revision__snippet"), number__gt=OuterRef("revision__number")
    )
    lines = description.lines.filter(Exists(newest))
    wording = {name: Subquery(newest.values(name)[:1]) for name in ("text", "detail")}
    return lines.exclude(**wording).count()


def _newest() -> QuerySet[SnippetRevision]:
    """Returns the newest revision of each snippet that isn't retired."""
    later = SnippetRevision.objects.filter(
        snippet=OuterRef("snippet"), number__gt=OuterRef("number")
    )
    return SnippetRevision.objects.exclude(Exists(later)).exclude(snippet__status="retired")


def _is_newer(line: Line, newest: SnippetRevision) -> bool:
    old = line.revision
    if old is None or old.number >= newest.number:
        return False
    return (line.text, line.detail) != (newest.text, newest.detail)
