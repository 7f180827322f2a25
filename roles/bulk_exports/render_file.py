"""Renders one document in one format: permission, content, a file, its row."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.files import File
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from roles import assembly, document, leases, permissions
from roles.bulk_exports import file_access, retention
from roles.exporters import FORMATS, CannotExport, file_names
from roles.models import BulkExport, BulkFile, JobDescription, User
from roles.models.bulk_export import TRIES
from roles.versions import rendered_files

log = logging.getLogger(__name__)

# Fields of a file that are set when it's rendered.
OUTCOME = (
    *("state", "reason", "explanation", "title", "name", "family", "audience"),
    *("day", "sha256", "digest", "part"),
)


class LeftOut(Exception):  # noqa: N818  # an answer, not a fault
    """The document is left out. The argument is a key of bulk_export.REASONS."""


class ExportClosed(Exception):  # noqa: N818
    """The account that ordered the export is deactivated, so the export stops."""


@dataclass(frozen=True)
class RenderedContent:
    """The content of a file, and what the index says about it."""

    chunks: Iterable[bytes]
    title: str
    day: date
    sha256: str = ""


def render(export: BulkExport, lease: leases.Lease[BulkFile]) -> None:
    """Renders the claimed file and commits it with its row, or leaves it out with the reason.
    Raises LeaseLost, ExportClosed, and the errors of the database and the disk."""
    file = lease.rows().first()
    if file is None:
        raise leases.LeaseLost
    try:
        if file.tries > TRIES:  # each process was killed, perhaps by this document
            raise LeftOut("tries")
        rendered = _content(export, file)
    except LeftOut as error:
        file.state, file.reason = "left_out", str(error)
        file.title = file.name = ""  # of a part that was rendered before and lost
    except CannotExport as error:
        file.state, file.reason = "left_out", "unfit"
        file.explanation = error.message[:300]
    except (ExportClosed, OperationalError, InterfaceError):
        raise  # of the export or the database, not of this document
    except Exception:
        log.exception("export %d: no %s of %s", export.pk, file.format, file.reference)
        file.state, file.reason = "left_out", "failed"
    else:
        file.digest = _write(export, file, rendered.chunks)
        file.state, file.title = "made", rendered.title
        file.day, file.sha256 = rendered.day, rendered.sha256
    if not lease.release(**{name: getattr(file, name) for name in OUTCOME}):
        if file.part:
            retention.remove_part(export, file.part)
        raise leases.LeaseLost


def _content(export: BulkExport, file: BulkFile) -> RenderedContent:
    """Returns the document with what the person who ordered it can read now."""
    user = User.objects.get(pk=export.by_id)  # again for each document: it may have changed
    if not user.is_active:
        raise ExportClosed
    found = file_access.visible(user, [file.reference]).select_related("job_family")
    description = found.prefetch_related("hiring_managers").first()
    if description is None:
        raise LeftOut("gone")
    relations = description.relations_of(user)
    if not permissions.may(user, "description.export", relations):
        raise LeftOut("gone")
    if FORMATS[file.format].needs_posting and not description.posting(timezone.localdate()):
        raise LeftOut("no_posting")
    audience = "public" if FORMATS[file.format].needs_posting else export.audience
    file.audience = file_access.narrower(audience, permissions.audience(user, relations))
    file.family = description.job_family.name if description.job_family else ""
    if file.number is None:
        return _draft(description, file)
    return _version(description, file.number, file, user)


def _draft(description: JobDescription, file: BulkFile) -> RenderedContent:
    content: document.Document = assembly.assemble(description).for_audience(file.audience)
    edition = assembly.draft_edition(description)
    data = FORMATS[file.format].render(content, edition)
    title = file_names.tidy(content.filled().title)
    return RenderedContent([data], title, edition.day or timezone.localdate())


def _version(
    description: JobDescription, number: int, file: BulkFile, user: User
) -> RenderedContent:
    version = description.versions.select_related("description").filter(number=number).first()
    if version is None:
        raise LeftOut("gone")
    stored = rendered_files.download(
        version=version, format=file.format, audience=file.audience, by=user
    )
    day = timezone.localdate(version.created_at)
    content = stored.file.open("rb")  # here, where a missing file fails this document only
    return RenderedContent(_chunks(content), stored.title, day, version.sha256)


def _chunks(content: File[bytes]) -> Iterable[bytes]:
    with content as source:
        yield from source.chunks()


def _write(export: BulkExport, file: BulkFile, chunks: Iterable[bytes]) -> str:
    """Write the part to a temporary file and rename it; returns its SHA-256. Its name has the
    lease: a process that lost its lease and still writes cannot touch another's part."""
    folder = retention.folder(export)
    folder.mkdir(parents=True, exist_ok=True)
    file.part = f"{file.position}-{file.lease}"
    aside = folder / f"{file.part}.aside"
    digest = hashlib.sha256()
    with aside.open("wb") as target:
        for chunk in chunks:
            digest.update(chunk)
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    aside.replace(folder / file.part)
    return digest.hexdigest()
