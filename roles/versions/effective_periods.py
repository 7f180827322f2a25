"""Which version holds when: made effective from a day, superseded by the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from roles import drafts
from roles.models import Approval, EffectivePeriod, Event, JobDescription, User, Version
from roles.models.version import EffectivePeriodQuerySet
from roles.versions import description_index


@dataclass(frozen=True, slots=True)
class EffectiveStatus:
    """Where a version is: effective since `day`, planned from it, superseded on it by the
    next, or ended on it with none after."""

    state: str  # effective | planned | superseded | ended
    day: date
    number: int


def make_effective(*, version: Version, since: date, by: User) -> EffectivePeriod:
    """Let the version hold from the day `since` on; the one that held before is superseded on
    that day, and what was planned for later gives way. Raises drafts.ActionRefused where the
    version is not approved, has open placeholders or already holds, where its job description is
    archived, and for a day before it was saved or before the one that holds now began. One that
    began on the same day gives way as well; one that holds already goes on without the plan to
    replace it."""
    with transaction.atomic():
        description = JobDescription.objects.select_for_update().get(pk=version.description_id)
        today = timezone.localdate()
        rows = list(description.effective_periods.select_related("version").defer("version__text"))
        periods = next((row for row in rows if row.since <= today), None)  # the newest comes first
        planned = next((row for row in rows if row.since > today), None)
        _refuse(version, since, description, periods)
        if planned is not None:
            _refuse_twice(planned, version, since)
            planned.delete()
        row = _goes_on(periods, version, since, today)
        if row is None:
            if periods is not None:
                _supersede(periods, since, today)
            row = EffectivePeriod(description=description, version=version, since=since, by=by)
            row.full_clean(validate_unique=False, validate_constraints=False)
        row.save()
        description_index.save_index(version)
        Event.objects.record(
            by=by,
            verb="version.effective",
            about=version,
            chain=description.reference,
            number=version.number,
            since=row.since.isoformat(),
            supersedes=periods.version.number if periods and periods.pk != row.pk else None,
            withdraws=planned.version.number if planned else None,
        )
    return row


def current_on(description: JobDescription, day: date) -> Version | None:
    """The version that held on that day, without its text, or None."""
    row = (
        description.effective_periods.on(day)
        .select_related("version")
        .defer("version__text")
        .first()
    )
    return row.version if row else None


def statuses(description: JobDescription, today: date) -> dict[int, EffectiveStatus]:
    """Where each version is that holds, held or will hold, by its id; the newest first."""
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
    """Of these, the one that is `effective` and the one that is `planned`."""
    states = {status.state: status for status in statuses.values()}
    return {state: states.get(state) for state in ("current", "planned")}


def obstacle(version: Version, description: JobDescription) -> str:
    """Why the version can hold on no day at all, or nothing."""
    if description.status == "archived":
        return _("This job description is archived. Restore it first.")
    open_words = version.document.open_words()
    if open_words:
        words = _("Fill in these placeholders in the draft, then save a new version: %s.")
        return words % ", ".join(open_words)
    if not is_approved(version):
        return _("This version isn’t approved. Send it for review first.")
    return ""


def is_approved(version: Version) -> bool:
    """Whether a review approved this version."""
    return Approval.objects.filter(version=version).exists()


def _goes_on(
    periods: EffectivePeriod | None, version: Version, since: date, today: date
) -> EffectivePeriod | None:
    """The row of the version that holds, without its end, where it is to hold anyway."""
    if periods is None or periods.version_id != version.pk:
        return None
    if periods.until is not None and periods.until <= today and periods.until < since:
        return None
    periods.until = None
    return periods


def _supersede(periods: EffectivePeriod, since: date, today: date) -> None:
    """End it on that day; one that began on the same day never held, and goes. An end in the
    future was that of a plan which has given way; one in the past stays."""
    if periods.since == since:
        periods.delete()
    elif periods.until is None or periods.until > min(since, today):
        periods.until = since
        periods.save()


def _refuse(
    version: Version, since: date, description: JobDescription, periods: EffectivePeriod | None
) -> None:
    """Raise drafts.ActionRefused where the version may not hold from that day."""
    reason = obstacle(version, description)
    if reason:
        raise drafts.ActionRefused(reason)
    if periods is not None and periods.version_id == version.pk and periods.until is None:
        raise drafts.ActionRefused(_("This version is already current."))
    saved = timezone.localdate(version.created_at)
    if since < saved:
        raise drafts.ActionRefused(
            _("This version was saved on %s. Choose that date or later.") % _day(saved)
        )
    if periods is not None and since < periods.since:
        raise drafts.ActionRefused(
            _("Version %(number)d has been current since %(day)s. Choose that date or later.")
            % {"number": periods.version.number, "day": _day(periods.since)}
        )


def _refuse_twice(planned: EffectivePeriod, version: Version, since: date) -> None:
    if planned.version_id == version.pk and planned.since == since:
        raise drafts.ActionRefused(_("This version is already scheduled for that date."))


def _day(day: date) -> str:
    return formats.date_format(day, "DATE_FORMAT")


def readable_today(user: User) -> EffectivePeriodQuerySet:
    """What holds today, of what this person may read."""
    found = EffectivePeriod.objects.all()
    assert isinstance(found, EffectivePeriodQuerySet)  # noqa: S101  # narrows the type
    return found.readable_by(user, timezone.localdate())
