"""Activity: the newest events of the job descriptions that a person can see. Consecutive events of
one verb by one person on one day are one entry (days are UTC days, for speed)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import groupby
from operator import attrgetter

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast, Substr
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from roles.models import Event, JobDescription
from roles.models.job_description import JobDescriptionQuerySet, sees_most
from roles.web.home.activity_forms import ActivityFilter
from roles.web.shared import activity_messages, key_pages
from roles.web.shared.access import person, requires
from roles.web.shared.sort_order import SortOrder

PAGE_SIZE = 50
NEWEST_FIRST = SortOrder("", ("at",), is_descending=True)
UTC_DAY = Substr(Cast("at", CharField()), 1, 10)


@dataclass(frozen=True, slots=True)
class ActivityEntry:
    """An activity message and its job description."""

    message: activity_messages.ActivityMessage
    description: JobDescription

    @property
    def day(self) -> date:
        return self.message.day


@require_safe
@requires("activity.view")
def activity(request: HttpRequest) -> HttpResponse:
    """The newest activity; filters and page are in the URL."""
    visible = JobDescription.objects.visible_to(person(request))
    is_wide = sees_most(person(request))
    filtered = ActivityFilter(request.GET, visible, is_wide=is_wide)
    heads = heads_of(filtered.results, filtered.until)
    page = key_pages.page_of(request, heads, NEWEST_FIRST, PAGE_SIZE, is_counted=False)
    entries = _entries(page.object_list, filtered, visible)
    context = {
        "filter": filtered,
        "page": page,
        "days": [(day, list(of_day)) for day, of_day in groupby(entries, attrgetter("day"))],
        "today": timezone.localdate(),
    }
    return render(request, "home/activity.html", context)


def heads_of(events: QuerySet[Event], until: datetime | None) -> QuerySet[Event]:
    """Return the newest event of each entry. Of the events that are folded into one entry, this is
    the one that no other follows directly in the chain (before `until`, if it is given)."""
    following = Event.objects.annotate(day=UTC_DAY).filter(
        chain=OuterRef("chain"),
        number=OuterRef("number") + 1,
        actor_id=OuterRef("actor_id"),
        day=OuterRef("day"),
    )
    if until is not None:
        following = following.filter(at__lt=until)
    edited = Q(verb__in=activity_messages.EDITS) & Exists(
        following.filter(verb__in=activity_messages.EDITS)
    )
    others = [verb for verb in activity_messages.FOLDED if verb not in activity_messages.EDITS]
    same = Q(verb__in=others) & Exists(following.filter(verb=OuterRef("verb")))
    return events.annotate(day=UTC_DAY).exclude(edited | same)


def _entries(
    heads: Sequence[Event], filtered: ActivityFilter, visible: JobDescriptionQuerySet
) -> list[ActivityEntry]:
    """Return the entries of a page, each with its folded events, in a constant number of
    queries."""
    runs = _runs(heads, filtered)
    whole = [
        event
        for head in heads
        for event in runs[head.pk]
        if event.verb not in activity_messages.EDITS
    ]
    people = activity_messages.people_in([*whole, *heads], [])
    seen = visible.filter(reference__in={head.chain for head in heads})
    descriptions = {one.reference: one for one in seen.only("reference", "title")}
    return [
        ActivityEntry(message, descriptions[head.chain])
        for head in heads
        for message in _messages(runs[head.pk], people)
        if head.chain in descriptions
    ]


def _messages(
    run: Sequence[Event], people: activity_messages.ActivityPeople
) -> Iterable[activity_messages.ActivityMessage]:
    """Return the messages of consecutive events, newest first. Exports of several versions are
    several messages."""
    head = run[0]
    if head.verb in activity_messages.EDITS:
        return [activity_messages.edits_message(head, len(run), people)]
    if head.verb == activity_messages.EXPORT:
        return [message for _number, message in activity_messages.export_messages(run, people)]
    if head.verb in activity_messages.DISCUSSION_VERBS:
        return [message for _number, message in activity_messages.discussion_messages(run, people)]
    return [activity_messages.message_of(head, people)]


def _runs(heads: Sequence[Event], filtered: ActivityFilter) -> dict[int, list[Event]]:
    """Return the events of each entry, by the id of its newest event."""
    folded = [head for head in heads if head.verb in activity_messages.FOLDED and head.actor_id]
    by_position: dict[tuple[str, int], Event] = {}
    if folded:
        candidates = Q()
        for head in folded:
            candidates |= _run_candidates(head)
        light = filtered.results.filter(candidates).defer("about", "previous", "hash")
        by_position = {(event.chain, event.number): event for event in light}
    return {head.pk: _run(head, by_position) for head in heads}


def _run_candidates(head: Event) -> Q:
    """Return the condition for the events that might belong to the same entry."""
    verbs = activity_messages.EDITS if head.verb in activity_messages.EDITS else (head.verb,)
    day_start = datetime.combine(head.at.astimezone(UTC).date(), time(), UTC)
    same_actor = Q(chain=head.chain, number__lt=head.number, actor_id=head.actor_id)
    return same_actor & Q(verb__in=verbs, at__gte=day_start)


def _run(head: Event, by_position: dict[tuple[str, int], Event]) -> list[Event]:
    """Return the event and those directly before it that belong to the same entry."""
    run = [head]
    while (earlier := by_position.get((head.chain, run[-1].number - 1))) is not None:
        same = earlier.verb == head.verb or {earlier.verb, head.verb} <= set(
            activity_messages.EDITS
        )
        if not same or earlier.actor_id != head.actor_id:
            break
        run.append(earlier)
    return run
