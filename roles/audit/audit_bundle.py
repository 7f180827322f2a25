"""The audit record as one ZIP: the job description as of a day, and who approved it."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import formats, timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from roles import drafts, vocabulary
from roles.audit import audit_record
from roles.exporters import FORMATS, CannotExport
from roles.models import Event, JobDescription, User, discussion
from roles.versions import rendered_files

# Labels of the codes on the page, by field name.
LABELS: dict[str, dict[str, Any]] = {
    "state": {**vocabulary.REVIEW_STATES, **discussion.SUGGESTION_STATES, "open": _lazy("Open")},
    "kind": {**vocabulary.DECISIONS_MADE, **discussion.SUGGESTIONS},
    "role": vocabulary.ROLES,
    "removal_reason": vocabulary.REMOVAL_REASONS,
    "requirement": vocabulary.REQUIREMENTS,
}


@dataclass(frozen=True)
class AuditBundle:
    """The ZIP's bytes, and its file name."""

    name: str
    content: bytes


def bundle(
    *, description: JobDescription, day: date, audience: str, by: User | None
) -> AuditBundle:
    """Returns the audit record as of the end of that day, for that audience: the version of that
    day as PDF and JSON, the versions, all reviews with comments, suggestions and decisions, the
    chain of events, and a manifest of hashes. The same past day gives the same bytes while names
    and renderers stay the same. Downloading it is an event, recorded after its content. Raises
    drafts.ActionRefused for a future day, one before the first version, or a version that takes too
    long to print."""
    if day > timezone.localdate():
        raise drafts.ActionRefused(
            _("This date is in the future. Choose today or an earlier date.")
        )
    record = audit_record.AuditRecord(description, day, audience)
    if record.version is None:
        raise drafts.ActionRefused(_("There was no version on that date. Choose a later date."))
    content = _zip(_members(record), day)
    with transaction.atomic():
        Event.objects.record(
            by=by,
            verb="evidence.taken",
            about=record.version,
            chain=description.reference,
            number=record.version.number,
            day=day.isoformat(),
            audience=audience,
            sha256=hashlib.sha256(content).hexdigest(),
        )
    return AuditBundle(f"{description.reference} audit record {day.isoformat()}.zip", content)


def _members(record: audit_record.AuditRecord) -> dict[str, bytes]:
    """Returns content by name in the ZIP. The manifest comes last and lists the others."""
    version = record.version
    assert version is not None  # noqa: S101  # the caller refused
    stem = f"{record.description.reference}-version-{version.number}"
    found = {
        f"{stem}.{FORMATS[form].extension}": _rendered(record, form) for form in ("pdf", "json")
    }
    versions = list(audit_record.described_versions(record))
    found["versions.json"] = _json(versions)
    found["reviews.json"] = _json(record.reviews)
    found["events.json"] = _json(record.events)
    found["reviews.html"] = _page(record, versions)
    found["README.txt"] = render_to_string("audit/readme.txt", _about(record)).encode()
    found["manifest.json"] = _json(_manifest(record, found))
    return found


def _rendered(record: audit_record.AuditRecord, form: str) -> bytes:
    assert record.version is not None  # noqa: S101  # the caller refused
    record.version.description = record.description
    try:
        stored = rendered_files.rendered(
            version=record.version, format=form, audience=record.audience
        )
    except CannotExport as problem:
        raise drafts.ActionRefused(problem.message) from None
    with stored.file.open("rb") as file:
        content: bytes = file.read()
    return content


def _manifest(record: audit_record.AuditRecord, found: Mapping[str, bytes]) -> dict[str, Any]:
    version = record.version
    assert version is not None  # noqa: S101  # the caller refused
    last = record.events[-1] if record.events else None
    return {
        "reference": record.description.reference,
        "day": record.day.isoformat(),
        "audience": record.audience,
        "version": {"number": version.number, "sha256": version.sha256},
        "events": {"count": len(record.events), "last_hash": last["hash"] if last else ""},
        "files": {
            name: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
            for name, content in found.items()
        },
    }


def _page(record: audit_record.AuditRecord, versions: list[dict[str, Any]]) -> bytes:
    """Returns the reviews as an HTML page without scripts."""
    lists = {"reviews": _for_people(record.reviews), "versions": _for_people(versions)}
    style = render_to_string("audit/reviews.css")
    context = {
        **_about(record),
        **lists,
        "style": mark_safe(f"<style>\n{style}</style>"),  # noqa: S308  # ours, without values
    }
    return render_to_string("audit/reviews.html", context).encode()


def _for_people(value: Any, name: str = "") -> Any:
    """Returns the value with labels instead of codes, and formatted times."""
    if isinstance(value, dict):
        return {key: _for_people(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [_for_people(item, name) for item in value]
    if isinstance(value, str) and (name == "at" or name.endswith("_at")):
        moment = timezone.localtime(datetime.fromisoformat(value))
        return formats.date_format(moment, "Y-m-d H:i")
    return LABELS.get(name, {}).get(value, value) if isinstance(value, str) else value


def _about(record: audit_record.AuditRecord) -> dict[str, Any]:
    assert record.version is not None  # noqa: S101  # the caller refused
    return {
        "description": record.description,
        "title": record.version.document.for_audience(record.audience).filled().title,
        "day": formats.date_format(record.day, "DATE_FORMAT"),
        "version": record.version,
        "audience": vocabulary.AUDIENCES[record.audience],
        "is_whole": record.audience == "restricted",
    }


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True).encode() + b"\n"


def _zip(members: Mapping[str, bytes], day: date) -> bytes:
    """Packs the files so that the same content gives the same bytes."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, (max(day.year, 1980), day.month, day.day, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)
    return raw.getvalue()
