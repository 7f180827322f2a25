"""Forms of a review: the request, the next round, the due date, and its reviewers."""

from __future__ import annotations

from datetime import date
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from roles import limits
from roles.reviews import decision_options
from roles.vocabulary import DECISIONS
from roles.web.reviews import reviewer_rows
from roles.web.shared.dates import DayField, refuse_far
from roles.web.shared.embedded_form import EmbeddedForm
from roles.web.shared.fields import OneLineField, ParagraphField
from roles.web.shared.post_data import NUMBER_LIMIT

ORDERS = {
    "together": gettext_lazy("All at the same time"),
    "in_order": gettext_lazy("One after another, as they stand here"),
}
# Of fields for names: neither the browser nor a phone's keyboard changes what is typed.
_NO_CORRECTION = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


class RequestReviewForm(EmbeddedForm):
    """The order, due date and note for all reviewers."""

    order = forms.ChoiceField(
        choices=list(ORDERS.items()),
        initial="together",
        label=gettext_lazy("When each is asked"),
        widget=forms.RadioSelect,
    )
    due = DayField(
        required=False,
        label=gettext_lazy("Answer by"),
        help_text=gettext_lazy(
            "They are reminded before and after this day. Leave it empty to set none."
        ),
    )
    note = ParagraphField(
        required=False,
        max_length=limits.COMMENT_LIMIT,
        rows=3,
        label=gettext_lazy("Note to all of them"),
        help_text=gettext_lazy("What you want to know of them. It stands above the text."),
    )

    def clean_due(self) -> date | None:
        return _possible(self.cleaned_data["due"])


class _Reason(EmbeddedForm):
    reason = ParagraphField(
        max_length=limits.COMMENT_LIMIT,
        label=gettext_lazy("Reason"),
        error_messages={"required": gettext_lazy("Say why, in a few words.")},
    )


class NextRoundForm(EmbeddedForm):
    """Sends the next version to the reviewers; the page itself names the version, so that a
    refused form is sent again with the newest."""

    version = forms.IntegerField(min_value=1, max_value=NUMBER_LIMIT, widget=forms.HiddenInput)
    note = ParagraphField(
        required=False,
        max_length=limits.COMMENT_LIMIT,
        label=gettext_lazy("Note to the reviewers"),
        help_text=gettext_lazy("What you changed, and what you answer to their remarks."),
    )

    def layout(self) -> Layout:
        return Layout("note")


class RescheduleForm(EmbeddedForm):
    """Another due date."""

    due = DayField(
        label=gettext_lazy("Answer by"),
        error_messages={"required": gettext_lazy("Choose a day.")},
    )

    def clean_due(self) -> date | None:
        return _possible(self.cleaned_data["due"])


class WithdrawReviewForm(_Reason):
    """The reason why the review is withdrawn."""


class RemoveReviewerForm(_Reason):
    """The reason why a reviewer is removed."""


class ReplaceReviewerForm(_Reason):
    """The reviewer who is asked instead."""

    who = OneLineField(
        max_length=reviewer_rows.WHO_LIMIT,
        label=gettext_lazy("New reviewer"),
        help_text=gettext_lazy("A name from the list, or a mail address."),
        widget=forms.TextInput({"list": "people", **_NO_CORRECTION}),
        error_messages={"required": gettext_lazy("Say who is asked instead.")},
    )
    name = OneLineField(
        required=False,
        max_length=limits.PERSON_NAME_LIMIT,
        label=gettext_lazy("Name, if they have no account"),
        widget=forms.TextInput(_NO_CORRECTION),
    )
    field_order = ("who", "name", "reason")

    def __init__(
        self, data: Any, *, directory: reviewer_rows.ReviewerDirectory, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.directory = directory

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "who" in cleaned:
            try:
                cleaned["asked"] = reviewer_rows.find_person(
                    cleaned["who"], cleaned.get("name", ""), self.directory
                )
            except ValidationError as error:
                self.add_error("who", error)
        return cleaned


class RecordDecisionForm(_Reason):
    """A decision that a reviewer gave outside the product; the page itself names the round, as
    NextRoundForm's does the version."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What they decided"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what they decided.")},
    )
    round = forms.IntegerField(min_value=1, max_value=NUMBER_LIMIT, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, role: str, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        kinds: list[tuple[str, str | Promise]] = [
            (kind, DECISIONS[kind]) for kind in decision_options.KINDS_BY_ROLE[role]
        ]
        chosen = self.fields["kind"]
        assert isinstance(chosen, forms.ChoiceField)  # noqa: S101  # narrows the type
        chosen.choices = kinds
        self.fields["reason"].label = _("When and how they gave it, and what they said")
        self.fields["reason"].error_messages["required"] = _("Say when and how it was given.")

    def layout(self) -> Layout:
        return Layout("kind", "reason")


def _possible(due: date | None) -> date | None:
    """Returns the day if it is neither past nor too far ahead. The action checks this too, but
    can't show it beside the field."""
    refuse_far(due)
    if due is not None and due < timezone.localdate():
        raise ValidationError(_("The due date is past. Choose today or a later day."))
    return due
