"""The form of a decision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crispy_forms.layout import Field, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
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
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose a decision."),
            "invalid_choice": _("Choose a decision."),
        },
    )
    text = ParagraphField(
        label=_("Comment"),
        help_text=_("Required when you request changes or approve with comments."),
        max_length=limits.COMMENT_LIMIT,
        required=False,
        rows=3,
    )

    def __init__(self, data: Any = None, role: str = "", **kwargs: Any) -> None:
        """`role` is the reviewer's role, which limits the decisions in `data`."""
        super().__init__(data, auto_id="decide-%s", **kwargs)
        self._offer(decision_options.KINDS_BY_ROLE.get(role, ()))

    def layout(self) -> Layout:
        return Layout("round", Field("kind", wrapper_class="inline-choices"), "text")

    def show(self, kinds: Sequence[str], *, version: int, sections: Sequence[str]) -> None:
        """Labels the form for a version number and section names (empty: all) and offers `kinds`.
        Without kinds, a bound form keeps its choices so that the page can show its input."""
        if kinds or not self.is_bound:
            self._offer(kinds)
        kind = self["kind"]
        kind.label = gettext("Your decision on version %d") % version
        kind.help_text = (
            gettext("Sections: %s") % ", ".join(sections) if sections else gettext("All sections.")
        )

    def _offer(self, kinds: Sequence[str]) -> None:
        labels = {**DECISIONS, "read": _("Mark as reviewed")}
        self.set_choices("kind", [(kind, labels[kind]) for kind in kinds])

    def clean(self) -> dict[str, Any]:
        """Turns an approval with text into one with comments; a request for changes needs text."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") == "approve" and cleaned.get("text"):
            cleaned["kind"] = "approve_with_comments"
        messages = {
            "ask_for_changes": _("Describe the changes you want."),
            "approve_with_comments": _("Enter a comment, or choose “Approve”."),
        }
        message = messages.get(cleaned.get("kind", ""))
        if message and "text" not in self.errors and not cleaned.get("text"):
            self.add_error("text", ValidationError(message))
        return cleaned
