"""One suggestion or thread on a draft, as a page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from roles import comparison, vocabulary
from roles.comparison import Piece, Pieces
from roles.exporters import change_marks
from roles.models import Comment, Suggestion, Thread
from roles.reviews.comments import MENTION
from roles.reviews.feedback import FeedbackNote
from roles.web.shared import feedback_forms
from roles.web.shared.wizard_steps import Step, step_of


@dataclass
class FeedbackItem:
    """A note as a page shows it. `token` is the draft's token when it was read; `typed` and
    `errors` are the unsent values of its fields and their errors; `is_moved` means that it was
    answered after its line had changed."""

    note: FeedbackNote
    token: int
    names: Mapping[int, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, list[str]] = field(default_factory=dict)
    is_moved: bool = False

    @property
    def thread(self) -> Thread:
        return self.note.thread

    @property
    def suggestion(self) -> Suggestion | None:
        return self.note.suggestion

    @property
    def uid(self) -> str:
        return f"feedback-{self.thread.pk}"

    @property
    def step(self) -> Step | None:
        """The step of the wizard where its section is."""
        return step_of(self.note.section.kind) if self.note.section is not None else None

    @property
    def is_open(self) -> bool:
        """Whether it must be visible at once."""
        return self.is_moved or bool(self.typed or self.errors)

    # --- the suggestion

    @property
    def offered(self) -> dict[str, str]:
        """The wording if it is accepted without changes."""
        text, detail = self.note.proposed if self.suggestion else ("", "")
        return {"text": text, "detail": detail}

    @property
    def base(self) -> str:
        """The state that the page is based on; the form sends it back."""
        return f"{self.token}.{feedback_forms.offered(self.offered) if self.suggestion else ''}"

    @property
    def value(self) -> dict[str, str]:
        """The value of each field."""
        return {**dict.fromkeys(feedback_forms.FIELDS, ""), **self.offered, **self.typed}

    @property
    def redlines(self) -> list[SafeString]:
        """The changes that accepting it would make to the current line."""
        found = self.suggestion
        if found is None:
            return []
        line = self.note.line
        now = (line.text, line.detail) if line is not None else (found.old_text, found.old_detail)
        if found.kind == "requirement":
            stated = line.requirement if line is not None else found.old_requirement
            return [_marked(_one(now[0])), _marked(_became(stated, found.requirement))]
        if found.kind == "remove":
            pairs = [(text, "") for text in now]
        elif found.kind == "add":
            pairs = [("", text) for text in self.note.proposed]
        else:
            pairs = list(zip(now, self.note.proposed, strict=True))
        return [_marked(comparison.pieces(*pair)) for pair in pairs if any(pair)]

    @property
    def earlier(self) -> list[SafeString]:
        """The original suggestion, if the line has changed since."""
        found = self.suggestion
        if found is None or not self.note.is_changed:
            return []
        if found.kind == "requirement":
            old = _became(found.old_requirement, found.requirement)
            return [_marked(_one(found.old_text)), _marked(old)]
        suggested = (found.text, found.detail) if found.kind == "reword" else ("", "")
        pairs = zip((found.old_text, found.old_detail), suggested, strict=True)
        return [_marked(comparison.pieces(*pair)) for pair in pairs if any(pair)]

    @property
    def is_applied_already(self) -> bool:
        """Whether the line already has the suggested wording."""
        found, line = self.suggestion, self.note.line
        if found is None or line is None or found.kind not in ("reword", "requirement"):
            return False
        is_same_text = (line.text, line.detail) == self.note.proposed
        suggested = found.requirement if found.kind == "requirement" else line.requirement
        return is_same_text and line.requirement == suggested

    @property
    def follows(self) -> str:
        """The text of the line that a new line would follow."""
        found, line = self.suggestion, self.note.line
        return line.text if found and found.kind == "add" and line is not None else ""

    @property
    def has_detail(self) -> bool:
        """Whether the wording has a detail."""
        return bool(self.offered["detail"] or (self.suggestion and self.suggestion.old_detail))

    @property
    def may_be_reworded(self) -> bool:
        return self.suggestion is not None and self.suggestion.kind in ("reword", "add")

    @property
    def as_new(self) -> bool:
        """Whether accepting it restores a removed line."""
        found = self.suggestion
        return self.note.is_line_gone and found is not None and found.kind in _CHANGING

    @property
    def hindrance(self) -> str:
        """Why it can't be accepted, or an empty string."""
        found = self.suggestion
        if found is None:
            return ""
        if self.note.is_locked:
            return _("The template locks this section, so the suggestion can’t be accepted.")
        if self.note.section is None and found.kind != "remove":
            return _("Its section was removed from the draft, so the suggestion can’t be accepted.")
        return ""

    # --- the discussion

    @property
    def comments(self) -> list[tuple[Comment, str]]:
        """The comments, each with its text with mentions replaced by names."""
        return [(comment, self._text(comment)) for comment in self.thread.comments.all()]

    def _text(self, comment: Comment) -> str:
        return MENTION.sub(lambda found: f"@{self.names.get(int(found[1]), '…')}", comment.text)


_CHANGING = ("reword", "requirement")


def _marked(pieces: Pieces) -> SafeString:
    return change_marks.marked(pieces)


def _one(text: str, state: str = "same") -> Pieces:
    return (Piece(text, state),)


def _became(old: str, new: str) -> Pieces:
    """One requirement replaced by another."""
    labels = [
        str(_(vocabulary.REQUIREMENTS[code])) if code else _("not stated") for code in (old, new)
    ]
    if old == new:
        return _one(labels[0])
    return (*_one(labels[0], "removed"), *_one(" "), *_one(labels[1], "added"))
