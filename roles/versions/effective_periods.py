"""The current version on each day: from its effective date until another one replaces it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from roles import drafts
from roles.models import Approval, EffectivePeriod, Event, JobDescription, User, Version
from roles.models.version import EffectivePeriodQuerySet
from roles.versions import description_index, prepared_files


@dataclass(frozen=True, slots=True)
class EffectiveStatus:
    """The status of a version: current since `day`, planned for it, superseded on it by another
    version, or ended on it without a successor."""

    state: str  # current | planned | superseded | ended
    day: date
    number: int


def make_effective(*, version: Version, since: date, by: User) -> EffectivePeriod:
    """Make the version current from the date `since`. The current version is superseded on that
    date (or removed if it started on the same date), and a planned one is dropped. If the version
    is current already, only the plan to replace it is dropped.

    Raises drafts.ActionRefused if the version isn't approved, has blank placeholders, or is
    already current, if its job description is archived, or if the date is before the version was
    saved or before the current one started."""
    with transaction.atomic():
        description = JobDescription.objects.lock(version.description_id)
        today = timezone.localdate()
        rows = list(description.effective_periods.select_related("version").defer("version__text"))
        latest = next((row for row in rows if row.since <= today), None)  # the first is newest
        planned = next((row for row in rows if row.since > today), None)
        _refuse(version, since, description, latest)
        if planned is not None:
            _refuse_twice(planned, version, since)
            planned.delete()
        index = description_index.save_index(version)
        row = _goes_on(latest, version, since, today)
        if row is None:
            if latest is not None:
                _supersede(latest, since, today)
            row = EffectivePeriod(description=description, version=version, since=since, by=by)
            row.title, row.reference = index.title, description.reference
            row.full_clean(validate_unique=False, validate_constraints=False)
        row.save()
        Event.objects.record(
            by=by,
            verb="version.effective",
            about=version,
            chain=description.reference,
            number=version.number,
            since=row.since.isoformat(),
            supersedes=latest.version.number if latest and latest.pk != row.pk else None,
            withdraws=planned.version.number if planned else None,
        )
        prepared_files.request(version)
    return row


def current_on(description: JobDescription, day: date) -> Version | None:
    """Returns the version that was current on that day, without its text, or None."""
    row = (
        description.effective_periods.on(day)
        .select_related("version")
        .defer("version__text")
        .first()
    )
    return row.version if row else None


def statuses(description: JobDescription, today: date) -> dict[int, EffectiveStatus]:
    """Returns the status of each current, previous, or planned version by id, newest first."""
    rows = list(description.effective_periods.select_related("version").defer("version__text"))
    beginnings = {row.since for row in rows}
    found: dict[int, EffectiveStatus] = {}
    for row in rows:
        if row.since > today:
            state, day = "planned", row.since
        elif row.until is None or row.until > today:
            state, day = "current", row.since
        else:
            state, day = "superseded" if row.until in beginnings else "ended", row.until
        found.setdefault(row.version_id, EffectiveStatus(state, day, row.version.number))
    return found


def current_and_planned(statuses: dict[int, EffectiveStatus]) -> dict[str, EffectiveStatus | None]:
    """Returns the `current` and the `planned` one of these, or None for each."""
    states = {status.state: status for status in statuses.values()}
    return {state: states.get(state) for state in ("current", "planned")}


def obstacle(version: Version, description: JobDescription) -> str:
    """Returns why the version can't be made current on any date, or ""."""
    if description.status == "archived":
        return str(drafts.ARCHIVED)
    open_words = version.document.open_words()
    if open_words:
        words = _("Fill in these placeholders in the draft, then save a new version: %s.")
        return words % ", ".join(open_words)
    if not is_approved(version):
        return _("This version isn’t approved. Send it for review first.")
    return ""


def is_approved(version: Version) -> bool:
    """Returns whether this version is approved."""
    return Approval.objects.filter(version=version).exists()


def _goes_on(
    latest: EffectivePeriod | None, version: Version, since: date, today: date
) -> EffectivePeriod | None:
    """Returns the period without its end if it's of this version, which stays current, or None."""
    if latest is None or latest.version_id != version.pk:
        return None
    if latest.until is not None and latest.until <= today and latest.until < since:
        return None
    latest.until = None
    return latest


def _supersede(latest: EffectivePeriod, since: date, today: date) -> None:
    """End the period on that day, or delete it if it started on the same day. An end in the future
    belonged to a dropped plan; one in the past is kept."""
    if latest.since == since:
        latest.delete()
    elif latest.until is None or latest.until > min(since, today):
        latest.until = since
        latest.save()


def _refuse(
    version: Version, since: date, description: JobDescription, latest: EffectivePeriod | None
) -> None:
    """Raise drafts.ActionRefused if the version can't be made current from that day."""
    reason = obstacle(version, description)
    if reason:
        raise drafts.ActionRefused(reason)
    if latest is not None and latest.version_id == version.pk and latest.until is None:
        raise drafts.ActionRefused(_("This version is already current."))
    saved = timezone.localdate(version.created_at)
    if since < saved:
        raise drafts.ActionRefused(
            _("This version was saved on %s. Choose that date or later.") % _day(saved)
        )
    if latest is not None and since < latest.since:
        raise drafts.ActionRefused(
            _("Version %(number)d has been current since %(day)s. Choose that date or later.")
            % {"number": latest.version.number, "day": _day(latest.since)}
        )


def _refuse_twice(planned: EffectivePeriod, version: Version, since: date) -> None:
    if planned.version_id == version.pk and planned.since == since:
        raise drafts.ActionRefused(_("This version is already scheduled for that date."))


def _day(day: date) -> str:
    return formats.date_format(day, "DATE_FORMAT")


def readable_today(user: User) -> EffectivePeriodQuerySet:
    """Returns the current periods that this person can read."""
    found = EffectivePeriod.objects.all()
    assert isinstance(found, EffectivePeriodQuerySet)  # noqa: S101  # narrows the type
    return found.readable_by(user, timezone.localdate())
