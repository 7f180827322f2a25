"""Notifications of reviews as messages. A new verb is a row of `VERBS`; an email about several
notifications gets its subject from the verb that comes first there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from roles.models import Notification, Reviewer

Texts = str | Promise
OPEN = gettext_lazy("Open the review")


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """A subject (what happened and the title, in few words), a sentence, and the label of the
    button."""

    subject: Texts
    sentence: Texts
    button: Texts = OPEN


# Their placeholders: who, title, reference, number (of the version), due, expires, count.
# A verb with several messages has a row for each: verb:variant (see `_variant`).
VERBS: dict[str, MessageTemplate] = {
    "review.asked": MessageTemplate(
        gettext_lazy("Please review: %(title)s"),
        gettext_lazy("%(who)s asks you to review “%(title)s”, version %(number)s."),
        gettext_lazy("Review it"),
    ),
    "review.asked:again": MessageTemplate(
        gettext_lazy("Please look again: %(title)s"),
        gettext_lazy(
            "%(who)s sent version %(number)s of “%(title)s”. You see what changed since you looked"
            " last."
        ),
        gettext_lazy("See what changed"),
    ),
    "rollout.asked:one": MessageTemplate(
        gettext_lazy("Please approve a new wording"),
        gettext_lazy("%(who)s asks you to approve a new wording in a job description."),
        gettext_lazy("See the new wording"),
    ),
    "rollout.asked": MessageTemplate(
        gettext_lazy("Please approve a new wording in %(count)s job descriptions"),
        gettext_lazy(
            "%(who)s brought a new wording to %(count)s job descriptions and asks you to approve"
            " it for all of them."
        ),
        gettext_lazy("See the new wording"),
    ),
    "rollout.overdue": MessageTemplate(
        gettext_lazy("Overdue: a new wording waits for your approval"),
        gettext_lazy("A new wording waits for your approval, which was wanted by %(due)s."),
        gettext_lazy("See the new wording"),
    ),
    "rollout.due_soon": MessageTemplate(
        gettext_lazy("Approve by %(due)s: a new wording"),
        gettext_lazy("A new wording waits for your approval, which is wanted by %(due)s."),
        gettext_lazy("See the new wording"),
    ),
    "rollout.late": MessageTemplate(
        gettext_lazy("Overdue: the approval of your new wording"),
        gettext_lazy("The approval of your new wording was wanted by %(due)s."),
        gettext_lazy("See the new wording"),
    ),
    "rollout.decided:ask_for_changes": MessageTemplate(
        gettext_lazy("Changes wanted: a new wording"),
        gettext_lazy("%(who)s asks for changes of the new wording."),
        gettext_lazy("Read what they want"),
    ),
    "rollout.decided": MessageTemplate(
        gettext_lazy("Approved by %(who)s: a new wording"),
        gettext_lazy("%(who)s approved the new wording. Job descriptions: %(count)s."),
        gettext_lazy("See how far it is"),
    ),
    "rollout.withdrawn": MessageTemplate(
        gettext_lazy("No approval needed any more: a new wording"),
        gettext_lazy("%(who)s withdrew the new wording. There is nothing left to do."),
    ),
    "review.overdue": MessageTemplate(
        gettext_lazy("Overdue: %(title)s"),
        gettext_lazy("The review of “%(title)s” was wanted by %(due)s."),
        gettext_lazy("Review it"),
    ),
    "review.due_soon": MessageTemplate(
        gettext_lazy("Review by %(due)s: %(title)s"),
        gettext_lazy("The review of “%(title)s” is wanted by %(due)s."),
        gettext_lazy("Review it"),
    ),
    "review.expiring": MessageTemplate(
        gettext_lazy("Closes on %(expires)s: %(title)s"),
        gettext_lazy(
            "The review of “%(title)s” closes on %(expires)s and is not finished. Give it another"
            " due date, or withdraw it."
        ),
    ),
    "review.late": MessageTemplate(
        gettext_lazy("Overdue: the review of %(title)s"),
        gettext_lazy(
            "Answers on “%(title)s” were wanted by %(due)s. Those who have not answered were"
            " reminded."
        ),
        gettext_lazy("See who is waited for"),
    ),
    "review.withdrawn": MessageTemplate(
        gettext_lazy("No review needed any more: %(title)s"),
        gettext_lazy("%(who)s withdrew the review of “%(title)s”. There is nothing left to do."),
    ),
    "review.released": MessageTemplate(
        gettext_lazy("You need not review any more: %(title)s"),
        gettext_lazy("%(who)s released you from the review of “%(title)s”."),
    ),
    "review.recorded": MessageTemplate(
        gettext_lazy("Your decision was written down: %(title)s"),
        gettext_lazy(
            "%(who)s wrote down what you decided elsewhere about version %(number)s of"
            " “%(title)s”. If that is not so, say it."
        ),
        gettext_lazy("See what was written down"),
    ),
    "review.approved": MessageTemplate(
        gettext_lazy("Approved: %(title)s"),
        gettext_lazy("Version %(number)s of “%(title)s” is approved by all who were asked."),
    ),
    "review.decided:ask_for_changes": MessageTemplate(
        gettext_lazy("Changes wanted: %(title)s"),
        gettext_lazy("%(who)s asks for changes of “%(title)s”, version %(number)s."),
        gettext_lazy("Read what they want"),
    ),
    "review.decided:approve_with_comments": MessageTemplate(
        gettext_lazy("Approved with comments by %(who)s: %(title)s"),
        gettext_lazy("%(who)s approved “%(title)s”, version %(number)s, with comments."),
        gettext_lazy("Read the comments"),
    ),
    "review.decided:approve": MessageTemplate(
        gettext_lazy("Approved by %(who)s: %(title)s"),
        gettext_lazy("%(who)s approved “%(title)s”, version %(number)s."),
    ),
    "review.decided": MessageTemplate(
        gettext_lazy("Read by %(who)s: %(title)s"),
        gettext_lazy("%(who)s read “%(title)s”, version %(number)s."),
    ),
    "review.delegated": MessageTemplate(
        gettext_lazy("Handed over by %(who)s: %(title)s"),
        gettext_lazy("%(who)s asked a colleague to review “%(title)s” instead."),
    ),
    "review.mentioned": MessageTemplate(
        gettext_lazy("%(who)s mentions you: %(title)s"),
        gettext_lazy("%(who)s mentions you in a comment on “%(title)s”."),
        gettext_lazy("Read the comment"),
    ),
    "review.answered:accepted": MessageTemplate(
        gettext_lazy("Suggestion accepted: %(title)s"),
        gettext_lazy("%(who)s accepted your suggestion for “%(title)s”."),
        gettext_lazy("See the answer"),
    ),
    "review.answered:declined": MessageTemplate(
        gettext_lazy("Suggestion declined: %(title)s"),
        gettext_lazy("%(who)s declined your suggestion for “%(title)s” and says why."),
        gettext_lazy("See the answer"),
    ),
    "review.answered": MessageTemplate(
        gettext_lazy("Your suggestion was answered: %(title)s"),
        gettext_lazy("%(who)s answered your suggestion for “%(title)s”."),
        gettext_lazy("See the answer"),
    ),
    "review.suggested": MessageTemplate(
        gettext_lazy("%(who)s suggests a change: %(title)s"),
        gettext_lazy("%(who)s suggests a change of “%(title)s”."),
        gettext_lazy("See the suggestion"),
    ),
    "review.commented": MessageTemplate(
        gettext_lazy("Comment by %(who)s: %(title)s"),
        gettext_lazy("%(who)s wrote a comment on “%(title)s”."),
        gettext_lazy("Read the comment"),
    ),
}
UNKNOWN = MessageTemplate(
    gettext_lazy("News: %(title)s"), gettext_lazy("There is news of “%(title)s”.")
)
SENT_WITHOUT_ACCESS = (
    "review.withdrawn",
    "review.released",
)  # to people who lost access
SENT_WHILE_PENDING = (
    "review.asked",
    "review.due_soon",
    "review.overdue",
)  # dropped once the reviewer has decided


@dataclass(frozen=True, slots=True)
class NotificationMessage:
    """The message of one notification."""

    subject: str
    sentence: str
    button: str


def message(
    row: Notification, title: str, reviewers: Mapping[int, Reviewer] | None = None
) -> NotificationMessage:
    """Returns the message of a notification; `title` as this person may know it. Pass `reviewers`
    (of `deciders`) for many notifications, to avoid a query for each."""
    template = VERBS.get(_variant(row)) or VERBS.get(row.verb) or UNKNOWN
    known = {"title": title, "who": _who(row, reviewers), **_facts(row)}
    return NotificationMessage(
        subject=str(template.subject) % known,
        sentence=str(template.sentence) % known,
        button=str(template.button),
    )


def by_urgency(rows: Sequence[Notification]) -> list[Notification]:
    """Returns the notifications by urgency, newest first within one verb."""
    order = list(VERBS)

    def rank(row: Notification) -> tuple[int, int]:
        key = next((k for k in (_variant(row), row.verb) if k in VERBS), "")
        return (order.index(key) if key else len(order), -row.pk)

    return sorted(rows, key=rank)


def _variant(row: Notification) -> str:
    """The key of VERBS, where a verb has several messages."""
    if row.verb == "review.asked":
        return "review.asked:again" if _looked_before(row) else row.verb
    if row.verb == "rollout.asked":
        return "rollout.asked:one" if row.what.get("count") == 1 else row.verb
    for name in ("kind", "state"):
        if name in row.what:
            return f"{row.verb}:{row.what[name]}"
    return row.verb


def deciders(rows: Iterable[Notification]) -> dict[int, Reviewer]:
    """Returns the reviewers whose decisions these notifications are about, by id."""
    return Reviewer.objects.select_related("user").in_bulk(
        [
            row.what["reviewer"]
            for row in rows
            if row.verb == "review.decided" and "reviewer" in row.what
        ]
    )


def _looked_before(row: Notification) -> bool:
    """Whether the reviewer viewed an earlier version."""
    seen = row.reviewer.seen if row.reviewer else []
    return any(number < row.what.get("number", 0) for number in seen)


def _who(row: Notification, reviewers: Mapping[int, Reviewer] | None) -> str:
    """The person who acted; of a decision, the reviewer, even where an author recorded it."""
    if row.verb == "review.decided" and "reviewer" in row.what:
        reviewer = (deciders([row]) if reviewers is None else reviewers).get(row.what["reviewer"])
        if reviewer is not None:
            return str(reviewer)
    return str(row.by or row.by_reviewer or _("Somebody"))


def _facts(row: Notification) -> dict[str, Any]:
    review = row.review
    return {
        "reference": row.description.reference if row.description else "",
        "number": row.what.get("number", ""),
        "count": row.what.get("count", ""),
        "due": _day(row.what.get("due"), review.due if review else None),
        "expires": _day(row.what.get("expires"), review.expires if review else None),
    }


def _day(message: Any, known: date | None) -> str:
    """A day of `what`, formatted; `known` where it has none."""
    day = parse_date(message) if isinstance(message, str) else known
    return formats.date_format(day, "DATE_FORMAT") if day else ""
