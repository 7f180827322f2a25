"""The snippets that a new section starts with: the organization's statements, or for a section
added by the button of an issue, the snippet that fits best."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from roles import assembly, languages, placeholders, vocabulary
from roles.assembly import DraftRows
from roles.drafts import changes
from roles.drafts.changes import Change
from roles.models import Snippet
from roles.models.section_content import new_uid
from roles.models.snippet import SnippetQuerySet

_ADDRESSES = {"website", "email address"}  # placeholders of a text that says where to apply


def fitting(rows: DraftRows, kind: str, category: str) -> int | None:
    """Returns the id of the boilerplate of this category that fits the job best, or None: in the
    language of its text, for its family and level. None too if a section about applying needs no
    text, because there is an address to apply."""
    description = rows.description
    if not category or (kind == "apply" and (description.apply_to or rows.organization.apply_to)):
        return None
    found = Snippet.objects.of_kind("boilerplate").filter(category=category)
    has_deadline = description.apply_by is not None

    def rank(snippet: Snippet) -> tuple[bool, bool, bool, int]:
        asked = {found.key for found in placeholders.find_placeholders(snippet.text)}
        has_no_address = kind == "apply" and _ADDRESSES.isdisjoint(asked)
        other_deadline = ("deadline" in asked) != has_deadline
        return (not snippet.is_statement, has_no_address, other_deadline, snippet.pk)

    best = min(_for_job(rows, found), key=rank, default=None)
    return best.pk if best is not None else None


def with_statements(rows: DraftRows, wanted: Iterable[Change]) -> list[Change]:
    """Returns the changes with the organization's statements in the sections that they add. A
    section with a uid is restored, or has other changes that fill it."""
    complete: list[Change] = []
    for change in wanted:
        complete.append(change)
        if isinstance(change, changes.AddSection) and not change.uid:
            snippets = statements(rows, change.kind)
            if snippets:
                complete[-1] = named = replace(change, uid=new_uid())
                complete.append(changes.AddSnippets(named.uid, snippets))
    return complete


def statements(rows: DraftRows, kind: str) -> tuple[int, ...]:
    """Returns the ids of the organization's statements for sections of this kind, in order."""
    order = vocabulary.STATEMENTS.get(kind, ())
    if not order:
        return ()
    found = _for_job(rows, Snippet.objects.statements().filter(category__in=order))
    ordered = sorted(found, key=lambda snippet: (order.index(snippet.category), snippet.pk))
    return tuple(snippet.pk for snippet in ordered)


def _for_job(rows: DraftRows, snippets: SnippetQuerySet) -> list[Snippet]:
    """Returns the offered snippets for the job's family and level, in the language of its text."""
    job = rows.description
    found = snippets.offered().for_role(family_id=job.job_family_id, level_id=job.job_level_id)
    language = languages.base(assembly.assemble(job, rows).language)
    return [snippet for snippet in found if languages.base(snippet.language) == language]
