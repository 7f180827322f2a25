"""The verbs of events: the icon and the sentence of each in the activity feed. The values of the
sentences come from `activity_messages`."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

# Icon and sentence by verb.
VERBS: dict[str, tuple[str, str | Promise]] = {
    "description.started": ("file-earmark-plus", gettext_lazy("Started %(origin)s")),
    "description.imported": ("box-arrow-in-down", gettext_lazy("Brought it in from a file")),
    "draft.changed": ("pencil", gettext_lazy("Edited the draft")),
    "version.saved": ("bookmark", gettext_lazy("Saved version %(number)s")),
    "version.restored": (
        "arrow-counterclockwise",
        gettext_lazy("Started the draft again from version %(number)s"),
    ),
    "version.effective": (
        "check-circle-fill",
        gettext_lazy("Made version %(number)s effective from %(since)s"),
    ),
    "version.exported": (
        "download",
        gettext_lazy("Exported version %(number)s as %(format)s, for %(audience)s readers"),
    ),
    "description.published": ("globe", gettext_lazy("Showed the effective version to the public")),
    "description.unpublished": ("eye-slash", gettext_lazy("Settled that it has no public page")),
    "people.assigned": ("people", gettext_lazy("Settled whose it is")),
    "description.transferred": ("arrow-left-right", gettext_lazy("Gave it to another owner")),
    "description.manager_left": ("person-dash", gettext_lazy("Took a hiring manager off")),
    "account.deactivated": ("person-slash", gettext_lazy("Deactivated an account")),
    "account.reactivated": ("person-check", gettext_lazy("Reactivated an account")),
    "account.erased": ("eraser", gettext_lazy("Erased an account")),
    "review.asked": (
        "chat-square-text",
        gettext_lazy("Asked for a review of version %(number)s"),
    ),
    "review.round": (
        "arrow-repeat",
        gettext_lazy("Sent version %(number)s to the reviewers: round %(round)s"),
    ),
    "review.added": ("person-plus", gettext_lazy("Asked %(reviewer)s to review it, too")),
    "review.released": ("person-dash", gettext_lazy("Released %(reviewer)s from the review")),
    "review.replaced": (
        "arrow-left-right",
        gettext_lazy("Asked %(reviewer)s to review it instead of %(previous)s"),
    ),
    "review.delegated": (
        "arrow-left-right",
        gettext_lazy("Handed their review over to %(reviewer)s"),
    ),
    "review.entered": ("key", gettext_lazy("Came by their link, with a code from their mail")),
    "review.joined": ("person-check", gettext_lazy("Reviews it with their account from now on")),
    "review.link_renewed": (
        "link-45deg",
        gettext_lazy("Sent %(reviewer)s a new link to the review"),
    ),
    "review.decided": ("check2-square", gettext_lazy("%(decision)s")),
    "review.commented": ("chat", gettext_lazy("Wrote a comment")),
    "review.suggested": ("pencil-square", gettext_lazy("Suggested a change")),
    "review.answered": ("reply", gettext_lazy("%(answer)s")),
    "review.resolved": ("check2", gettext_lazy("Resolved a thread")),
    "review.reopened": ("arrow-counterclockwise", gettext_lazy("Opened a thread again")),
    "review.rescheduled": (
        "calendar-event",
        gettext_lazy("Gave the review another due date: %(due)s"),
    ),
    "review.withdrawn": ("x-circle", gettext_lazy("Withdrew the review")),
    "version.approved": ("check-circle", gettext_lazy("Version %(number)s is approved")),
    "evidence.taken": (
        "file-earmark-zip",
        gettext_lazy("Took the evidence of %(day)s, for %(audience)s readers"),
    ),
    "description.archived": ("archive", gettext_lazy("Archived it")),
    "description.unarchived": ("box-arrow-up", gettext_lazy("Brought it back from the archive")),
}
UNKNOWN = ("dot", gettext_lazy("Recorded “%(verb)s”"))
