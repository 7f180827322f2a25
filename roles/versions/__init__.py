"""Versions: save one, restore the draft from one.

`rendered_files` renders and stores their files, `prepared_files` does so in advance,
`effective_periods` sets which one is current, `publication` sets what is public, `verification`
finds the version of a copy, `purge` deletes archived job descriptions permanently, and
`description_index` stores what lists show.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from roles import assembly, drafts
from roles.document import Document, sha256
from roles.drafts import undo
from roles.drafts.load_document import get_template_fields
from roles.models import Event, JobDescription, Line, User, Version, VersionUse
from roles.versions import prepared_files

AUTOMATIC = gettext_lazy("Automatic")  # the label of a version that no one asked for


def save(
    *, description: JobDescription, by: User, token: int, note: str = "", label: str = ""
) -> Version:
    """Save the draft as the next version. Raises drafts.StaleDraft if the draft changed since
    `token`, and drafts.ActionRefused if a required section or every section is empty."""
    with transaction.atomic():
        draft = drafts.Draft.lock(description, token)
        draft.compare_token()
        rows = assembly.load_rows(draft.description)
        whole = assembly.assemble(draft.description, rows)
        _refuse_empty(rows, whole)
        version = _create(draft.description, rows, whole, by=by, note=note, label=label)
        undo.forget(draft.description)
        prepared_files.request(version)
    return version


def same_as_draft(description: JobDescription) -> Version | None:
    """Returns the newest version if the draft is exactly the same, otherwise None."""
    newest = description.versions.defer("text").order_by("-number").first()
    is_same = newest is not None and newest.has(assembly.assemble(description))
    return newest if is_same else None


def _create(
    description: JobDescription,
    rows: assembly.DraftRows,
    whole: Document,
    *,
    by: User,
    note: str,
    label: str,
) -> Version:
    canonical = whole.canonical_json()
    last = description.versions.order_by("-number").values_list("number", flat=True).first()
    version = Version(
        description=description,
        number=(last or 0) + 1,
        label=label,
        note=note,
        text=canonical.decode(),
        title=whole.title,
        sha256=sha256(canonical),
        brand=asdict(rows.organization.brand()),
        author=by,
    )
    version.full_clean(validate_unique=False, validate_constraints=False)
    version.save()
    _store_newest(description, version)
    _record_used_revisions(version)
    Event.objects.record(
        by=by,
        verb="version.saved",
        about=version,
        chain=description.reference,
        number=version.number,
        sha256=version.sha256,
        note=note,
        token=description.edit_token,
    )
    return version


def _store_newest(description: JobDescription, version: Version) -> None:
    """The newest version is no longer the approved one."""
    description.newest_number = version.number
    status = Case(When(status="approved", then=Value("draft")), default=F("status"))
    found = JobDescription.objects.filter(pk=description.pk)
    found.update(status=status, newest_number=version.number)


def _record_used_revisions(version: Version) -> None:
    """Record the snippet revisions that the version's lines came from."""
    used = Line.objects.filter(description=version.description, revision__isnull=False)
    VersionUse.objects.bulk_create(
        VersionUse(version=version, line_uid=uid, revision_id=revision)
        for uid, revision in used.values_list("uid", "revision")
    )


def restore(*, description: JobDescription, version: Version, by: User, token: int) -> list[str]:
    """Replace the draft with the text of the version. A draft that no version has is saved as a
    version first, with the label AUTOMATIC, so that nothing is lost. Returns what couldn't be
    restored, in words (see drafts.load). Raises drafts.StaleDraft if the draft changed since
    `token`."""
    with transaction.atomic():
        draft = drafts.Draft.lock(description, token)
        draft.compare_token()
        _keep(draft.description, version, by)
        draft.description.refresh_from_db(fields=["status"])
        lost = drafts.load(
            draft.description,
            version.document,
            revisions=revisions_of(version),
            template_fields=get_template_fields(draft.description),
            token=draft.next,
        )
        draft.description.edit_token = draft.next
        draft.description.save()
        undo.forget(draft.description)
        Event.objects.record(
            by=by,
            verb="version.restored",
            about=version,
            chain=description.reference,
            number=version.number,
            token=draft.next,
        )
    return list(lost.values())


def saved_as(documents: Mapping[int, Document]) -> dict[int, int]:
    """Returns the number of the newest version that has exactly this text, by the id of the job
    description; without those that no version has. One query, which reads only hashes."""
    digests = {pk: sha256(document.canonical_json()) for pk, document in documents.items()}
    same = Version.objects.filter(description__in=digests, sha256__in=digests.values())
    rows = same.order_by("number").values_list("description", "number", "sha256")
    return {pk: number for pk, number, digest in rows if digest == digests[pk]}


def is_kept(description: JobDescription, document: Document) -> bool:
    """Returns whether a version has exactly this text."""
    digest = sha256(document.canonical_json())
    return bool(description.versions.filter(sha256=digest).exists())


def _keep(description: JobDescription, restored: Version, by: User) -> None:
    """Saves the draft, however incomplete, unless a version has its text."""
    rows = assembly.load_rows(description)
    whole = assembly.assemble(description, rows)
    if is_kept(description, whole):
        return
    note = _("The draft before version %d was restored") % restored.number
    _create(description, rows, whole, by=by, note=note, label=str(AUTOMATIC))


def revisions_of(version: Version) -> dict[str, int]:
    """Returns the id of the snippet revision that each line came from, by line uid."""
    return dict(version.uses.values_list("line_uid", "revision"))


def _refuse_empty(rows: assembly.DraftRows, whole: Document) -> None:
    empty = {section.uid for section in whole.sections if whole.is_empty(section)}
    missing = [s.heading for s in rows.sections if s.required and s.uid in empty]
    if missing:
        raise drafts.ActionRefused(
            _("Required sections are empty: %s.") % ", ".join(f"“{h}”" for h in missing)
        )
    if all(whole.is_empty(section) for section in whole.sections):
        raise drafts.ActionRefused(_("The draft is empty. Add text to at least one section."))
