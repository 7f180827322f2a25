"""Orders of exports: create, cancel, retry."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from roles import leases
from roles.bulk_exports import ExportRefused, file_access, retention
from roles.exporters import FORMATS
from roles.models import BulkExport, BulkFile, EffectivePeriod, Event, User, Version

MAX_FILES = 2000  # of one export
MAX_UNFINISHED = 5  # exports of one person


def order(
    *,
    by: User,
    references: Collection[str],
    formats: Sequence[str],
    audience: str = "restricted",
    text: str = "current",
    site: str = "",
    wants_email: bool = True,
) -> BulkExport:
    """Order these job descriptions in these formats, for `audience` or the widest that the person
    can read of each. The version of each (`text`, a key of models.bulk_export.TEXTS) is set now.
    Returns the export, which waits for a worker. Raises ExportRefused if nothing is left to
    export, or if it's too much."""
    allowed = file_access.audiences(by, references)
    chosen = [code for code in FORMATS if code in formats]
    ordered = file_access.visible(by, allowed).order_by(Lower("job_family__name"), "reference")
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)  # two orders at once are counted
        _refuse(by, len(allowed), len(chosen))
        export = BulkExport.objects.create(
            by=by,
            formats=chosen,
            audience=audience,
            text=text,
            total=len(allowed) * len(chosen),
            site=site,
            wants_email=wants_email,
        )
        _create_files(export, ordered.values_list("reference", flat=True), _numbers(allowed, text))
        Event.objects.record(
            by=by,
            verb="export.asked",
            about=export,
            references=sorted(allowed),
            formats=chosen,
            audience=audience,
            text=text,
        )
    return export


def _create_files(
    export: BulkExport, references: Iterable[str], numbers: Mapping[str, int]
) -> None:
    """Create one file for each job description and format, in this order."""
    files = [(reference, code) for reference in references for code in export.formats]
    BulkFile.objects.bulk_create(
        BulkFile(
            export=export,
            position=position,
            reference=reference,
            format=code,
            number=numbers.get(reference),
        )
        for position, (reference, code) in enumerate(files, 1)
    )


def cancel(*, export: BulkExport) -> bool:
    """Stop the export and remove its files. Returns False if it was already finished. Workers
    notice before their next file, the one that writes the ZIP when it renews its lease."""
    unfinished = BulkExport.objects.unfinished().filter(pk=export.pk)
    now = timezone.now()
    # A process that is killed before it notices leaves a part: retention.remove_expired follows.
    later = now + timedelta(seconds=leases.STUCK_SECONDS)
    stopped = unfinished.update(state="cancelled", finished_at=now, expires_at=later, lease="")
    if stopped:
        retention.remove_files(export)
    return bool(stopped)


def retry(*, export: BulkExport) -> bool:
    """Queue a failed export again, with its rendered files. Returns False if it hasn't failed."""
    failed = BulkExport.objects.filter(pk=export.pk, state="failed")
    with transaction.atomic():
        never: dict[str, None] = dict.fromkeys(
            ("started_at", "finished_at", "expires_at", "emailed_at")
        )
        expiry = leases.new_expiry()
        is_waiting = failed.update(state="waiting", reason="", lease_expires_at=expiry, **never)
        if is_waiting:
            missing = export.files.exclude(state="made")
            missing.update(state="waiting", reason="", explanation="", tries=0, lease="")
    return bool(is_waiting)


def _refuse(by: User, documents: int, formats: int) -> None:
    if not documents:
        raise ExportRefused(_("Nothing to export. Select job descriptions in the list."))
    if not formats:
        raise ExportRefused(_("Choose at least one format."))
    if documents * formats > MAX_FILES:
        raise ExportRefused(
            _(
                "An export can have at most %(most)d files. You selected %(files)d. Choose fewer"
                " formats or job descriptions."
            )
            % {"files": documents * formats, "most": MAX_FILES}
        )
    if BulkExport.objects.unfinished().filter(by=by).count() >= MAX_UNFINISHED:
        raise ExportRefused(
            ngettext(
                "You have %d unfinished export. Wait until it’s ready, or cancel it.",
                "You have %d unfinished exports. Wait until one is ready, or cancel one.",
                MAX_UNFINISHED,
            )
            % MAX_UNFINISHED
        )


def _numbers(references: Collection[str], text: str) -> dict[str, int]:
    """Returns the version number of each reference, without those exported as drafts."""
    if text == "draft":
        return {}
    newest = Version.objects.filter(description__reference__in=references).order_by()
    numbers: dict[str, int] = dict(
        newest.values_list("description__reference").annotate(Max("number"))
    )
    if text == "current":
        rows = EffectivePeriod.objects.filter(description__reference__in=references)
        current = rows.filter(pk__in=EffectivePeriod.objects.on(timezone.localdate()))
        numbers |= dict(current.values_list("description__reference", "version__number"))
    return numbers
