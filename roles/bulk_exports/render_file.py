"""One document in one format: permission, content, a file, its row."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.core.files import File
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from roles import assembly, document, permissions
from roles.bulk_exports import file_access, retention
from roles.exporters import FORMATS, CannotExport, file_names
from roles.models import BulkExport, BulkFile, JobDescription, User
from roles.versions import rendered_files

log = logging.getLogger(__name__)

TRIES = 3


class LeftOut(Exception):  # noqa: N818  # an answer, not a fault
    """The document is not for this archive; the argument is a key of models.bulk.REASONS."""


class ExportClosed(Exception):  # noqa: N818
    """The account that asked is closed: nothing more is made for it."""


@dataclass(frozen=True)
class RenderedContent:
    """What a file holds, and what the index says of it."""

    chunks: Iterable[bytes]
    title: str
    day: date
    sha256: str = ""


def make(export: BulkExport, file: BulkFile, hold: Callable[[], None]) -> None:
    """Make the file and commit it with its row, or leave it out with the reason. `hold` renews
    the claim on the export, inside each transaction, and raises where it is lost."""
    with transaction.atomic():
        hold()
        file.tries += 1
        file.save(update_fields=["tries"])
    try:
        if file.tries > TRIES:  # whoever tried was killed, perhaps by this very document
            raise LeftOut("tries")
        made = _content(export, file)
    except LeftOut as left:
        file.state, file.reason = "left_out", str(left)
        file.title = file.name = ""  # of a part that was made earlier and lost
    except CannotExport as unfit:
        file.state, file.reason = "left_out", "unfit"
        file.explanation = unfit.message[:300]
    except (ExportClosed, OperationalError, InterfaceError):
        raise  # of the export or the database, not of this document
    except Exception:
        log.exception("export %d: no %s of %s", export.pk, file.format, file.reference)
        file.state, file.reason = "left_out", "failed"
    else:
        file.digest = _write(export, file, made.chunks)
        file.state, file.title = "made", made.title
        file.day, file.sha256 = made.day, made.sha256
    with transaction.atomic():
        hold()
        file.save()


def _content(export: BulkExport, file: BulkFile) -> RenderedContent:
    """The document as the person who asked may have it now."""
    user = User.objects.get(pk=export.by_id)  # anew for each document: it may have changed
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
    asked = "public" if FORMATS[file.format].needs_posting else export.audience
    file.audience = file_access.narrower(asked, permissions.audience(user, relations))
    file.family = description.job_family.name if description.job_family else ""
    if file.number is None:
        return _draft(description, file)
    return _version(description, file.number, file, user)


def _draft(description: JobDescription, file: BulkFile) -> RenderedContent:
    whole: document.Document = assembly.assemble(description).for_audience(file.audience)
    edition = assembly.draft_edition(description)
    content = FORMATS[file.format].render(whole, edition)
    return RenderedContent(
        [content], file_names.tidy(whole.filled().title), edition.day or timezone.localdate()
    )


def _version(
    description: JobDescription, number: int, file: BulkFile, user: User
) -> RenderedContent:
    version = description.versions.select_related("description").filter(number=number).first()
    if version is None:
        raise LeftOut("gone")
    stored = rendered_files.get_or_render(
        version=version, format=file.format, audience=file.audience, by=user
    )
    day = timezone.localdate(version.created_at)
    content = stored.file.open("rb")  # here, where its loss is this document's alone
    return RenderedContent(_chunks(content), stored.title, day, version.sha256)


def _chunks(content: File[bytes]) -> Iterable[bytes]:
    with content as source:
        yield from source.chunks()


def _write(export: BulkExport, file: BulkFile, chunks: Iterable[bytes]) -> str:
    """Write the part aside and put it in its place whole; returns its SHA-256. Its name holds
    the claim: a process that was taken for dead and is not cannot touch another's."""
    folder = retention.folder(export)
    folder.mkdir(parents=True, exist_ok=True)
    file.part = f"{file.position}-{export.claim}"
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
