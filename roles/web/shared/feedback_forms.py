"""What a page with suggestions and comments beside a draft posts: `say-<thread>-<field>` for
each, and a button `do` with one of DEEDS and its thread. The hidden `say-<thread>-was` holds the
token at which the page read the line, and a digest of the words that it offered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from roles import vocabulary
from roles.models.review import WORDS_LIMIT
from roles.web.shared.fields import ProseField
from roles.web.shared.post_data import Post, digest, number, one

OF_THREADS = (
    *("suggestion-accept", "suggestion-change", "suggestion-new", "suggestion-decline"),
    *("thread-reply", "thread-resolve"),
)
ALL_THAT_FIT = "suggestions-fit"
DEEDS = (*OF_THREADS, ALL_THAT_FIT)
OFFERED = ("text", "detail")  # fields that the page fills in
FIELDS = (*OFFERED, "reason", "reply")
Typed = dict[int, dict[str, str]]  # by thread and field


@dataclass(frozen=True, slots=True)
class Asked:
    """A pressed button: a deed of DEEDS about a thread, the token at which the page read the
    line that it is about, and what was typed beside it."""

    deed: str
    thread: int
    base: int
    typed: Mapping[str, str]


def asked(post: Post) -> Asked | None:
    """What the page asks for, or None where it is nothing of DEEDS."""
    deed, _colon, target = one(post, "do").partition(":")
    if deed not in DEEDS or one(post, "pick-do") == "theirs":
        return None
    thread = number(target)
    base = number(one(post, f"say-{thread}-was").partition(".")[0])
    return Asked(deed, thread, base, typed(post).get(thread, {}))


def typed(post: Post) -> Typed:
    """What stands in the fields, as it was sent."""
    found: Typed = {}
    for name in post:
        kind, _dash, rest = name.partition("-")
        thread, _dash, field = rest.partition("-")
        if kind == "say" and field in FIELDS and number(thread):
            found.setdefault(number(thread), {})[field] = one(post, name).replace("\r\n", "\n")
    return found


def unsent(post: Post, *, but: int = 0) -> Typed:
    """What was typed into fields whose button was not pressed (`but`: the thread whose was)."""
    found: Typed = {}
    for thread, fields in typed(post).items():
        if thread == but:
            continue
        was = one(post, f"say-{thread}-was").partition(".")[2]
        is_reworded = "text" in fields and offered(fields) != was
        if is_reworded or any(fields.get(name, "").strip() for name in ("reason", "reply")):
            found[thread] = fields
    return found


def offered(fields: Mapping[str, str]) -> str:
    """A digest of the words that a page offers for a suggestion, or of what became of them."""
    return digest({name: [fields.get(name, "")] for name in OFFERED})


class _AnswerForm(forms.Form):
    """A form of what was typed beside one thread."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__(dict(values))

    @property
    def problems(self) -> dict[str, list[str]]:
        return {name: [str(text) for text in texts] for name, texts in self.errors.items()}


class WordsForm(_AnswerForm):
    """The words in which a suggestion is accepted."""

    text = ProseField(
        max_length=vocabulary.PARAGRAPH_LIMIT,
        error_messages={"required": _("The line needs words. To leave it as it is, decline.")},
    )
    detail = ProseField(max_length=vocabulary.DETAIL_LIMIT, required=False)


class DeclineForm(_AnswerForm):
    """Why a suggestion is declined."""

    reason = ProseField(
        max_length=WORDS_LIMIT,
        error_messages={"required": _("Say why, in a few words: they read it.")},
    )


class ReplyForm(_AnswerForm):
    """One's own contribution to a thread."""

    reply = ProseField(
        max_length=WORDS_LIMIT, error_messages={"required": _("Write something first.")}
    )


FORMS: dict[str, type[_AnswerForm]] = {
    "suggestion-change": WordsForm,
    "suggestion-new": WordsForm,
    "suggestion-decline": DeclineForm,
    "thread-reply": ReplyForm,
}


def form(asked: Asked) -> _AnswerForm | None:
    """What the deed needs to be typed, bound and not yet looked at; None for nothing."""
    kind = FORMS.get(asked.deed)
    return kind(asked.typed) if kind else None
