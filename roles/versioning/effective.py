"""Which version holds when: made effective from a day, superseded by the next."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from roles import drafting
from roles.models import Effective, Event, JobDescription, User, Version


def make_effective(*, version: Version, since: date, by: User) -> Effective:
    """Let the version hold from the day `since` on; the one that held before is superseded on
    that day, and what was planned for later gives way. Raises drafting.Refused where the
    version has open placeholders or already holds, where its job description is archived, and
    for a day before it was saved or before the one that holds now began. One that began on the
    same day gives way as well."""
    with transaction.atomic():
        description = JobDescription.objects.select_for_update().get(pk=version.description_id)
        planned = description.effective.filter(since__gt=timezone.localdate())
        held = description.effective.exclude(pk__in=planned).order_by("-since").first()
        _refuse(version, since, description, held)
        planned.delete()
        if held is not None:
            _supersede(held, since)
        row = Effective(description=description, version=version, since=since, by=by)
        row.full_clean(validate_unique=False, validate_constraints=False)
        row.save()
        Event.objects.record(
            by=by,
            verb="version.effective",
            about=version,
            chain=description.reference,
            number=version.number,
            since=since.isoformat(),
            supersedes=held.version.number if held else None,
        )
    return row


def on(description: JobDescription, day: date) -> Version | None:
    """The version that held on that day, without its text, or None."""
    row = description.effective.on(day).select_related("version").defer("version__text").first()
    return row.version if row else None


def _supersede(held: Effective, since: date) -> None:
    """End it on that day; one that began on the same day never held, and goes."""
    if held.since == since:
        held.delete()
    elif held.until is None or held.until > since:
        held.until = since
        held.save()


def _refuse(
    version: Version, since: date, description: JobDescription, held: Effective | None
) -> None:
    """Raise drafting.Refused where the version may not hold from that day."""
    if description.status == "archived":
        raise drafting.Refused(_("It is archived. Bring it back first."))
    open_words = version.document.open_words()
    if open_words:
        raise drafting.Refused(
            _("These placeholders are open: %s. Answer them in the draft and save a new version.")
            % ", ".join(open_words)
        )
    saved = timezone.localdate(version.created_at)
    if since < saved:
        raise drafting.Refused(
            _("It was saved on %s: choose that day or a later one.") % saved.isoformat()
        )
    if held is not None and held.until is None and held.version_id == version.pk:
        raise drafting.Refused(_("This version already holds."))
    if held is not None and since < held.since:
        raise drafting.Refused(
            _("Version %(number)d holds since %(day)s: choose a later day.")
            % {"number": held.version.number, "day": held.since.isoformat()}
        )
