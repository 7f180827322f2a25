"""The events of a job description as sentences. A new verb is a row of `activity_verbs.VERBS`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from roles import vocabulary
from roles.exporters import FORMATS
from roles.models import Event, Reviewer, User
from roles.web.shared import activity_verbs, review_activity_messages

EDITS = ("draft.changed", "draft.undone", "draft.redone")
EXPORT = "version.exported"
DISCUSSION_VERBS = tuple(review_activity_messages.MANY)
FOLDED = (*EDITS, EXPORT, *DISCUSSION_VERBS)  # several events share an entry

Row = Mapping[str, Any]  # number, at, actor, actor_id


@dataclass(frozen=True, slots=True)
class ActivityMessage:
    """One entry of the timeline. `number` is its version and `review` the id of its review, if
    any."""

    icon: str
    sentence: str
    who: str
    at: datetime
    details: tuple[str, ...] = ()
    number: int | None = None
    review: int | None = None

    @property
    def day(self) -> date:
        return timezone.localdate(self.at)


class ActivityPeople(dict[int, User]):
    """Accounts by id, and reviewers by their id."""

    reviewers: Mapping[int, Reviewer] = {}  # people_in sets it


def message_of(event: Event, people: ActivityPeople) -> ActivityMessage:
    """Returns the message of one event."""
    icon, sentence = activity_verbs.VERBS.get(event.verb, activity_verbs.UNKNOWN)
    number, review = event.what.get("number"), event.what.get("review")
    guest = (
        review_activity_messages.guest(event, people.reviewers) if event.actor_id is None else ""
    )
    return ActivityMessage(
        icon=icon,
        sentence=str(sentence) % _values(event, people),
        who=guest or _who(event.actor_id, event.actor, people),
        at=event.at,
        details=tuple(_details(event, people)),
        number=number if event.verb.startswith("version.") and isinstance(number, int) else None,
        review=review if isinstance(review, int) else None,
    )


def edit_messages(
    rows: Iterable[Row], people: ActivityPeople
) -> Iterator[tuple[int, ActivityMessage]]:
    """Yields one message for consecutive edits by one person on one day, newest first, each with
    the number of its newest event."""
    for (_actor, _day), run in groupby(rows, key=lambda row: (row["actor"], _day_of(row["at"]))):
        together = list(run)
        first = together[0]
        who = _who(first["actor_id"], first["actor"], people)
        yield first["number"], _edits(who, first["at"], len(together))


def edits_message(event: Event, count: int, people: ActivityPeople) -> ActivityMessage:
    """Returns the message for `count` edits of the draft, of which `event` is the newest."""
    return _edits(_who(event.actor_id, event.actor, people), event.at, count)


def _edits(who: str, at: datetime, count: int) -> ActivityMessage:
    icon, sentence = activity_verbs.VERBS["draft.changed"]
    return ActivityMessage(
        icon, str(sentence), who, at, (ngettext("%d change", "%d changes", count) % count,)
    )


def export_messages(
    events: Iterable[Event], people: ActivityPeople
) -> Iterator[tuple[int, ActivityMessage]]:
    """Yields one message for the exports of one version by one person on one day, newest first,
    each with the number of its newest event."""
    together: dict[tuple[Any, ...], list[Event]] = {}
    for event in events:
        version = str(event.what.get("number"))
        key = (event.actor_id, event.actor, _day_of(event.at), version)
        together.setdefault(key, []).append(event)
    for exports in together.values():
        yield exports[0].number, _exported(exports, people)


def discussion_messages(
    events: Iterable[Event], people: ActivityPeople
) -> Iterator[tuple[int, ActivityMessage]]:
    """Yields one message for the events of one verb in a review by one person on one day, newest
    first, each with the number of its newest event."""
    together: dict[tuple[Any, ...], list[Event]] = {}
    for event in events:
        who = (event.actor_id, event.actor, str(event.what.get("reviewer")))
        key = (event.verb, *who, _day_of(event.at), str(event.what.get("review")))
        together.setdefault(key, []).append(event)
    for same in together.values():
        newest = message_of(same[0], people)
        if len(same) > 1:
            sentence, details = review_activity_messages.many(same)
            newest = replace(newest, sentence=sentence, details=details)
        yield same[0].number, newest


def _exported(events: Sequence[Event], people: ActivityPeople) -> ActivityMessage:
    """Returns a message with the formats for each audience, in the order of export."""
    formats_for: dict[str, dict[str, None]] = {}
    for event in reversed(events):
        values = _values(event, people)
        formats_for.setdefault(values["audience"], {})[str(values["format"])] = None
    newest = message_of(events[0], people)
    lists = {audience: ", ".join(labels) for audience, labels in formats_for.items()}
    if len(lists) == 1:
        values["format"] = lists[values["audience"]]
        return replace(newest, sentence=str(activity_verbs.VERBS[EXPORT][1]) % values)
    details = [
        _("%(format)s (%(audience)s)") % {"format": labels, "audience": audience}
        for audience, labels in lists.items()
    ]
    sentence = _("Exported version %(number)s") % values
    return replace(newest, sentence=sentence, details=tuple(details))


def people_in(events: Sequence[Event], rows: Sequence[Row]) -> ActivityPeople:
    """Returns the accounts and reviewers in these events, except deleted ones."""
    ids = {event.actor_id for event in events} | {row["actor_id"] for row in rows}
    for event in events:
        ids |= {event.what.get("owner"), *event.what.get("hiring_managers", ())}
        if event.verb.startswith("description."):
            ids |= {event.what.get("old"), event.what.get("manager")}
    people = ActivityPeople(User.objects.in_bulk([key for key in ids if isinstance(key, int)]))
    people.reviewers = review_activity_messages.reviewers_in(events)
    return people


class _Values(dict[str, Any]):
    """The values of a sentence. A value that an old event lacks is a dash."""

    def __missing__(self, key: str) -> str:
        return "–"


def _values(event: Event, people: ActivityPeople) -> _Values:
    what = event.what
    known = _Values(verb=event.verb, **{k: what[k] for k in ("number", "round") if k in what})
    for name in ("since", "due", "day"):
        if name in what:
            known[name] = _written(what[name])
    if event.verb.startswith("review."):
        known |= review_activity_messages.values(event, people.reviewers)
    if "format" in what:
        form = FORMATS.get(what["format"])
        known["format"] = form.label if form else str(what["format"]).upper()
    if "audience" in what:
        known["audience"] = str(
            vocabulary.AUDIENCES.get(what["audience"], what["audience"])
        ).lower()
    known["origin"] = _("from a blank page")
    if what.get("copied"):
        known["origin"] = _("as a copy")
    elif what.get("template"):
        known["origin"] = _("from a template")
    return known


def _details(event: Event, people: ActivityPeople) -> Iterator[str]:
    """Yields further sentences about the event."""
    what = event.what
    if what.get("note"):
        yield f"“{what['note']}”"
    if what.get("supersedes"):
        yield _("Replaces version %s.") % what["supersedes"]
    if what.get("withdraws"):
        yield _("Version %s is no longer scheduled.") % what["withdraws"]
    if what.get("date_posted"):
        days = (_written(what["date_posted"]), _written(what.get("valid_through")))
        yield _("Open for applications from %s through %s.") % days
    if event.verb == "people.assigned":
        yield _("Owner: %s.") % _name(what.get("owner"), people)
        managers = [_name(key, people) for key in what.get("hiring_managers", ())]
        yield _("Hiring managers: %s.") % (", ".join(managers) or _("none"))
        if what.get("confidential"):
            yield _("Confidential.")
    if event.verb == "description.transferred":
        names = (_name(what.get("old"), people), _name(what.get("owner"), people))
        yield _("From %s to %s.") % names
    if event.verb == "description.manager_left":
        yield _("%s is no longer a hiring manager.") % _name(what.get("manager"), people)
    if event.verb.startswith("review."):
        yield from review_activity_messages.details(event, people.reviewers)
        if what.get("due") and event.verb == "review.asked":
            yield _("Due %s.") % _written(what["due"])


def _who(key: int | None, name: str, people: Mapping[int, User]) -> str:
    account = people.get(key) if key is not None else None
    return str(account) if account else name or _("Command line")


def _name(key: Any, people: Mapping[int, User]) -> str:
    return str(people[key]) if key in people else _("a deleted account")


def _day_of(moment: datetime) -> date:
    return timezone.localdate(moment)


def _written(day: Any) -> str:
    """Returns an ISO 8601 date of an event, formatted."""
    try:
        return formats.date_format(date.fromisoformat(str(day)), "DATE_FORMAT")
    except ValueError:
        return str(day)
