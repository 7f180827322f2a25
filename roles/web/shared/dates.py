"""Dates in forms: the field, and how far ahead a date can be."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

AHEAD = timedelta(days=5 * 366)  # further ahead, a year was mistyped


def refuse_far(day: date | None) -> None:
    """Raise ValidationError for a day that no one means."""
    if day and day > timezone.localdate() + AHEAD:
        raise ValidationError(_("This day is more than five years away. Is the year right?"))


class DayField(forms.DateField):
    """A day, asked for with the browser's calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": _("This is no date. Write it as 2026-01-31.")}


class EffectiveDateForm(forms.Form):
    """From which day on a version holds."""

    since = DayField(
        label=_("Effective from"),
        error_messages={"required": _("Choose the day from which on it holds.")},
    )

    def clean_since(self) -> date:
        since: date = self.cleaned_data["since"]
        refuse_far(since)
        return since
