"""Which versions carry a fingerprint, and whether a file is of one: what the holder of a copy
is told."""

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
    """These digits begin more than one fingerprint."""


@dataclass(frozen=True, slots=True)
class MatchingVersion:
    """A version with the fingerprint, and what became of it: `state` is effective, superseded,
    ended (nothing came after it), never (it has not held), purged or untold."""

    reference: str
    number: int
    state: str
    saved: date | None = None
    since: date | None = None  # the first day on which it held
    until: date | None = None  # the first day on which it no longer did, or that of the purge
    is_archived: bool = False
    is_visible: bool = False  # to the person who asks


def matching_versions(digits: str, by: User | None) -> list[MatchingVersion]:
    """The versions whose fingerprint begins with these (lower-case, hexadecimal) digits. They
    all have one and the same; raises Ambiguous where they have not. A confidential job
    description is named and nothing more, but to those who may see it."""
    # A range, not a beginning: both databases find it in the index.
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
        *(_carrier(version, version.description_id in visible) for version in versions),
        *(_purged(tombstone) for tombstone in tombstones),
    ]


@dataclass(frozen=True, slots=True)
class CopyComparison:
    """What a file turned out to be: `made` here, byte for byte; data that says the `same` as a
    version, all of it or what some audience reads; `changed`: it names a version and says
    something else; or `unknown`. And the versions with that text."""

    result: str
    matching_versions: list[MatchingVersion]


def compare(name: str, data: bytes, by: User | None) -> CopyComparison:
    """What the file of that name is, as far as can be told. Of a PDF that was not made here the
    attached data is compared, not what is on its pages."""
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
    """Those of these job descriptions that the person may see."""
    if by is None:
        return set()
    found = JobDescription.objects.visible_to(by).filter(pk__in=descriptions)
    return set(found.values_list("pk", flat=True))


def _carrier(version: Version, is_visible: bool) -> MatchingVersion:
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
    """Whether and when the version held, of all that held of its job description: the last
    time counts, and what is planned does not."""
    today = timezone.localdate()
    exact = [row for row in rows if row.version_id == version.pk and row.since <= today]
    if not exact:
        return "never", None
    last = max(exact, key=lambda row: row.since)
    if last.until is None or last.until > today:
        return "current", last
    followed = any(row.since == last.until for row in rows)
    return ("superseded" if followed else "ended"), last


def _purged(tombstone: Tombstone) -> MatchingVersion:
    """Without a day: it may have been confidential."""
    return MatchingVersion(tombstone.reference, tombstone.number, "purged")
