"""Applies a rollout: one version and one review for each job description, in a transaction each,
so another process can continue if one is killed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from roles import drafts, leases, versions
from roles.drafts import changes
from roles.limits import LEFT_OUT_REASON_LIMIT
from roles.models import (
    Event,
    JobDescription,
    Rollout,
    RolloutEntry,
    SnippetRevision,
    User,
)
from roles.models.rollout import RolloutEntryQuerySet
from roles.reviews import notify, requests
from roles.reviews.assignments import ReviewerRequest
from roles.rollouts import impact

log = logging.getLogger(__name__)

MAX_DESCRIPTIONS = 200  # of one rollout


def start(
    *,
    revision: SnippetRevision,
    descriptions: Sequence[JobDescription],
    by: User,
    approver: User,
    note: str = "",
    due: date | None = None,
    replacing: Collection[int] = (),
) -> Rollout:
    """Creates a rollout for these job descriptions and returns it; `run` applies it. Job
    descriptions that can't be updated are skipped with the reason, and so are reworded ones unless
    their ids are in `replacing`. Raises drafts.ActionRefused if too few or too many are selected,
    the snippet has a newer revision or is retired, the approver is `by` or deactivated, or the
    due date is in the past or too far away."""
    keys = {one.pk for one in descriptions}
    _check(revision, keys, by, approver, due)
    rows = impact.loaded(JobDescription.objects.visible_to(by).filter(pk__in=keys))
    found = impact.examine(revision, [one for one in rows if impact.may_change(by, one)])
    if not found:
        raise drafts.ActionRefused(_("Select at least one job description."))
    rollout = Rollout(revision=revision, by=by, approver=approver, note=note, due=due)
    rollout.full_clean()
    with transaction.atomic():
        rollout.save()
        RolloutEntry.objects.bulk_create(
            RolloutEntry(
                rollout=rollout,
                description=one.description,
                reason=one.reason or _reworded(one, replacing),
            )
            for one in found
        )
        _record(rollout, "rollout.asked", references=[r.description.reference for r in found])
    return rollout


def run(rollout_id: int, *, stopping: Callable[[], bool] = lambda: False) -> bool:
    """Applies a rollout to its remaining job descriptions. Returns False if `stopping` interrupted
    it; True if it is finished or another process works on it."""
    lease = leases.claim(Rollout.objects.unfinished().filter(pk=rollout_id))
    if lease is None:
        return True
    try:
        with leases.Heartbeat(lease) as heartbeat:
            rollout = lease.rows().select_related("revision__snippet", "by", "approver").get()
            for entry in _entries(rollout).waiting().select_related("description"):
                if stopping():
                    return False
                _apply_to_entry(rollout, entry, heartbeat.renew)
            _finish(rollout, lease)
    except leases.LeaseLost:
        log.warning("rollout %d is continued by another process", rollout_id)
    finally:
        lease.release()
    return True


def _apply_to_entry(rollout: Rollout, entry: RolloutEntry, renew: Callable[[], None]) -> None:
    """Applies the rollout to one job description, in one transaction. `renew` renews the lease and
    raises LeaseLost."""
    try:
        with transaction.atomic():
            renew()
            _apply(rollout, entry)
    except drafts.ActionRefused as error:
        _leave_out(entry, error.message)
    except drafts.StaleDraft:
        _leave_out(entry, _("Someone changed it during the rollout."))
    except ValidationError as error:
        _leave_out(entry, " ".join(error.messages))


def _apply(rollout: Rollout, entry: RolloutEntry) -> None:
    revision, by = rollout.revision, rollout.by
    JobDescription.objects.lock(entry.description_id)
    description = _editable_description(rollout, entry)
    found = impact.preview(revision=revision, description=description)
    if found.reason:
        raise drafts.ActionRefused(found.reason)
    draft = drafts.apply(
        description=description,
        by=by,
        token=description.edit_token,
        changes=[changes.TakeRevision(uid, revision.pk) for uid in found.lines],
    )
    version = versions.save(
        description=draft.description,
        by=by,
        token=draft.description.edit_token,
        note=_("Revised wording from the library (rollout %d)") % rollout.pk,
    )
    review = requests.request_review(
        version=version,
        reviewers=[ReviewerRequest(user=rollout.approver, sections=found.sections)],
        by=by,
        due=rollout.due,
        note=rollout.note,
        rollout=rollout,
    )
    RolloutEntry.objects.filter(pk=entry.pk).update(version=version, review=review)


def _editable_description(rollout: Rollout, entry: RolloutEntry) -> JobDescription:
    """Returns the job description. Raises ActionRefused if the person who started the rollout can
    no longer edit it, or if it has a newer version than the rollout."""
    visible = JobDescription.objects.visible_to(rollout.by).filter(pk=entry.description_id)
    found = impact.loaded(visible).first()
    if found is None or not impact.may_change(rollout.by, found):
        raise drafts.ActionRefused(
            _("The person who started this rollout can no longer edit this job description.")
        )
    if found.versions.filter(created_at__gt=rollout.created_at).exists():
        raise drafts.ActionRefused(_("A version was saved after the rollout started."))
    return found


def _leave_out(entry: RolloutEntry, reason: str) -> None:
    waiting = RolloutEntry.objects.waiting().filter(pk=entry.pk)
    waiting.update(reason=reason[:LEFT_OUT_REASON_LIMIT])


def _finish(rollout: Rollout, lease: leases.Lease[Rollout]) -> None:
    """Notifies the approver once, for all job descriptions. Raises LeaseLost."""
    with transaction.atomic():
        if not lease.release(finished_at=timezone.now()):
            raise leases.LeaseLost
        entries = _entries(rollout)
        made = entries.exclude(version=None).count()
        left_out = entries.filter(version=None).count()
        _record(rollout, "rollout.made", made=made, left_out=left_out)
        if made:
            what = {"count": made, "due": rollout.due.isoformat() if rollout.due else None}
            notify.notify_of_rollout(
                rollout, "rollout.asked", [rollout.approver], rollout.by, **what
            )


def _entries(rollout: Rollout) -> RolloutEntryQuerySet:
    found = RolloutEntry.objects.filter(rollout=rollout)
    assert isinstance(found, RolloutEntryQuerySet)  # noqa: S101  # narrows the type
    return found


def _reworded(found: impact.Impact, replacing: Collection[int]) -> str:
    if not found.is_reworded or found.description.pk in replacing:
        return ""
    return _("Its author reworded the snippet.")


def _check(
    revision: SnippetRevision, keys: Collection[int], by: User, approver: User, due: date | None
) -> None:
    if len(keys) > MAX_DESCRIPTIONS:
        words = _("A rollout can include up to %d job descriptions. Select fewer.")
        raise drafts.ActionRefused(words % MAX_DESCRIPTIONS)
    if approver == by:
        raise drafts.ActionRefused(
            _("You can’t approve your own rollout. Choose another approver.")
        )
    if not approver.is_active:
        raise drafts.ActionRefused(
            _("%s’s account is deactivated. Choose another approver.") % approver
        )
    if due is not None:
        requests.refuse_date(due)
    if revision.snippet.latest() != revision:
        raise drafts.ActionRefused(
            _("This snippet has a newer revision. Roll out that one instead.")
        )
    if not revision.snippet.is_offered:
        raise drafts.ActionRefused(_("This snippet is retired. Activate it to roll it out."))


def _record(rollout: Rollout, verb: str, **what: Any) -> None:
    Event.objects.record(
        by=rollout.by,
        verb=verb,
        about=rollout,
        snippet=rollout.revision.snippet_id,
        revision=rollout.revision.number,
        approver=rollout.approver_id,
        **what,
    )
