"""What a version is printed in, and its files: rendered once, stored, found again."""

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
from roles.models import Event, RenderedFile, User, Version
from roles.models.organization import Logo


def edition(version: Version) -> Edition:
    """The edition in which a version is printed: its own brand, number, day and hash, and the
    vacancy that is open today."""
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
    )


def rendered(*, version: Version, format: str, audience: str) -> RenderedFile:
    """The version's file in a format of exporters.FORMATS for an audience: rendered on the
    first request, stored, and rendered again only when the renderer itself has changed (or
    the vacancy, for the formats that advertise one)."""
    form = exporters.FORMATS[format]
    needed = {"version": version, "format": format, "audience": audience}
    needed["key"] = _key(form, version)
    found = RenderedFile.objects.filter(**needed).first()
    if found is not None and found.file.storage.exists(str(found.file.name)):
        return found
    content = form.render(version.document.for_audience(audience), edition(version))
    file = found or RenderedFile(**needed)  # the row of a lost file stays: it knows who took it
    file.digest = hashlib.sha256(content).hexdigest()
    file.title = file_names.tidy(version.document.filled().title)
    name = f"{version.description.reference}-{version.number}-{audience}.{form.extension}"
    file.file.save(name, ContentFile(content), save=False)
    try:
        with transaction.atomic():
            file.save()
    except IntegrityError:  # someone else rendered it in the meantime
        file.file.delete(save=False)
        return RenderedFile.objects.get(**needed)
    return file


def get_or_render(*, version: Version, format: str, audience: str, by: User) -> RenderedFile:
    """`rendered`, for someone who takes the file away: the first time that a person takes it
    is an event."""
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
    return hashlib.sha256(parts.encode()).hexdigest()


def _posting(version: Version) -> Posting | None:
    """The vacancy that is open today, with the address of its public page where there is one
    and the product knows its own."""
    description = version.description
    is_known = settings.SITE_URL and description.is_public
    page = reverse("public_page", args=[description.reference]) if is_known else ""
    return description.posting(timezone.localdate(), f"{settings.SITE_URL}{page}" if page else "")
