"""A new job description from a document that somebody brought."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _

from roles import assembly, vocabulary
from roles import document as plain
from roles.drafts import missing_records
from roles.drafts.load_document import load
from roles.drafts.new_draft import new_row
from roles.models import Event, JobDescription, JobFamily, User


@dataclass(frozen=True)
class ImportResult:
    """What came of it: labels of what was made for it, of what was left out because the
    organization does not have it, and sentences about what reads otherwise here."""

    description: JobDescription
    sha256: str  # of the draft as it stands now
    made: list[str]
    left_out: list[str]
    different: list[str]


def create_from_document(
    *, document: plain.Document, by: User, makes_missing: bool = False
) -> ImportResult:
    """Make a job description with a new reference, owned by `by`, whose draft says what the
    document says; uids are kept. Where `makes_missing`, the organization gets the families,
    levels, departments, places, facts and market figures that it does not have yet."""
    with transaction.atomic():
        made = missing_records.make(document) if makes_missing else []
        description = new_row(by=by, title=document.title, family=_family(document))
        left_out = load(description, document, revisions={}, kept={})
        now = assembly.assemble(description)
        sha256 = plain.sha256(now.canonical_json())
        Event.objects.record(
            by=by,
            verb="description.imported",
            about=description,
            chain=description.reference,
            document=plain.sha256(document.canonical_json()),
            sha256=sha256,
        )
    different = list(_differences(document, now, set(left_out)))
    return ImportResult(description, sha256, made, left_out, different)


def _family(document: plain.Document) -> JobFamily | None:
    fact = document.fact("job_family")
    return JobFamily.objects.filter(name__in=fact.values).first() if fact else None


def _differences(brought: plain.Document, now: plain.Document, known: set[str]) -> list[str]:
    """What the draft does not say as the document did, besides what was left out."""
    found = [
        *(d for fact in brought.facts if (d := _of_fact(fact, now.fact(fact.name), known))),
        *_of_answers(brought, now),
    ]
    if not (found or known) and brought.canonical_json() != now.canonical_json():
        found.append(_("Some of it stands in another order here."))
    return found


def _of_fact(fact: plain.Fact, now: plain.Fact | None, known: set[str]) -> str:
    kind = vocabulary.FACTS.get(fact.name)
    label = _(kind.label) if kind else fact.label or fact.name
    if now is None or fact == now:
        is_known = now is not None or label in known or not (any(fact.values) or fact.places)
        return "" if is_known else _("%s cannot be kept.") % label
    if fact.audience != now.audience:
        levels = {"label": label, "now": _(vocabulary.AUDIENCES[now.audience])}
        return _("%(label)s has other readers here: %(now)s.") % levels
    if replace(fact, label="") == replace(now, label=""):
        return _("%(label)s is called %(now)s here.") % {"label": label, "now": now.label}
    return "" if label in known else _("%s reads otherwise here.") % label


def _of_answers(brought: plain.Document, now: plain.Document) -> list[str]:
    """The organization answers placeholders that the document leaves open."""
    keys = {answer.placeholder for answer in brought.answers}
    added = [f"[{answer.placeholder}]" for answer in now.answers if answer.placeholder not in keys]
    words = _("Your organization answers these, and the file did not: %s.")
    return [words % ", ".join(added)] if added else []
