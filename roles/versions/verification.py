"""Verification of copies: the versions with a fingerprint, and the version of a file."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from roles import document, importers, vocabulary
from roles.models import EffectivePeriod, JobDescription, RenderedFile, Tombstone, User, Version


class Ambiguous(Exception):  # noqa: N818
    """More than one fingerprint starts with these digits."""


@dataclass(frozen=True, slots=True)
class MatchingVersion:
    """A version with the fingerprint. `state` is current, superseded, ended (without a successor),
    never (never current), purged, or untold (confidential)."""

    reference: str
    number: int
    state: str
    saved: date | None = None
    since: date | None = None  # first day on which it was current
    until: date | None = None  # first day on which it no longer was
    is_archived: bool = False
    is_visible: bool = False  # to the signed-in person


def matching_versions(digits: str, by: User | None) -> list[MatchingVersion]:
    """Returns the versions whose fingerprint starts with these digits (lower-case hexadecimal).
    Raises Ambiguous if they have different fingerprints. Of a confidential job description, people
    without access get only the reference and the number."""
    # A range instead of a prefix, because both databases use the index for it.
    within = Q(sha256__gte=digits, sha256__lt=f"{digits}g")
    versions = (
        Version.objects.filter(within)
        .select_related("description")
        .only(
            *("number", "sha256", "created_at"),
            *(f"description__{name}" for name in ("reference", "status", "confidential")),
        )
        .prefetch_related("description__effective_periods")
        .order_by("description__reference", "number")
    )
    tombstones = list(Tombstone.objects.filter(within).order_by("reference", "number"))
    if len({row.sha256 for row in versions} | {row.sha256 for row in tombstones}) > 1:
        raise Ambiguous
    visible = _visible({version.description_id for version in versions}, by)
    return [
        *(_matching_version(version, version.description_id in visible) for version in versions),
        *(_purged(tombstone) for tombstone in tombstones),
    ]


@dataclass(frozen=True, slots=True)
class CopyComparison:
    """The result for a file, and the matching versions. `result` is `made` (identical to a rendered
    file), `same` (data of a version, in whole or for an audience), `changed` (refers to a version
    but has different text), or `unknown`."""

    result: str
    matching_versions: list[MatchingVersion]


def compare(name: str, data: bytes, by: User | None) -> CopyComparison:
    """Returns whether the file is a genuine copy. Of a PDF that wasn't rendered here, the attached
    data is compared, not the pages."""
    made = RenderedFile.objects.filter(digest=hashlib.sha256(data).hexdigest())
    fingerprint = made.values_list("version__sha256", flat=True).first()
    if fingerprint:
        return CopyComparison("made", matching_versions(fingerprint, by))
    try:
        file = importers.read(name, data)
    except importers.Unreadable:
        return CopyComparison("unknown", [])
    fingerprint = file.sha256 or document.sha256(file.document.canonical_json())
    version = Version.objects.filter(sha256=fingerprint).first()
    if version is None:
        return CopyComparison("unknown", [])
    whole = version.document
    is_same = file.document in (whole, *map(whole.for_audience, vocabulary.AUDIENCE_ORDER))
    return CopyComparison("same" if is_same else "changed", matching_versions(fingerprint, by))


def _visible(descriptions: Collection[int], by: User | None) -> set[int]:
    """Returns the ids of those job descriptions that the person can see."""
    if by is None:
        return set()
    found = JobDescription.objects.visible_to(by).filter(pk__in=descriptions)
    return set(found.values_list("pk", flat=True))


def _matching_version(version: Version, is_visible: bool) -> MatchingVersion:
    description = version.description
    if description.confidential and not is_visible:
        return MatchingVersion(description.reference, version.number, "untold")
    state, row = _state_of(version, list(description.effective_periods.all()))
    return MatchingVersion(
        description.reference,
        version.number,
        state,
        saved=timezone.localdate(version.created_at),
        since=row.since if row else None,
        until=row.until if row and state != "current" else None,
        is_archived=description.status == "archived",
        is_visible=is_visible,
    )


def _state_of(version: Version, rows: list[EffectivePeriod]) -> tuple[str, EffectivePeriod | None]:
    """Returns the state of the version and its last period until today. Planned periods don't
    count."""
    today = timezone.localdate()
    own = [row for row in rows if row.version_id == version.pk and row.since <= today]
    if not own:
        return "never", None
    last = max(own, key=lambda row: row.since)
    if last.until is None or last.until > today:
        return "current", last
    followed = any(row.since == last.until for row in rows)
    return ("superseded" if followed else "ended"), last


def _purged(tombstone: Tombstone) -> MatchingVersion:
    """Returns the purged version without a date: it might have been confidential."""
    return MatchingVersion(tombstone.reference, tombstone.number, "purged")
