"""Dates in forms: the input, the field, and the latest date that makes sense."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from roles.web.shared.embedded_form import EmbeddedForm

YEARS_AHEAD = 5  # from today; a later date is a mistyped year


def refuse_far(day: date | None) -> None:
    """Raise ValidationError for a date so far ahead that the year must be mistyped."""
    if day and day > timezone.localdate() + timedelta(days=YEARS_AHEAD * 366):
        message = _("This date is more than %d years from now. Check the year.")
        raise ValidationError(message % YEARS_AHEAD)


class DateInput(forms.DateInput):
    """A date input with the browser's calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DayField(forms.DateField):
    """A date, chosen in the browser's calendar."""

    widget = DateInput
    default_error_messages = {"invalid": _("Enter a date such as 2026-01-31.")}


class EffectiveDateForm(EmbeddedForm):
    """The date from which a version is current."""

    since = DayField(
        label=_("Effective date"),
        help_text=_("Today or later."),
        error_messages={"required": _("Choose the effective date.")},
    )

    def clean_since(self) -> date:
        since: date = self.cleaned_data["since"]
        refuse_far(since)
        return since
