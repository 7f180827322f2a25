"""What reviewers type: a comment, a suggestion, a reply, a decision, a colleague's name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from roles import vocabulary
from roles.document import Line, Section
from roles.forms.texts import ProseField
from roles.models import User
from roles.models.reviews import DECISIONS, WORDS_LIMIT

NUMBER = 10**9 - 1  # the highest that a field of a page's address may hold

SAY = {
    "comment": _("Comment"),
    "reword": _("Other words"),
    "remove": _("Remove it"),
    "add": _("Add a line"),
    "requirement": _("Required or preferred"),
}


class RefusableForm(forms.Form):
    """A form that shows what a deed refused."""

    def refuse(self, message: str) -> None:
        self.add_error(None, ValidationError(message))


class PlaceForm(forms.Form):
    """The place that a page's address names: uids, and the number of the version."""

    section = forms.CharField(max_length=32, required=False)
    line = forms.CharField(max_length=32, required=False)
    number = forms.IntegerField(min_value=1, max_value=NUMBER, required=False)


class SayForm(RefusableForm):
    """A comment or a suggestion at a place. `line` and `section` are what stands there, raw."""

    kind = forms.ChoiceField(
        label=_("Comment, or suggest a change"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one.")},
    )
    comment = ProseField(
        label=_("Comment"),
        max_length=WORDS_LIMIT,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    text = ProseField(
        label=_("Other words"),
        max_length=vocabulary.PARAGRAPH_LIMIT,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )
    detail = ProseField(
        label=_("Explanation under it"),
        max_length=vocabulary.DETAIL_LIMIT,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    added = ProseField(
        label=_("New line"),
        max_length=vocabulary.PARAGRAPH_LIMIT,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    requirement = forms.ChoiceField(
        label=_("It should be"),
        required=False,
        choices=[("", _("Not stated")), *vocabulary.REQUIREMENTS.items()],
        widget=forms.Select({"class": "form-select"}),
    )

    def __init__(self, data: Any, line: Line | None, section: Section | None) -> None:
        self.line, self.section = line, section
        self.kinds = kinds = ["comment"]
        if line is not None:
            kinds += ["reword", "remove"]
        if section is not None:
            kinds.append("add")
        if line is not None and _asks_requirement(line, section):
            kinds.append("requirement")
        initial = {"kind": "comment"}
        if line is not None:
            initial |= {"text": line.text, "detail": line.detail, "requirement": line.requirement}
        super().__init__(data, initial=initial, auto_id=f"say-{_uid(line, section)}-%s")
        choice = self.fields["kind"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101  # narrows the type
        choice.choices = [(kind, SAY[kind]) for kind in kinds]
        if line is None or not (line.detail or _explains(section)):
            del self.fields["detail"]

    def clean(self) -> dict[str, Any]:
        """What the kind needs is there."""
        cleaned = super().clean() or self.cleaned_data
        wanted = {
            "comment": ("comment", _("Write something first.")),
            "reword": ("text", _("Write the words that you suggest.")),
            "add": ("added", _("Write the line that you suggest.")),
        }
        name, message = wanted.get(cleaned.get("kind", ""), ("", ""))
        if name and name not in self.errors and not cleaned.get(name):
            self.add_error(name, ValidationError(message))
        return cleaned


class ReplyForm(RefusableForm):
    """One more comment in a thread."""

    text = ProseField(
        label=_("Your reply"),
        max_length=WORDS_LIMIT,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Write something first.")},
    )


class DecisionForm(RefusableForm):
    """What somebody decides on the version of a round."""

    round = forms.IntegerField(min_value=1, max_value=NUMBER, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=_("Your decision"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what you decide."),
            "invalid_choice": _("Choose what you decide."),
        },
    )
    text = ProseField(
        label=_("What do you want to say about it?"),
        max_length=WORDS_LIMIT,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, data: Any, kinds: Sequence[str], **kwargs: Any) -> None:
        super().__init__(data, auto_id="decide-%s", **kwargs)
        choice = self.fields["kind"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101  # narrows the type
        words = {**DECISIONS, "consulted": _("I have read it")}
        choice.choices = [(kind, words[kind]) for kind in kinds]

    def clean(self) -> dict[str, Any]:
        """Whoever approves and writes something approves with comments; whoever asks for
        changes says which."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") == "approve" and cleaned.get("text"):
            cleaned["kind"] = "approve_with_comments"
        messages = {
            "ask_for_changes": _("Say what should change, in a few words."),
            "approve_with_comments": _("Write your comment, or choose “Approve”."),
        }
        message = messages.get(cleaned.get("kind", ""))
        if message and "text" not in self.errors and not cleaned.get("text"):
            self.add_error("text", ValidationError(message))
        return cleaned


class DelegateForm(RefusableForm):
    """Who takes over somebody's seat, and why."""

    to = forms.ModelChoiceField(
        label=_("Who decides in your place?"),
        queryset=User.objects.none(),
        empty_label=_("Choose a person"),
        widget=forms.Select({"class": "form-select"}),
        error_messages={
            "required": _("Choose a person."),
            "invalid_choice": _("Choose one of the people listed."),
        },
    )
    reason = ProseField(
        label=_("Why?"),
        max_length=WORDS_LIMIT,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("The record of the review shows it."),
        error_messages={"required": _("Say why, in a few words.")},
    )

    def __init__(self, data: Any, without: Iterable[int]) -> None:
        """`without`: ids of accounts that cannot take over."""
        super().__init__(data)
        people = User.objects.filter(is_active=True).exclude(pk__in=list(without))
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  # narrows the type
        field.queryset = people.order_by("last_name", "first_name", "username")


def _uid(line: Line | None, section: Section | None) -> str:
    here = line or section
    return here.uid if here else "whole"


def _explains(section: Section | None) -> bool:
    """Whether its lines usually have an explanation."""
    return section is not None and section.kind in ("skills", "faq")


def _asks_requirement(line: Line, section: Section | None) -> bool:
    if section is None or line.form != "entry":
        return False
    return "requirement" in vocabulary.SECTION_KINDS[section.kind].asks
