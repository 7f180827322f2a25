"""The form of a decision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from roles import limits
from roles.reviews import decision_options
from roles.vocabulary import DECISIONS
from roles.web.shared.embedded_form import EmbeddedForm
from roles.web.shared.fields import ParagraphField
from roles.web.shared.post_data import NUMBER_LIMIT


class DecisionForm(EmbeddedForm):
    """A reviewer's decision on the version of a round."""

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
        max_length=limits.COMMENT_LIMIT,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, data: Any = None, role: str = "", **kwargs: Any) -> None:
        """`role`: the reviewer's, whose decisions `data` may be."""
        super().__init__(data, auto_id="decide-%s", **kwargs)
        self.offer(decision_options.KINDS_BY_ROLE.get(role, ()))

    def offer(self, kinds: Sequence[str]) -> None:
        """Offers these decisions; where there are none, a bound form keeps those it had, so that
        the page can show what was typed."""
        choice = self.fields["kind"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101  # narrows the type
        labels = {**DECISIONS, "read": _("I have read it")}
        if kinds or not self.is_bound:
            choice.choices = [(kind, labels[kind]) for kind in kinds]

    def clean(self) -> dict[str, Any]:
        """An approval with a text is one with comments; a request for changes needs a text."""
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
