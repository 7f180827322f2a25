"""Rendered files of versions: rendered once, then stored."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import IntegrityError
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from roles import exporters, outages, stored_files
from roles.document import Document
from roles.editions import Brand, Edition, Posting
from roles.exporters import file_names
from roles.models import EffectivePeriod, Event, Organization, RenderedFile, User, Version
from roles.models.organization import Logo

IN_USE = timedelta(days=1)  # since it was stored, in which no file is removed
# For files that another process renders at this moment (being_rendered).
CLAIM_SECONDS = 60  # a killed process keeps its claim
WAIT_SECONDS = 3.0  # an ordinary file takes a tenth
LOOK_SECONDS = 0.02


def edition(version: Version) -> Edition:
    """Returns the edition of a version: its brand, number, date, and hash, and the vacancy that is
    open today."""
    brand = Brand(**version.brand)
    organization = Organization.objects.select_related("logo").the()
    logo = organization.logo  # still the version's, as a rule
    if (logo.digest if logo else "") != brand.logo_digest:
        logo = Logo.objects.filter(digest=brand.logo_digest).first()
    return Edition(
        reference=version.description.reference,
        number=version.number,
        day=timezone.localdate(version.created_at),
        sha256=version.sha256,
        brand=brand,
        logo=bytes(logo.content) if logo else None,
        posting=_posting(version),
        apply_to=organization.apply_to,
    )


def rendered(
    *,
    version: Version,
    format: str,
    audience: str,
    during_outages: bool = False,
    has_claim: bool = False,
) -> RenderedFile:
    """Returns the version's file in a format of exporters.FORMATS for an audience. It's rendered on
    the first request, and again only after the renderer changed (or the vacancy, for formats that
    need one). With `during_outages`, it is returned without being stored if the disk is full or the
    database is read-only. `has_claim`: the caller is in a block of `being_rendered`. Raises
    CannotExport."""
    form = exporters.FORMATS[format]
    needed = {"version": version, "format": format, "audience": audience}
    needed["key"] = _key(form, version, Organization.objects.the().apply_to)
    found = RenderedFile.objects.filter(**needed).first()
    if found is None and not has_claim and _was_rendered_elsewhere(version):
        found = RenderedFile.objects.filter(**needed).first()
    if found is not None and _is_there(found):
        return found
    document = version.document.for_audience(audience)
    content = _same_content(needed, document) or form.render(document, edition(version))
    # A lost file keeps its row, which knows who downloaded it.
    return _stored(found or RenderedFile(**needed), content, during_outages)


def _stored(file: RenderedFile, content: bytes, during_outages: bool) -> RenderedFile:
    """Stores the content and the row. Returns the file, or the one that another process stored
    first. Raises CannotExport if the version was deleted."""
    version = file.version
    file.digest = hashlib.sha256(content).hexdigest()
    file.title = file_names.tidy(version.document.filled().title)
    extension = exporters.FORMATS[file.format].extension
    name = f"{version.description.reference}-{version.number}-{file.audience}.{extension}"

    def store() -> None:
        file.file.save(name, ContentFile(content), save=False)
        file.save()

    try:
        is_stored = outages.tolerate(f"File {name}", store, only_if=during_outages)
    except IntegrityError:  # another process rendered it first, or deleted the version
        file.file.delete(save=False)
        same = {key: getattr(file, key) for key in ("version", "format", "audience", "key")}
        first = RenderedFile.objects.filter(**same).first()
        if first is None:
            raise exporters.CannotExport(_("This version was deleted.")) from None
        return first
    if not is_stored:
        file.file = ContentFile(content, name)
    return file


@contextmanager
def being_rendered(version: Version) -> Iterator[None]:
    """While this process renders files of the version in the block, others wait for them instead of
    rendering them too."""
    cache.set(_claim(version), True, CLAIM_SECONDS)
    try:
        yield
    finally:
        cache.delete(_claim(version))


def _was_rendered_elsewhere(version: Version) -> bool:
    """Waits while files of the version are `being_rendered` elsewhere. Returns whether they were,
    and are finished."""
    if not cache.has_key(_claim(version)):
        return False
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        time.sleep(LOOK_SECONDS)
        if not cache.has_key(_claim(version)):
            return True
    return False


def _claim(version: Version) -> str:
    return f"rendering:{version.pk}"


def _is_there(file: RenderedFile) -> bool:
    return bool(file.file) and file.file.storage.exists(str(file.file.name))


def _same_content(needed: dict[str, Any], document: Document) -> bytes | None:
    """Returns the content of a stored file for another audience that sees the same document."""
    version = needed["version"]
    alike = {name: value for name, value in needed.items() if name != "audience"}
    for other in RenderedFile.objects.filter(**alike).exclude(file=""):
        if version.document.for_audience(other.audience) == document:
            with suppress(FileNotFoundError), other.file.open("rb") as file:
                content: bytes = file.read()
                if hashlib.sha256(content).hexdigest() == other.digest:
                    return content
    return None


def download(
    *, version: Version, format: str, audience: str, by: User, during_outages: bool = False
) -> RenderedFile:
    """Returns the file (see `rendered`) for a person who downloads it. Their first download is
    recorded as an event; only the log has it if that fails `during_outages`."""
    file = rendered(
        version=version, format=format, audience=audience, during_outages=during_outages
    )
    if file.pk is None:  # not stored, so the log has what couldn't be recorded
        return file
    stored = RenderedFile.downloaded_by.through.objects
    if stored.filter(renderedfile_id=file.pk, user=by).exists():
        return file
    what = f"Download of {version.sha256} ({format}, {audience}) by account {by.pk}"

    def record() -> None:
        _row, is_first = stored.get_or_create(renderedfile=file, user=by)
        if is_first:
            Event.objects.record(
                by=by,
                verb="version.exported",
                about=version,
                chain=version.description.reference,
                number=version.number,
                format=format,
                audience=audience,
                digest=file.digest,
            )

    outages.tolerate(what, record, only_if=during_outages)
    return file


def remove_outdated() -> int:
    """Deletes stored files that would be rendered again, because the renderer changed or the
    vacancy did, and those that no one is expected to need. Their rows stay: they verify copies, and
    know who downloaded them. Returns the number of files."""
    count = 0
    apply_to = Organization.objects.the().apply_to
    old = RenderedFile.objects.exclude(file="").filter(created_at__lt=timezone.now() - IN_USE)
    old = old.select_related("version__description").defer("version__text")
    old = old.annotate(is_superfluous=_is_superfluous())
    with stored_files.removal() as is_possible:
        for row in old.iterator(chunk_size=500) if is_possible else ():
            form = exporters.FORMATS.get(row.format)
            is_current = form is not None and row.key == _key(form, row.version, apply_to)
            if row.is_superfluous or not is_current:
                RenderedFile.objects.filter(pk=row.pk).update(file="")
                row.file.delete(save=False)
                count += 1
    return count


def _is_superfluous() -> Q:
    """The condition for files that were rendered in advance: of a version that has a successor and
    was never current, and that no one has downloaded."""
    version, description = OuterRef("version"), OuterRef("version__description")
    later = Version.objects.filter(description=description, number__gt=OuterRef("version__number"))
    was_current = EffectivePeriod.objects.filter(version=version)
    return Q(Exists(later), ~Exists(was_current), downloaded_by=None)


def remove_unrecorded() -> int:
    """Deletes files that have no row, which a killed process leaves. Returns their number."""
    count = 0
    media = Path(settings.MEDIA_ROOT)
    recorded = set(RenderedFile.objects.values_list("file", flat=True))
    before = time.time() - IN_USE.total_seconds()
    with stored_files.removal() as is_possible:
        for path in (media / "rendered").rglob("*") if is_possible else ():
            is_old = path.is_file() and path.stat().st_mtime < before
            if is_old and path.relative_to(media).as_posix() not in recorded:
                path.unlink(missing_ok=True)
                count += 1
    return count


def _key(form: exporters.Format, version: Version, apply_to: str) -> str:
    parts = form.fingerprint()
    if form.needs_posting:
        parts += repr(_posting(version))
    parts += apply_to
    return hashlib.sha256(parts.encode()).hexdigest()


def _posting(version: Version) -> Posting | None:
    """Returns the vacancy that is open today, with the URL of its public page if there is one and
    SITE_URL is set."""
    description = version.description
    is_known = settings.SITE_URL and description.is_public
    page = reverse("public_page", args=[description.reference]) if is_known else ""
    return description.posting(timezone.localdate(), f"{settings.SITE_URL}{page}" if page else "")
