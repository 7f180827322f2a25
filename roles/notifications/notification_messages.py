"""Messages of notifications about reviews. A new verb is a row of `VERBS`; an email about several
notifications takes its subject from the verb that comes first there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from roles.models import Notification, Reviewer
from roles.notifications import notification_values

Texts = str | Promise
OPEN = gettext_lazy("Open review")


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """A subject, a sentence, and the label of the button. `dated_subject` replaces the subject
    where there is a due date."""

    subject: Texts
    sentence: Texts
    button: Texts = OPEN
    dated_subject: Texts = ""


# Their placeholders: who, title, reference, number (of the version), due, expires, count.
# A verb with several messages has a row for each: verb:variant (see `_variant`).
VERBS: dict[str, MessageTemplate] = {
    "review.asked": MessageTemplate(
        gettext_lazy("Approval requested: %(title)s"),
        gettext_lazy("%(who)s asked you to approve version %(number)s of “%(title)s”."),
        dated_subject=gettext_lazy("Approval due %(due)s: %(title)s"),
    ),
    "review.asked:again": MessageTemplate(
        gettext_lazy("Approval requested again: %(title)s"),
        gettext_lazy(
            "%(who)s asked you to approve version %(number)s of “%(title)s”. You’ll see what"
            " changed since you last viewed it."
        ),
        gettext_lazy("See changes"),
        dated_subject=gettext_lazy("New version to approve, due %(due)s: %(title)s"),
    ),
    "review.asked:comments": MessageTemplate(
        gettext_lazy("Comments requested: %(title)s"),
        gettext_lazy("%(who)s asked you to comment on version %(number)s of “%(title)s”."),
        dated_subject=gettext_lazy("Comments due %(due)s: %(title)s"),
    ),
    "review.asked:comments_again": MessageTemplate(
        gettext_lazy("Comments requested again: %(title)s"),
        gettext_lazy(
            "%(who)s asked you to comment on version %(number)s of “%(title)s”. You’ll see what"
            " changed since you last viewed it."
        ),
        gettext_lazy("See changes"),
        dated_subject=gettext_lazy("New version to comment on, due %(due)s: %(title)s"),
    ),
    "rollout.asked:one": MessageTemplate(
        gettext_lazy("Approval requested: revised wording"),
        gettext_lazy("%(who)s asked you to approve revised wording in a job description."),
        gettext_lazy("See revised wording"),
        dated_subject=gettext_lazy("Approval due %(due)s: revised wording"),
    ),
    "rollout.asked": MessageTemplate(
        gettext_lazy("Approval requested: revised wording in %(count)s job descriptions"),
        gettext_lazy(
            "%(who)s rolled out revised wording to %(count)s job descriptions. You can approve it"
            " once for all of them."
        ),
        gettext_lazy("See revised wording"),
        dated_subject=gettext_lazy(
            "Approval due %(due)s: revised wording in %(count)s job descriptions"
        ),
    ),
    "rollout.overdue": MessageTemplate(
        gettext_lazy("Approval overdue: revised wording"),
        gettext_lazy("Revised wording needs your approval. It was due %(due)s."),
        gettext_lazy("See revised wording"),
    ),
    "rollout.due_soon": MessageTemplate(
        gettext_lazy("Approval due %(due)s: revised wording"),
        gettext_lazy("Revised wording needs your approval. It’s due %(due)s."),
        gettext_lazy("See revised wording"),
    ),
    "rollout.late": MessageTemplate(
        gettext_lazy("Approval overdue: your revised wording"),
        gettext_lazy("Your revised wording isn’t approved yet. It was due %(due)s."),
        gettext_lazy("See revised wording"),
    ),
    "rollout.decided:ask_for_changes": MessageTemplate(
        gettext_lazy("Changes requested: revised wording"),
        gettext_lazy("%(who)s requested changes to the revised wording."),
        gettext_lazy("See requested changes"),
    ),
    "rollout.decided": MessageTemplate(
        gettext_lazy("Approved by %(who)s: revised wording"),
        gettext_lazy("%(who)s approved the revised wording. Job descriptions: %(count)s."),
        gettext_lazy("See progress"),
    ),
    "rollout.withdrawn": MessageTemplate(
        gettext_lazy("No approval needed: revised wording"),
        gettext_lazy("%(who)s withdrew the rollout. There’s nothing left to do."),
    ),
    "review.overdue": MessageTemplate(
        gettext_lazy("Review overdue: %(title)s"),
        gettext_lazy("Your review of “%(title)s” was due %(due)s."),
    ),
    "review.due_soon": MessageTemplate(
        gettext_lazy("Review due %(due)s: %(title)s"),
        gettext_lazy("Your review of “%(title)s” is due %(due)s."),
    ),
    "review.expiring": MessageTemplate(
        gettext_lazy("Review expires %(expires)s: %(title)s"),
        gettext_lazy(
            "The review of “%(title)s” expires on %(expires)s and isn’t finished. Change the due"
            " date, or withdraw the review."
        ),
    ),
    "review.late": MessageTemplate(
        gettext_lazy("Reviews overdue: %(title)s"),
        gettext_lazy(
            "Some reviews of “%(title)s” were due %(due)s. We reminded the reviewers who haven’t"
            " responded."
        ),
        gettext_lazy("See pending reviewers"),
    ),
    "review.withdrawn": MessageTemplate(
        gettext_lazy("No review needed: %(title)s"),
        gettext_lazy("%(who)s withdrew the review of “%(title)s”. There’s nothing left to do."),
    ),
    "review.released": MessageTemplate(
        gettext_lazy("Removed from the review: %(title)s"),
        gettext_lazy("%(who)s removed you from the review of “%(title)s”."),
    ),
    "review.recorded": MessageTemplate(
        gettext_lazy("Your decision was recorded: %(title)s"),
        gettext_lazy(
            "%(who)s recorded your decision on version %(number)s of “%(title)s”. If this isn’t"
            " right, let them know."
        ),
        gettext_lazy("See recorded decision"),
    ),
    "review.approved": MessageTemplate(
        gettext_lazy("Approved: %(title)s"),
        gettext_lazy("All approvers approved version %(number)s of “%(title)s”."),
    ),
    "review.decided:ask_for_changes": MessageTemplate(
        gettext_lazy("Changes requested: %(title)s"),
        gettext_lazy("%(who)s requested changes to version %(number)s of “%(title)s”."),
        gettext_lazy("See requested changes"),
    ),
    "review.decided:approve_with_comments": MessageTemplate(
        gettext_lazy("Approved with comments by %(who)s: %(title)s"),
        gettext_lazy("%(who)s approved version %(number)s of “%(title)s” with comments."),
        gettext_lazy("Read comments"),
    ),
    "review.decided:approve": MessageTemplate(
        gettext_lazy("Approved by %(who)s: %(title)s"),
        gettext_lazy("%(who)s approved version %(number)s of “%(title)s”."),
    ),
    "review.decided": MessageTemplate(
        gettext_lazy("Reviewed by %(who)s: %(title)s"),
        gettext_lazy("%(who)s reviewed version %(number)s of “%(title)s”."),
    ),
    "review.delegated": MessageTemplate(
        gettext_lazy("Delegated by %(who)s: %(title)s"),
        gettext_lazy("%(who)s delegated their review of “%(title)s” to a colleague."),
    ),
    "review.mentioned": MessageTemplate(
        gettext_lazy("%(who)s mentioned you: %(title)s"),
        gettext_lazy("%(who)s mentioned you in a comment on “%(title)s”."),
        gettext_lazy("Read comment"),
    ),
    "review.answered:accepted": MessageTemplate(
        gettext_lazy("Suggestion accepted: %(title)s"),
        gettext_lazy("%(who)s accepted your suggestion for “%(title)s”."),
        gettext_lazy("See suggestion"),
    ),
    "review.answered:declined": MessageTemplate(
        gettext_lazy("Suggestion declined: %(title)s"),
        gettext_lazy("%(who)s declined your suggestion for “%(title)s” and gave a reason."),
        gettext_lazy("See reason"),
    ),
    "review.answered": MessageTemplate(
        gettext_lazy("Suggestion answered: %(title)s"),
        gettext_lazy("%(who)s answered your suggestion for “%(title)s”."),
        gettext_lazy("See answer"),
    ),
    "review.suggested": MessageTemplate(
        gettext_lazy("%(who)s suggested a change: %(title)s"),
        gettext_lazy("%(who)s suggested a change to “%(title)s”."),
        gettext_lazy("See suggestion"),
    ),
    "review.commented": MessageTemplate(
        gettext_lazy("Comment from %(who)s: %(title)s"),
        gettext_lazy("%(who)s commented on “%(title)s”."),
        gettext_lazy("Read comment"),
    ),
}
# The variants of a request: for a commenter, for someone who viewed an earlier version.
REQUESTS = {
    (False, False): "review.asked",
    (False, True): "review.asked:again",
    (True, False): "review.asked:comments",
    (True, True): "review.asked:comments_again",
}
UNKNOWN = MessageTemplate(
    gettext_lazy("Update: %(title)s"), gettext_lazy("There’s an update about “%(title)s”.")
)
# Sent also to people who lost access.
SENT_WITHOUT_ACCESS = ("review.withdrawn", "review.released")
# Not sent once the reviewer has decided.
SENT_WHILE_PENDING = ("review.asked", "review.due_soon", "review.overdue")


@dataclass(frozen=True, slots=True)
class NotificationMessage:
    """The message of one notification."""

    subject: str
    sentence: str
    button: str


def message(
    row: Notification, title: str, reviewers: Mapping[int, Reviewer] | None = None
) -> NotificationMessage:
    """Returns the message of a notification; `title` is the title that this person can see. Pass
    `reviewers` (from `deciders`) for many notifications, to avoid a query for each."""
    template = VERBS.get(_variant(row)) or VERBS.get(row.verb) or UNKNOWN
    known = {"title": title, "who": _who(row, reviewers), **notification_values.values(row)}
    subject = template.dated_subject if known["due"] else ""
    return NotificationMessage(
        subject=str(subject or template.subject) % known,
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
    """Returns the key in VERBS, where a verb has several messages."""
    if row.verb == "review.asked":
        is_commenter = row.reviewer is not None and not row.reviewer.is_approver
        return REQUESTS[is_commenter, _looked_before(row)]
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
    """Returns who acted: for a decision the reviewer, even where an author recorded it."""
    if row.verb == "review.decided" and "reviewer" in row.what:
        reviewer = (deciders([row]) if reviewers is None else reviewers).get(row.what["reviewer"])
        if reviewer is not None:
            return str(reviewer)
    return str(row.by or row.by_reviewer or _("Someone"))
