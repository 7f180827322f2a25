"""History: the events of a job description, and the version that was current on a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from roles.models import ChainHead, Event, JobDescription, Version
from roles.versions import effective_periods
from roles.web.shared import activity_messages, key_pages
from roles.web.shared.access import get_description
from roles.web.shared.sort_order import SortOrder
from roles.web.versions.version_forms import HistoryDateForm

PAGE_SIZE = 50
NEWEST_FIRST = SortOrder("", ("number",), is_descending=True)
CHAIN_CHECK_LIMIT = 500  # events; a longer chain takes too long to check for a page

Day = tuple[date, list[activity_messages.ActivityMessage]]


@require_safe
def history(request: HttpRequest, reference: str) -> HttpResponse:
    """The events of a job description, newest first, and the version of the chosen day."""
    description = get_description(request, reference, "description.view")
    form = HistoryDateForm(request.GET if "on" in request.GET else None)
    events = Event.objects.filter(chain=reference).exclude(verb__in=activity_messages.FOLDED)
    page = key_pages.page_of(request, events, NEWEST_FIRST, PAGE_SIZE)
    context = {
        "description": description,
        "form": form,
        "result": _on_day(description, form.cleaned_data["on"]) if form.is_valid() else None,
        "page": page,
        "days": _days(_messages(reference, page)),
        "chain": _chain(reference),
        "today": timezone.localdate(),
    }
    return render(request, "versions/history.html", context)


def _messages(reference: str, page: key_pages.KeyPage) -> list[activity_messages.ActivityMessage]:
    """Return the messages of a page: its events, with the folded events (edits of the draft,
    exports, discussion) between them and before the next page's."""
    events = list(page.object_list)
    folded = _folded(reference, page, events)
    whole = list(folded.exclude(verb__in=activity_messages.EDITS))
    edits = folded.filter(verb__in=activity_messages.EDITS)
    rows = list(edits.values("number", "at", "actor", "actor_id"))
    people = activity_messages.people_in([*events, *whole], rows)
    numbered = [(event.number, activity_messages.message_of(event, people)) for event in events]
    numbered += activity_messages.export_messages(
        (e for e in whole if e.verb == activity_messages.EXPORT), people
    )
    numbered += activity_messages.discussion_messages(
        (e for e in whole if e.verb != activity_messages.EXPORT), people
    )
    for run in _runs(rows, [event.number for event in events]):
        numbered += activity_messages.edit_messages(run, people)
    return [message for _number, message in sorted(numbered, key=lambda pair: -pair[0])]


def _folded(reference: str, page: key_pages.KeyPage, events: Sequence[Event]) -> QuerySet[Event]:
    """Return the events that are folded among those of a page, newest first."""
    found = Event.objects.filter(chain=reference, verb__in=activity_messages.FOLDED).order_by(
        "-number"
    )
    if page.previous and events:
        before = Event.objects.filter(chain=reference, number__gt=events[0].number)
        newer = before.exclude(verb__in=activity_messages.FOLDED).order_by("number")
        found = found.filter(number__lt=newer.values_list("number", flat=True)[0])
    if page.next:
        found = found.filter(number__gt=events[-1].number)
    return found


def _runs(
    rows: Sequence[activity_messages.Row], numbers: list[int]
) -> Iterable[list[activity_messages.Row]]:
    """Return the edits as runs that no other event interrupts."""
    return (
        list(run) for _at, run in groupby(rows, lambda r: sum(n > r["number"] for n in numbers))
    )


def _days(messages: list[activity_messages.ActivityMessage]) -> list[Day]:
    return [(day, list(of_day)) for day, of_day in groupby(messages, key=attrgetter("day"))]


def _on_day(description: JobDescription, day: date) -> dict[str, date | Version | str | None]:
    """Return the version that was current on that day, or the reason why there was none."""
    version = effective_periods.current_on(description, day)
    reason = ""
    if version is None:
        reason = _("No version was current on that date.")
        if day < timezone.localdate(description.created_at):
            reason = _("The job description didn’t exist yet.")
        elif day > timezone.localdate():
            reason = _("No version is scheduled for that date.")
    return {"day": day, "version": version, "reason": reason}


def _chain(reference: str) -> dict[str, int | bool | None]:
    """Return the number of events, and whether their chain is intact (None: too long to check)."""
    head = ChainHead.objects.filter(chain=reference).first()
    count = head.count if head else 0
    is_intact = not any(Event.objects.broken(reference)) if count <= CHAIN_CHECK_LIMIT else None
    return {"count": count, "is_intact": is_intact}
