"""Writes the rendered files into one ZIP, with an index as a page and one as a table."""

from __future__ import annotations

import csv
import io
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from urllib.parse import quote

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from roles import vocabulary
from roles.bulk_exports import entry_names, file_access, retention
from roles.exporters import FORMATS
from roles.models import BulkExport, BulkFile, Organization, User

COMPRESSED = ("pdf", "docx")  # extensions
BATCH = 50  # files between two renewals of the lease
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # start of a formula in spreadsheets

ZipMoment = tuple[int, int, int, int, int, int]  # year to second


def write(export: BulkExport, renew: Callable[[], None]) -> None:
    """Write the ZIP to a temporary file and rename it. Can be repeated after a process was
    killed. `renew` renews the lease and raises LeaseLost."""
    _leave_out_withdrawn(export)
    files = list(export.files.all())
    entry_names.assign(export, [file for file in files if file.state == "made"])
    with transaction.atomic():
        renew()
        BulkFile.objects.bulk_update(files, ["name"], batch_size=500)
    target = retention.archive(export)
    aside = retention.folder(export) / f"zip-{export.lease}.aside"
    aside.parent.mkdir(parents=True, exist_ok=True)
    with aside.open("wb") as raw:
        with zipfile.ZipFile(raw, "w") as archive:
            _fill(archive, export, files, renew)
        raw.flush()
        os.fsync(raw.fileno())
    renew()
    aside.replace(target)


def stored_name(export: BulkExport) -> str:
    """Returns the name of the archive in the storage."""
    return retention.archive(export).relative_to(settings.MEDIA_ROOT).as_posix()


def requeue_lost_parts(export: BulkExport) -> bool:
    """Queues files whose part is missing again (for example after a restore from a backup). Returns
    whether there are any."""
    folder = retention.folder(export)
    made = export.files.filter(state="made").only("part")
    lost = [file.pk for file in made if not (folder / file.part).is_file()]
    export.files.filter(pk__in=lost).update(state="waiting", part="", tries=0)
    return bool(lost)


def _leave_out_withdrawn(export: BulkExport) -> None:
    """Leave out files that the person no longer has access to."""
    references = file_access.withdrawn(export, User.objects.get(pk=export.by_id))
    withdrawn = export.files.filter(state="made", reference__in=references)
    blank = dict.fromkeys(("title", "family", "name", "sha256", "digest"), "")
    withdrawn.update(state="left_out", reason="gone", **blank)


def _fill(
    archive: zipfile.ZipFile,
    export: BulkExport,
    files: Sequence[BulkFile],
    renew: Callable[[], None],
) -> None:
    moment: ZipMoment = timezone.localtime(export.created_at).timetuple()[:6]
    for number, file in enumerate(f for f in files if f.state == "made"):
        if number % BATCH == 0:
            renew()
        is_compressed = FORMATS[file.format].extension.endswith(COMPRESSED)
        info = _entry(file.name, moment, is_compressed=is_compressed)
        part = retention.folder(export) / file.part
        info.file_size = part.stat().st_size
        with part.open("rb") as source, archive.open(info, "w") as entry:
            shutil.copyfileobj(source, entry)
    for name, text in (("index.html", _page(export, files)), ("index.csv", _table(export, files))):
        archive.writestr(_entry(name, moment), text.encode())


def _entry(name: str, moment: ZipMoment, *, is_compressed: bool = False) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, moment)
    info.external_attr = 0o644 << 16
    info.compress_type = zipfile.ZIP_STORED if is_compressed else zipfile.ZIP_DEFLATED
    return info


# --- the index


@dataclass(frozen=True)
class IndexRow:
    """One job description in the index: its files, and those left out with the reason."""

    first: BulkFile
    links: list[tuple[str, str]]
    left_out: list[tuple[str, str]]
    state: str


def _rows(files: Sequence[BulkFile]) -> Iterator[IndexRow]:
    for _reference, group in groupby(files, key=attrgetter("reference")):
        of_one = list(group)
        made = [file for file in of_one if file.state == "made"]
        links = [(str(FORMATS[f.format].label), quote(f.name)) for f in made]
        out = [f for f in of_one if f.state == "left_out"]
        left_out = [(str(FORMATS[f.format].label), f.why) for f in out]
        first = made[0] if made else of_one[0]
        yield IndexRow(first, links, left_out, _state(first))


def _state(file: BulkFile) -> str:
    return _("Draft") if file.number is None else _("Version %d") % file.number


def _page(export: BulkExport, files: Sequence[BulkFile]) -> str:
    style = render_to_string("exports/zip_index.css")
    context = {
        "style": mark_safe(f"<style>{style}</style>"),  # noqa: S308  # our own file
        "organization": Organization.objects.the().name,
        "rows": list(_rows(files)),
        "made": sum(file.state == "made" for file in files),
        "left_out": sum(file.state != "made" for file in files),
        "export": export,
    }
    return render_to_string("exports/zip_index.html", context)


def _table(export: BulkExport, files: Sequence[BulkFile]) -> str:
    """Returns CSV for spreadsheets: with a byte order mark for UTF-8, and without formulas."""
    out = io.StringIO(newline="")
    out.write("\N{ZERO WIDTH NO-BREAK SPACE}")
    writer = csv.writer(out)
    writer.writerow(
        [
            *(_("Reference"), _("Title"), _("Family"), _("Version"), _("Date"), _("SHA-256")),
            *(_("Audience"), _("Format"), _("File"), _("SHA-256 of the file"), _("Left out")),
        ]
    )
    for file in files:
        is_made = file.state == "made"
        cells = [
            *(file.reference, file.title, file.family, _state(file)),
            *(file.day.isoformat() if file.day else "", file.sha256),
            vocabulary.AUDIENCES.get(file.audience, "") if is_made else "",
            *(str(FORMATS[file.format].label), file.name, file.digest),
            "" if is_made else file.why,
        ]
        writer.writerow([_without_formula(cell) for cell in cells])
    return out.getvalue()


def _without_formula(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
