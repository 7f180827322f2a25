"""What reviewers type: a comment, a suggestion, a reply, a decision, a colleague's name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from roles.models import User
from roles.models.review import COMMENT_LIMIT, DECISIONS
from roles.web.shared.embedded_form import RefusableForm
from roles.web.shared.fields import ParagraphField
from roles.web.shared.post_data import NUMBER_LIMIT


class DecisionForm(RefusableForm):
    """What somebody decides on the version of a round."""

    round = forms.IntegerField(min_value=1, max_value=NUMBER_LIMIT, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=_("Your decision"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what you decide."),
            "invalid_choice": _("Choose what you decide."),
        },
    )
    text = ParagraphField(
        label=_("What do you want to say about it?"),
        max_length=COMMENT_LIMIT,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, data: Any, kinds: Sequence[str], **kwargs: Any) -> None:
        super().__init__(data, auto_id="decide-%s", **kwargs)
        choice = self.fields["kind"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101  # narrows the type
        words = {**DECISIONS, "read": _("I have read it")}
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
    reason = ParagraphField(
        label=_("Why?"),
        max_length=COMMENT_LIMIT,
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
