"""The verbs of events: the icon and the sentence of each in the activity feed. The values of the
sentences come from `activity_messages`."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

# Icon and sentence by verb.
VERBS: dict[str, tuple[str, str | Promise]] = {
    "description.started": ("file-earmark-plus", gettext_lazy("Created %(origin)s")),
    "description.imported": ("box-arrow-in-down", gettext_lazy("Imported from a file")),
    "draft.changed": ("pencil", gettext_lazy("Edited the draft")),
    "version.saved": ("bookmark", gettext_lazy("Saved version %(number)s")),
    "version.restored": (
        "arrow-counterclockwise",
        gettext_lazy("Restored the draft from version %(number)s"),
    ),
    "version.effective": (
        "check-circle-fill",
        gettext_lazy("Made version %(number)s current as of %(since)s"),
    ),
    "version.exported": (
        "download",
        gettext_lazy("Exported version %(number)s as %(format)s (%(audience)s)"),
    ),
    "description.published": ("globe", gettext_lazy("Published the current version")),
    "description.unpublished": ("eye-slash", gettext_lazy("Removed the public page")),
    "people.assigned": ("people", gettext_lazy("Changed the owner or hiring managers")),
    "description.transferred": ("arrow-left-right", gettext_lazy("Transferred to another owner")),
    "description.manager_left": ("person-dash", gettext_lazy("Removed a hiring manager")),
    "account.deactivated": ("person-slash", gettext_lazy("Deactivated an account")),
    "account.reactivated": ("person-check", gettext_lazy("Reactivated an account")),
    "account.erased": ("eraser", gettext_lazy("Erased an account")),
    "account.created": ("person-plus", gettext_lazy("Created an account")),
    "account.invited": ("envelope-plus", gettext_lazy("Invited a person")),
    "account.invitation_renewed": ("envelope", gettext_lazy("Sent an invitation again")),
    "account.invitation_canceled": ("envelope-x", gettext_lazy("Canceled an invitation")),
    "account.invitation_accepted": ("person-check", gettext_lazy("Accepted their invitation")),
    "account.changed": ("pencil", gettext_lazy("Changed an account’s name or email address")),
    "account.access_changed": (
        "people",
        gettext_lazy("Changed an account’s groups or departments"),
    ),
    "account.sessions_ended": ("box-arrow-right", gettext_lazy("Ended an account’s sessions")),
    "account.reset_sent": ("key", gettext_lazy("Sent a password reset")),
    "account.signed_in": ("box-arrow-in-right", gettext_lazy("Signed in")),
    "account.sign_in_failed": ("shield-x", gettext_lazy("A sign-in failed")),
    "account.signed_out_everywhere": ("box-arrow-right", gettext_lazy("Signed out everywhere")),
    "account.password_changed": ("key", gettext_lazy("Changed their password")),
    "account.password_reset": ("key", gettext_lazy("Reset their password")),
    "account.email_changed": ("envelope", gettext_lazy("Changed their email address")),
    "account.factor_added": ("shield-plus", gettext_lazy("Added a second factor")),
    "account.factor_removed": ("shield-minus", gettext_lazy("Removed a second factor")),
    "account.factors_removed": ("shield-minus", gettext_lazy("Removed all second factors")),
    "organization.set_up": ("building", gettext_lazy("Set up the organization")),
    "sign_in.changed": ("shield", gettext_lazy("Changed the sign-in settings")),
    "sign_in.restored": ("shield", gettext_lazy("Allowed passwords again")),
    "provider.added": ("plug", gettext_lazy("Added single sign-on")),
    "provider.changed": ("plug", gettext_lazy("Changed single sign-on")),
    "provider.removed": ("plug", gettext_lazy("Removed single sign-on")),
    "review.asked": (
        "chat-square-text",
        gettext_lazy("Sent version %(number)s for review"),
    ),
    "review.round": (
        "arrow-repeat",
        gettext_lazy("Sent version %(number)s for review, round %(round)s"),
    ),
    "review.added": ("person-plus", gettext_lazy("Added %(reviewer)s as a reviewer")),
    "review.released": ("person-dash", gettext_lazy("Removed %(reviewer)s from the review")),
    "review.replaced": (
        "arrow-left-right",
        gettext_lazy("Replaced %(previous)s with %(reviewer)s as a reviewer"),
    ),
    "review.delegated": (
        "arrow-left-right",
        gettext_lazy("Delegated their review to %(reviewer)s"),
    ),
    "review.entered": ("key", gettext_lazy("Opened the review with an emailed code")),
    "review.joined": ("person-check", gettext_lazy("Connected the review to their account")),
    "review.link_renewed": (
        "link-45deg",
        gettext_lazy("Emailed %(reviewer)s a new link to the review"),
    ),
    "review.decided": ("check2-square", gettext_lazy("%(decision)s")),
    "review.commented": ("chat", gettext_lazy("Posted a comment")),
    "review.suggested": ("pencil-square", gettext_lazy("Suggested a change")),
    "review.answered": ("reply", gettext_lazy("%(answer)s")),
    "review.resolved": ("check2", gettext_lazy("Resolved a comment")),
    "review.reopened": ("arrow-counterclockwise", gettext_lazy("Reopened a comment")),
    "review.rescheduled": (
        "calendar-event",
        gettext_lazy("Changed the due date of the review to %(due)s"),
    ),
    "review.withdrawn": ("x-circle", gettext_lazy("Withdrew the review")),
    "version.approved": ("check-circle", gettext_lazy("Version %(number)s was approved")),
    "evidence.taken": (
        "file-earmark-zip",
        gettext_lazy("Downloaded the audit record as of %(day)s (%(audience)s)"),
    ),
    "description.archived": ("archive", gettext_lazy("Archived the job description")),
    "description.unarchived": ("box-arrow-up", gettext_lazy("Restored the job description")),
}
UNKNOWN = ("dot", gettext_lazy("Recorded “%(verb)s”"))
