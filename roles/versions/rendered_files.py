"""Rendered files of versions: rendered once, then stored."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from roles import exporters
from roles.editions import Brand, Edition, Posting
from roles.exporters import file_names
from roles.models import Event, Organization, RenderedFile, User, Version
from roles.models.organization import Logo


def edition(version: Version) -> Edition:
    """Returns the edition of a version: its brand, number, date, and hash, and the vacancy that is
    open today."""
    brand = Brand(**version.brand)
    logo = Logo.objects.filter(digest=brand.logo_digest).first() if brand.logo_digest else None
    return Edition(
        reference=version.description.reference,
        number=version.number,
        day=timezone.localdate(version.created_at),
        sha256=version.sha256,
        brand=brand,
        logo=bytes(logo.content) if logo else None,
        posting=_posting(version),
        apply_to=Organization.objects.the().apply_to,
    )


def rendered(*, version: Version, format: str, audience: str) -> RenderedFile:
    """Returns the version's file in a format of exporters.FORMATS for an audience. It's rendered on
    the first request, and again only after the renderer changed (or the vacancy, for formats that
    need one). Raises CannotExport."""
    form = exporters.FORMATS[format]
    needed = {"version": version, "format": format, "audience": audience}
    needed["key"] = _key(form, version)
    found = RenderedFile.objects.filter(**needed).first()
    if found is not None and found.file.storage.exists(str(found.file.name)):
        return found
    content = form.render(version.document.for_audience(audience), edition(version))
    # A lost file keeps its row, which knows who downloaded it.
    file = found or RenderedFile(**needed)
    file.digest = hashlib.sha256(content).hexdigest()
    file.title = file_names.tidy(version.document.filled().title)
    name = f"{version.description.reference}-{version.number}-{audience}.{form.extension}"
    file.file.save(name, ContentFile(content), save=False)
    try:
        with transaction.atomic():
            file.save()
    except IntegrityError:  # another process rendered it first
        file.file.delete(save=False)
        return RenderedFile.objects.get(**needed)
    return file


def download(*, version: Version, format: str, audience: str, by: User) -> RenderedFile:
    """Returns the file (see `rendered`) for a person who downloads it. Their first download is
    recorded as an event."""
    file = rendered(version=version, format=format, audience=audience)
    stored = RenderedFile.downloaded_by.through.objects
    if stored.filter(renderedfile=file, user=by).exists():
        return file
    with transaction.atomic():
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
    return file


def _key(form: exporters.Format, version: Version) -> str:
    parts = form.fingerprint()
    if form.needs_posting:
        parts += repr(_posting(version))
    parts += Organization.objects.the().apply_to
    return hashlib.sha256(parts.encode()).hexdigest()


def _posting(version: Version) -> Posting | None:
    """Returns the vacancy that is open today, with the URL of its public page if there is one and
    SITE_URL is set."""
    description = version.description
    is_known = settings.SITE_URL and description.is_public
    page = reverse("public_page", args=[description.reference]) if is_known else ""
    return description.posting(timezone.localdate(), f"{settings.SITE_URL}{page}" if page else "")
