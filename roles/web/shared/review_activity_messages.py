"""The events of reviews as sentences, for `activity_messages`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from roles.models import Event, Reviewer
from roles.models.discussion import SUGGESTION_STATES, SUGGESTIONS
from roles.vocabulary import ROLES

# By key of vocabulary.DECISIONS: for decisions in the product, and for recorded ones.
DECIDED: dict[str, tuple[str | Promise, str | Promise]] = {
    "approve": (
        gettext_lazy("Approved version %(number)s"),
        gettext_lazy("Recorded that %(reviewer)s approved version %(number)s"),
    ),
    "approve_with_comments": (
        gettext_lazy("Approved version %(number)s with comments"),
        gettext_lazy("Recorded that %(reviewer)s approved version %(number)s with comments"),
    ),
    "ask_for_changes": (
        gettext_lazy("Requested changes to version %(number)s"),
        gettext_lazy("Recorded that %(reviewer)s requested changes to version %(number)s"),
    ),
    "read": (
        gettext_lazy("Reviewed version %(number)s"),
        gettext_lazy("Recorded that %(reviewer)s reviewed version %(number)s"),
    ),
}
ANSWERED = {
    "accepted": gettext_lazy("Accepted a suggestion"),
    "changed": gettext_lazy("Accepted a suggestion with changes"),
    "declined": gettext_lazy("Declined a suggestion"),
    "withdrawn": gettext_lazy("Withdrew a suggestion"),
    "open": gettext_lazy("Undid an accepted suggestion"),
}
# Sentences for several events of one person on one day.
MANY: dict[str, Any] = {
    "review.commented": ngettext_lazy("Posted %d comment", "Posted %d comments"),
    "review.suggested": ngettext_lazy("Suggested %d change", "Suggested %d changes"),
    "review.answered": ngettext_lazy("Answered %d suggestion", "Answered %d suggestions"),
    "review.resolved": ngettext_lazy("Resolved %d comment", "Resolved %d comments"),
    "review.reopened": ngettext_lazy("Reopened %d comment", "Reopened %d comments"),
}
_REVIEWERS = ("reviewer", "previous")  # keys of `what` with the id of a reviewer


def reviewers_in(events: Iterable[Event]) -> dict[int, Reviewer]:
    """Returns the reviewers that these events name, by id."""
    keys: list[Any] = []
    for event in events:
        if event.verb.startswith(("review.", "version.approved")):
            keys += [event.what.get(name) for name in _REVIEWERS]
            keys += [one.get("reviewer") for one in _asked(event)]
    found = Reviewer.objects.select_related("user")
    return found.in_bulk([key for key in keys if isinstance(key, int)])


def values(event: Event, reviewers: Mapping[int, Reviewer]) -> dict[str, Any]:
    """Returns the values for the sentence of an event."""
    what = event.what
    known = {name: _reviewer(what.get(name), reviewers) for name in _REVIEWERS}
    sentences = DECIDED.get(str(what.get("kind")))
    if event.verb == "review.decided" and sentences:
        by_hand = bool(what.get("recorded"))
        fill = {"number": what.get("number", "–"), "reviewer": known["reviewer"]}
        known["decision"] = str(sentences[by_hand]) % fill
    answer = ANSWERED.get(str(what.get("state")))
    known["answer"] = str(answer or _("Answered a suggestion"))
    return known


def details(event: Event, reviewers: Mapping[int, Reviewer]) -> Iterator[str]:
    """Yields further sentences about the event."""
    what = event.what
    if event.verb == "review.asked":
        names = [_role(one, reviewers) for one in _asked(event)]
        if names:
            yield _("Reviewers: %s.") % ", ".join(names)
        if what.get("rollout"):
            yield _("Part of a rollout.")
    if event.verb == "review.suggested" and what.get("kind") in SUGGESTIONS:
        yield f"{SUGGESTIONS[what['kind']]}."


def many(events: Sequence[Event]) -> tuple[str, tuple[str, ...]]:
    """Returns one sentence for several events of one verb of MANY, with further details."""
    count = len(events)
    sentence = str(MANY[events[0].verb] % count)
    if events[0].verb != "review.answered":
        return sentence, ()
    states = Counter(str(event.what.get("state")) for event in events)
    counts = [
        f"{SUGGESTION_STATES[state]}: {n}" for state, n in states.items() if state in ANSWERED
    ]
    return sentence, (" · ".join(counts),) if counts else ()


def guest(event: Event, reviewers: Mapping[int, Reviewer]) -> str:
    """Returns the name of the guest who acted, or an empty string."""
    key = event.what.get("reviewer")
    return str(reviewers[key]) if isinstance(key, int) and key in reviewers else ""


def _asked(event: Event) -> list[dict[str, Any]]:
    found = event.what.get("reviewers")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _role(one: Mapping[str, Any], reviewers: Mapping[int, Reviewer]) -> str:
    name = _reviewer(one.get("reviewer"), reviewers)
    if one.get("role") == "approver":
        return name
    return f"{name} ({str(ROLES.get(str(one.get('role')), '')).lower()})"


def _reviewer(key: Any, reviewers: Mapping[int, Reviewer]) -> str:
    if isinstance(key, int) and key in reviewers:
        return str(reviewers[key])
    return _("someone")
