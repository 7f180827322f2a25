"""Forms of a review: the request, the next round, the due date, and its reviewers."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import HTML, Layout
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from roles import limits
from roles.reviews import decision_options
from roles.vocabulary import DECISIONS
from roles.web.reviews import reviewer_directory
from roles.web.shared.dates import DueDateField
from roles.web.shared.embedded_form import EmbeddedForm
from roles.web.shared.fields import OneLineField, ParagraphField
from roles.web.shared.post_data import NUMBER_LIMIT

ORDERS = {
    "together": gettext_lazy("All at once"),
    "in_order": gettext_lazy("One at a time, in this order"),
}
# Attributes of name fields: no autocorrection by browsers and phones.
_NO_CORRECTION = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


PERSON_CHOICES = '{% include "reviews/_replacement_choices.html" with form=forms.replace %}'


class RequestReviewForm(EmbeddedForm):
    """The order, due date and note for all reviewers."""

    order = forms.ChoiceField(
        choices=list(ORDERS.items()),
        initial="together",
        label=gettext_lazy("Review order"),
        widget=forms.RadioSelect,
    )
    due = DueDateField(
        required=False,
        label=gettext_lazy("Due date"),
        help_text=gettext_lazy(
            "Reviewers are reminded before and after this date. Leave blank for no due date."
        ),
    )
    note = ParagraphField(
        required=False,
        max_length=limits.COMMENT_LIMIT,
        rows=3,
        label=gettext_lazy("Note to reviewers"),
        help_text=gettext_lazy(
            "Tell reviewers what to focus on. Your note appears above the job description."
        ),
    )


class _Reason(EmbeddedForm):
    reason = ParagraphField(
        max_length=limits.COMMENT_LIMIT,
        label=gettext_lazy("Reason"),
        error_messages={"required": gettext_lazy("Enter a reason.")},
    )


class NextRoundForm(EmbeddedForm):
    """Sends the next version to the reviewers. The page sets the version, so a rejected form is
    sent again with the newest."""

    version = forms.IntegerField(min_value=1, max_value=NUMBER_LIMIT, widget=forms.HiddenInput)
    note = ParagraphField(
        required=False,
        max_length=limits.COMMENT_LIMIT,
        label=gettext_lazy("Note to reviewers"),
        help_text=gettext_lazy("Describe what you changed and respond to their comments."),
    )

    def layout(self) -> Layout:
        return Layout("note")


class RescheduleForm(EmbeddedForm):
    """Another due date."""

    due = DueDateField(
        label=gettext_lazy("Due date"),
        error_messages={"required": gettext_lazy("Choose a date.")},
    )


class WithdrawReviewForm(_Reason):
    """The reason why the review is withdrawn."""


class RemoveReviewerForm(_Reason):
    """The reason why a reviewer is removed."""


class ReplaceReviewerForm(_Reason):
    """The new reviewer."""

    who = OneLineField(
        max_length=reviewer_directory.WHO_LIMIT,
        label=gettext_lazy("New reviewer"),
        help_text=gettext_lazy("Choose someone from the list or enter an email address."),
        widget=forms.TextInput({"list": "people", **_NO_CORRECTION}),
        error_messages={"required": gettext_lazy("Enter the new reviewer.")},
    )
    name = OneLineField(
        required=False,
        max_length=limits.PERSON_NAME_LIMIT,
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("Only for people without an account."),
        widget=forms.TextInput(_NO_CORRECTION),
    )

    def __init__(
        self, data: Any, *, directory: reviewer_directory.ReviewerDirectory, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.directory = directory
        self.choices: list[str] = []  # the people who might be meant

    def layout(self) -> Layout:
        return Layout("who", HTML(PERSON_CHOICES), "name", "reason")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "who" in cleaned:
            try:
                who = reviewer_directory.chosen(self.data, self.add_prefix("who"))
                name = cleaned.get("name", "")
                cleaned["asked"] = reviewer_directory.find_person(who, name, self.directory)
            except reviewer_directory.PersonUnclear as unclear:
                self.add_error("who", unclear.message)
                self.choices = unclear.choices
            else:  # the field shows who was chosen, also next to another error
                sent = {name: self.data[name] for name in self.data}
                self.data = sent | {self.add_prefix("who"): who}
        return cleaned


class RecordDecisionForm(_Reason):
    """A decision that a reviewer gave outside the product. The page sets the round (see
    NextRoundForm)."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a decision.")},
    )
    round = forms.IntegerField(min_value=1, max_value=NUMBER_LIMIT, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, role: str, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        kinds = decision_options.KINDS_BY_ROLE[role]
        self.set_choices("kind", [(kind, DECISIONS[kind]) for kind in kinds])
        self.fields["reason"].label = _("When and how they decided, and what they said")
        self.fields["reason"].error_messages["required"] = _("Enter when and how they decided.")

    def layout(self) -> Layout:
        return Layout("kind", "reason")
