"""A new job description from an imported document."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _

from roles import assembly, vocabulary
from roles.document import Document, Fact, sha256
from roles.drafts import missing_records
from roles.drafts.load_document import load
from roles.drafts.new_draft import new_row
from roles.models import Event, JobDescription, JobFamily, User


@dataclass(frozen=True)
class ImportResult:
    """The new job description; the records created for it (`made`) and the content left out because
    the organization doesn't have it, in words; sentences about other differences."""

    description: JobDescription
    sha256: str  # of the draft
    made: list[str]
    left_out: list[str]
    different: list[str]


def create_from_document(
    *, document: Document, by: User, makes_missing: bool = False
) -> ImportResult:
    """Create a job description with a new reference, owned by `by`, whose draft has the content of
    the document, uids included. `makes_missing`: create the families, levels, departments,
    locations, facts and market figures that the organization does not have yet."""
    with transaction.atomic():
        made = missing_records.create(document) if makes_missing else []
        description = new_row(by=by, title=document.title, family=_family(document))
        lost = load(description, document, revisions={}, template_fields={})
        draft = assembly.assemble(description)
        draft_hash = sha256(draft.canonical_json())
        Event.objects.record(
            by=by,
            verb="description.imported",
            about=description,
            chain=description.reference,
            document=sha256(document.canonical_json()),
            sha256=draft_hash,
        )
    different = _differences(document, draft, lost.keys())
    return ImportResult(description, draft_hash, made, list(lost.values()), different)


def _family(document: Document) -> JobFamily | None:
    fact = document.fact("job_family")
    return JobFamily.objects.filter(name__in=fact.values).first() if fact else None


def _differences(imported: Document, draft: Document, lost: Collection[str]) -> list[str]:
    """Returns sentences about the differences of the draft, apart from what it lacks (keys of
    `load`'s result)."""
    of_facts = (
        _of_fact(fact, draft.fact(fact.name), is_lost=fact.name in lost) for fact in imported.facts
    )
    found = [*filter(None, of_facts), *_of_answers(imported, draft)]
    if not (found or lost) and imported.canonical_json() != draft.canonical_json():
        found.append(_("Some of the content is in a different order here."))
    return found


def _of_fact(fact: Fact, draft: Fact | None, *, is_lost: bool) -> str:
    """Returns a sentence about the difference, or an empty string. `is_lost`: the draft is known to
    lack the fact or a part of it."""
    kind = vocabulary.FACTS.get(fact.name)
    label = _(kind.label) if kind else fact.label or fact.name
    if fact == draft:
        return ""
    if draft is None:
        is_missing = (any(fact.values) or fact.places) and not is_lost
        return _("%s can’t be imported.") % label if is_missing else ""
    if fact.audience != draft.audience:
        levels = {"label": label, "now": _(vocabulary.AUDIENCES[draft.audience])}
        return _("%(label)s has a different audience here: %(now)s.") % levels
    if replace(fact, label="") == replace(draft, label=""):
        return _("%(label)s is called %(now)s here.") % {"label": label, "now": draft.label}
    return "" if is_lost else _("%s has different text here.") % label


def _of_answers(imported: Document, draft: Document) -> list[str]:
    """Placeholders that the organization fills in and the document leaves blank."""
    keys = {answer.placeholder for answer in imported.answers}
    added = [
        f"[{answer.placeholder}]" for answer in draft.answers if answer.placeholder not in keys
    ]
    words = _("These placeholders were filled in from your organization’s defaults: %s.")
    return [words % ", ".join(added)] if added else []
