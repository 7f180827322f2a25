"""Forms about versions."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from roles.web.shared.dates import DayField, refuse_far

TOKEN_LIMIT = 2**63 - 1


class TokenForm(forms.Form):
    """Which state of the draft the page showed."""

    token = forms.IntegerField(min_value=0, max_value=TOKEN_LIMIT, widget=forms.HiddenInput)


class OnForm(forms.Form):
    """The day of which one asks how things were."""

    on = DayField(label=_("As it stood on"), error_messages={"required": _("Choose a day.")})


class PublishForm(forms.Form):
    """What the public sees of a job description, and whether it may apply."""

    is_public = forms.BooleanField(
        required=False,
        label=_("Show the effective version to the public"),
        help_text=_(
            "At an address that needs no sign-in: the public parts only, and always of the version"
            " that is effective on that day."
        ),
    )
    date_posted = DayField(required=False, label=_("First day"))
    valid_through = DayField(required=False, label=_("Last day"))

    def clean_date_posted(self) -> date | None:
        first: date | None = self.cleaned_data["date_posted"]
        refuse_far(first)
        return first

    def clean_valid_through(self) -> date | None:
        """Not over already, unless it is the day that is set: one may take a public page away
        after the last day."""
        last: date | None = self.cleaned_data["valid_through"]
        refuse_far(last)
        if last and last < timezone.localdate() and last != self.initial.get("valid_through"):
            raise ValidationError(_("This day is over. Choose today or a later one."))
        return last

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("date_posted"), cleaned.get("valid_through")
        if first and not last and "valid_through" not in self.errors:
            self.add_error("valid_through", ValidationError(_("Until when may people apply?")))
        if last and not first and "date_posted" not in self.errors:
            self.add_error("date_posted", ValidationError(_("Since when may people apply?")))
        if first and last and last < first:
            message = _("The last day must not be before the first.")
            self.add_error("valid_through", ValidationError(message))
        return cleaned
