"""Versions: save one, start the draft again from one, print one."""

from __future__ import annotations

import hashlib
from dataclasses import asdict

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from roles import assembly, document, drafting, exporters
from roles.drafting import history
from roles.drafting.loading import template_fields
from roles.models import (
    Effective,
    Event,
    JobDescription,
    Line,
    RenderedFile,
    Tombstone,
    User,
    Version,
    VersionUse,
)
from roles.models.events import REST
from roles.models.organisation import Logo


def save_version(
    *, description: JobDescription, by: User, token: int, note: str = "", label: str = ""
) -> Version:
    """Snapshot the draft as the next version. Raises drafting.Stale where the draft changed
    since the page with `token` was made, drafting.Refused where a required section is empty."""
    with transaction.atomic():
        draft = drafting.Draft.lock(description, token)
        draft.compare_token()
        rows = assembly.load_rows(draft.description)
        whole = assembly.assemble(draft.description, rows)
        _refuse_empty(rows, whole)
        canonical = whole.canonical_json()
        last = description.versions.order_by("-number").values_list("number", flat=True).first()
        version = Version(
            description=draft.description,
            number=(last or 0) + 1,
            label=label,
            note=note,
            text=canonical.decode(),
            sha256=document.sha256(canonical),
            brand=asdict(rows.organisation.brand()),
            author=by,
        )
        version.full_clean(validate_unique=False, validate_constraints=False)
        version.save()
        used = Line.objects.filter(description=description, revision__isnull=False)
        history.forget(draft.description)
        VersionUse.objects.bulk_create(
            VersionUse(version=version, line_uid=uid, revision_id=revision)
            for uid, revision in used.values_list("uid", "revision")
        )
        Event.objects.record(
            by=by,
            verb="version.saved",
            about=version,
            chain=description.reference,
            number=version.number,
            sha256=version.sha256,
            note=note,
            token=token,
        )
    return version


def restore(*, description: JobDescription, version: Version, by: User, token: int) -> list[str]:
    """Make the draft say what the version says. Returns labels of what could not be put
    back (see drafting.load). Raises drafting.Stale where the draft changed since `token`."""
    with transaction.atomic():
        draft = drafting.Draft.lock(description, token)
        draft.compare_token()
        lost = drafting.load(
            draft.description,
            version.document,
            revisions=revisions_of(version),
            kept=template_fields(draft.description),
            token=draft.next,
        )
        draft.description.edit_token = draft.next
        draft.description.save()
        history.forget(draft.description)
        Event.objects.record(
            by=by,
            verb="version.restored",
            about=version,
            chain=description.reference,
            number=version.number,
            token=draft.next,
        )
    return lost


def revisions_of(version: Version) -> dict[str, int]:
    """Line uid to the id of the snippet revision it came from."""
    return dict(version.uses.values_list("line_uid", "revision"))


def edition(version: Version) -> document.Edition:
    """The edition in which a version is printed: its own brand, number, day and hash."""
    brand = document.Brand(**version.brand)
    logo = Logo.objects.filter(digest=brand.logo_digest).first() if brand.logo_digest else None
    return document.Edition(
        reference=version.description.reference,
        number=version.number,
        day=timezone.localdate(version.created_at),
        sha256=version.sha256,
        brand=brand,
        logo=bytes(logo.content) if logo else None,
    )


def rendered(*, version: Version, format: str, audience: str) -> RenderedFile:
    """The version's file in a format of exporters.FORMATS for an audience: rendered on the
    first request, stored, and rendered again only when the renderer itself has changed."""
    form = exporters.FORMATS[format]
    wanted = {"version": version, "format": format, "audience": audience}
    wanted["key"] = hashlib.sha256(form.fingerprint().encode()).hexdigest()
    found = RenderedFile.objects.filter(**wanted).first()
    if found is not None and found.file.storage.exists(str(found.file.name)):
        return found
    content = form.render(version.document.for_audience(audience), edition(version))
    if found is not None:
        found.delete()
    file = RenderedFile(**wanted, digest=hashlib.sha256(content).hexdigest())
    name = f"{version.description.reference}-{version.number}-{audience}.{form.extension}"
    file.file.save(name, ContentFile(content), save=False)
    try:
        with transaction.atomic():
            file.save()
    except IntegrityError:  # somebody else rendered it meanwhile
        file.file.delete(save=False)
        return RenderedFile.objects.get(**wanted)
    return file


def purge(*, description: JobDescription, by: User | None) -> int:
    """Delete an archived job description for good, its draft, versions and files; each
    version leaves a tombstone with its hash, and the events stay. Returns the number of
    versions purged. Raises drafting.Refused where it is not archived."""
    with transaction.atomic():
        locked = JobDescription.objects.select_for_update().get(pk=description.pk)
        if locked.status != "archived":
            raise drafting.Refused(_("Only an archived job description can be purged."))
        versions = list(locked.versions.defer("text"))
        Tombstone.objects.bulk_create(
            Tombstone(
                version_id=version.pk,
                reference=locked.reference,
                number=version.number,
                sha256=version.sha256,
            )
            for version in versions
        )
        files = list(RenderedFile.objects.filter(version__description=locked))
        Effective.objects.filter(version__description=locked).delete()
        Version.objects.filter(description=locked).delete()
        for chain in (locked.reference, REST):
            Event.objects.record(
                by=by,
                verb="description.purged",
                about=locked,
                chain=chain,
                versions=[version.sha256 for version in versions],
            )
        locked.delete()
    for file in files:
        file.file.delete(save=False)
    return len(versions)


def _refuse_empty(rows: assembly.DraftRows, whole: document.Document) -> None:
    empty = {section.uid for section in whole.sections if section.is_empty}
    missing = [s.heading for s in rows.sections if s.required and s.uid in empty]
    if missing:
        raise drafting.Refused(
            _("Required sections are still empty: %s.") % ", ".join(f"“{h}”" for h in missing)
        )
