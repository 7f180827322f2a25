"""Activity: what was done lately to the job descriptions that a person may see. What one person
does of a kind in a row on one day is one entry (its days are those of UTC, for speed)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import groupby
from operator import attrgetter

from django.core.paginator import Paginator
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast, Substr
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from roles.models import Event, JobDescription
from roles.models.job_description import JobDescriptionQuerySet
from roles.web.home.activity_forms import ActivityFilter
from roles.web.shared import activity_messages
from roles.web.shared.access import person, requires

ON_A_PAGE = 50
COUNTED = 2000  # entries; older ones are found with the filters
UTC_DAY = Substr(Cast("at", CharField()), 1, 10)


@dataclass(frozen=True, slots=True)
class ActivityEntry:
    """An action, and the job description that it was done to."""

    told: activity_messages.ActivityMessage
    description: JobDescription

    @property
    def day(self) -> date:
        return self.told.day


@require_safe
@requires("activity.view")
def activity(request: HttpRequest) -> HttpResponse:
    """The newest actions: filters and page are in the URL."""
    visible = JobDescription.objects.visible_to(person(request))
    assert isinstance(visible, JobDescriptionQuerySet)  # noqa: S101  # narrows the type
    is_wide = not person(request).kinds.isdisjoint({"hr", "admin"})
    chosen = ActivityFilter(request.GET, visible, is_wide=is_wide)
    heads = heads_of(chosen.found, chosen.until).order_by("-at", "-pk")[:COUNTED]
    page = Paginator(heads, ON_A_PAGE).get_page(request.GET.get("page"))
    entries = _entries(list(page), chosen, visible)
    context = {
        "filter": chosen,
        "page": page,
        "days": [(day, list(found)) for day, found in groupby(entries, attrgetter("day"))],
        "is_cut": page.paginator.count == COUNTED,
        "today": timezone.localdate(),
    }
    return render(request, "home/activity.html", context)


def heads_of(events: QuerySet[Event], until: datetime | None) -> QuerySet[Event]:
    """The newest event of each entry: of what is told together, those which no other follows at
    once in the chain (before `until`, where the filters end there)."""
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
    heads: Sequence[Event], chosen: ActivityFilter, visible: JobDescriptionQuerySet
) -> list[ActivityEntry]:
    """The events of a page in words, with those that are told together with each; a constant
    number of queries."""
    runs = _runs(heads, chosen)
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
        ActivityEntry(told, descriptions[head.chain])
        for head in heads
        for told in _told(runs[head.pk], people)
        if head.chain in descriptions
    ]


def _told(
    run: Sequence[Event], people: activity_messages.ActivityPeople
) -> Iterable[activity_messages.ActivityMessage]:
    """An entry, newest event first; exports of several versions are several."""
    head = run[0]
    if head.verb in activity_messages.EDITS:
        return [activity_messages.edited(head, len(run), people)]
    if head.verb == activity_messages.EXPORT:
        return [told for _number, told in activity_messages.exports_message(run, people)]
    if head.verb in activity_messages.DISCUSSION_VERBS:
        return [told for _number, told in activity_messages.discussion_message(run, people)]
    return [activity_messages.messages_of(head, people)]


def _runs(heads: Sequence[Event], chosen: ActivityFilter) -> dict[int, list[Event]]:
    """By the id of its newest, the events of each entry."""
    folded = [head for head in heads if head.verb in activity_messages.FOLDED and head.actor_id]
    found: dict[tuple[str, int], Event] = {}
    if folded:
        alike = Q()
        for head in folded:
            alike |= _alike(head)
        light = chosen.found.filter(alike).defer("about", "previous", "hash")
        found = {(event.chain, event.number): event for event in light}
    return {head.pk: _run(head, found) for head in heads}


def _alike(head: Event) -> Q:
    """What may belong to the entry."""
    verbs = activity_messages.EDITS if head.verb in activity_messages.EDITS else (head.verb,)
    began = datetime.combine(head.at.astimezone(UTC).date(), time(), UTC)
    here = Q(chain=head.chain, number__lt=head.number, actor_id=head.actor_id)
    return here & Q(verb__in=verbs, at__gte=began)


def _run(head: Event, found: dict[tuple[str, int], Event]) -> list[Event]:
    """The event and those before it, one by one."""
    run = [head]
    while (before := found.get((head.chain, run[-1].number - 1))) is not None:
        same = before.verb == head.verb or {before.verb, head.verb} <= set(activity_messages.EDITS)
        if not same or before.actor_id != head.actor_id:
            break
        run.append(before)
    return run
