"""Dates in forms: the input, the field, and the latest date that makes sense."""

from __future__ import annotations

from datetime import date, timedelta

from babel import Locale
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import to_locale

from roles.web.shared.embedded_form import EmbeddedForm

YEARS_AHEAD = 5  # from today; a later date is a mistyped year
INVALID_DATE = _("Enter a date such as 2026-01-31.")


def refuse_far(day: date | None) -> None:
    """Raise ValidationError for a date so far ahead that the year must be mistyped."""
    if day and day > timezone.localdate() + timedelta(days=YEARS_AHEAD * 366):
        message = _("This date is more than %d years from now. Check the year.")
        raise ValidationError(message % YEARS_AHEAD)


def refuse_past(day: date | None) -> None:
    """Raise ValidationError for a date before today."""
    if day and day < timezone.localdate():
        raise ValidationError(_("This date is in the past. Choose today or later."))


def next_working_day(day: date) -> date:
    """Returns the day, or the first day after its weekend. Weekends are those of the locale;
    holidays aren't known."""
    while is_weekend(day):
        day += timedelta(days=1)
    return day


def is_weekend(day: date) -> bool:
    """Returns whether the day is on the weekend of the locale (LANGUAGE_CODE)."""
    locale = Locale.parse(to_locale(settings.LANGUAGE_CODE))
    length = (locale.weekend_end - locale.weekend_start) % 7 + 1
    return (day.weekday() - locale.weekend_start) % 7 < length


def weekend_note(day: date | None) -> str:
    """Returns a sentence about a due date on a weekend, which is kept as typed, or ""."""
    if day is None or not is_weekend(day):
        return ""
    message = str(_("The due date is a %(weekday)s. The next working day is %(day)s."))
    next_day = formats.date_format(next_working_day(day), "DATE_FORMAT")
    return message % {"weekday": formats.date_format(day, "l"), "day": next_day}


class DateInput(forms.DateInput):
    """A date input with the browser's calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DayField(forms.DateField):
    """A date, chosen in the browser's calendar."""

    widget = DateInput
    default_error_messages = {"invalid": INVALID_DATE}


class DueDateField(DayField):
    """The date by which something is due. The actions check it too but can't show their message
    next to the field."""

    default_validators = [refuse_past, refuse_far]


class EffectiveDateForm(EmbeddedForm):
    """The date from which a version is current."""

    since = DayField(
        label=_("Effective date"),
        help_text=_("Today or later."),
        error_messages={"required": _("Choose the effective date.")},
        validators=[refuse_far],
    )
