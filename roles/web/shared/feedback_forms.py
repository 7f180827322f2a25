"""The POST data of a page with feedback: `feedback-<thread>-<field>` for each thread, and a button
`action` with one of ACTIONS and its thread. The hidden `feedback-<thread>-base` has the token at
which the page read the line and a digest of the wording it offered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from roles import limits
from roles.web.shared.fields import ParagraphField
from roles.web.shared.post_data import Post, digest, number, single

OF_THREADS = (
    *("suggestion-accept", "suggestion-change", "suggestion-new", "suggestion-decline"),
    *("thread-reply", "thread-resolve"),
)
ALL_THAT_FIT = "suggestions-fit"
ACTIONS = (*OF_THREADS, ALL_THAT_FIT)
OFFERED = ("text", "detail")  # fields that the page fills in
FIELDS = (*OFFERED, "reason", "reply")
Typed = dict[int, dict[str, str]]  # by thread and field


@dataclass(frozen=True, slots=True)
class FeedbackAction:
    """A pressed button: one of ACTIONS, its thread, the token at which the page read its line,
    and its input."""

    action: str
    thread: int
    base: int
    typed: Mapping[str, str]


def requested_action(post: Post) -> FeedbackAction | None:
    """Returns the action of the pressed button, or None if it is not in ACTIONS."""
    action, _colon, target = single(post, "action").partition(":")
    if action not in ACTIONS or single(post, "pick-action") == "theirs":
        return None
    thread = number(target)
    base = number(single(post, f"feedback-{thread}-base").partition(".")[0])
    return FeedbackAction(action, thread, base, typed(post).get(thread, {}))


def typed(post: Post) -> Typed:
    """Returns the values of the fields, as sent."""
    found: Typed = {}
    for name in post:
        kind, _dash, rest = name.partition("-")
        thread, _dash, field = rest.partition("-")
        if kind == "feedback" and field in FIELDS and number(thread):
            found.setdefault(number(thread), {})[field] = single(post, name).replace("\r\n", "\n")
    return found


def unsent(post: Post, *, but: int = 0) -> Typed:
    """Returns the input of fields whose button was not pressed; `but` is the thread of the
    pressed button."""
    found: Typed = {}
    for thread, fields in typed(post).items():
        if thread == but:
            continue
        shown = single(post, f"feedback-{thread}-base").partition(".")[2]
        is_reworded = "text" in fields and offered(fields) != shown
        if is_reworded or any(fields.get(name, "").strip() for name in ("reason", "reply")):
            found[thread] = fields
    return found


def offered(fields: Mapping[str, str]) -> str:
    """Returns a digest of the wording that a page offered or sent back for a suggestion."""
    return digest({name: [fields.get(name, "")] for name in OFFERED})


class _AnswerForm(forms.Form):
    """A form of the fields of one thread."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__(dict(values))

    @property
    def problems(self) -> dict[str, list[str]]:
        return {name: [str(text) for text in texts] for name, texts in self.errors.items()}


class AcceptedWordingForm(_AnswerForm):
    """The wording in which a suggestion is accepted."""

    text = ParagraphField(
        max_length=limits.PARAGRAPH_LIMIT,
        error_messages={
            "required": _("Enter the wording. To leave the line unchanged, decline the suggestion.")
        },
    )
    detail = ParagraphField(max_length=limits.DETAIL_LIMIT, required=False)


class DeclineForm(_AnswerForm):
    """The reason why a suggestion is declined."""

    reason = ParagraphField(
        max_length=limits.COMMENT_LIMIT,
        error_messages={"required": _("Enter a reason. The reviewer will see it.")},
    )


class FeedbackReplyForm(_AnswerForm):
    """A reply to a thread."""

    reply = ParagraphField(
        max_length=limits.COMMENT_LIMIT,
        error_messages={"required": _("Enter a reply.")},
    )


FORMS: dict[str, type[_AnswerForm]] = {
    "suggestion-change": AcceptedWordingForm,
    "suggestion-new": AcceptedWordingForm,
    "suggestion-decline": DeclineForm,
    "thread-reply": FeedbackReplyForm,
}


def form(requested_action: FeedbackAction) -> _AnswerForm | None:
    """Returns the form that the action needs, bound and not validated; None if it needs none."""
    kind = FORMS.get(requested_action.action)
    return kind(requested_action.typed) if kind else None
