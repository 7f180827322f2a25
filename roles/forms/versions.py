"""Forms about versions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from roles.models import Version

AHEAD = timedelta(days=5 * 366)  # further ahead, a year was mistyped
TOKEN_LIMIT = 2**63 - 1


def refuse_far(day: date | None) -> None:
    """Raise ValidationError for a day that nobody means."""
    if day and day > timezone.localdate() + AHEAD:
        raise ValidationError(_("This day is more than five years away. Is the year right?"))


class TokenForm(forms.Form):
    """Which state of the draft the page showed."""

    token = forms.IntegerField(min_value=0, max_value=TOKEN_LIMIT, widget=forms.HiddenInput)


class DayField(forms.DateField):
    """A day, asked for with the browser's calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": _("This is no date. Write it as 2026-01-31.")}


class EffectiveForm(forms.Form):
    """From which day on a version holds."""

    since = DayField(
        label=_("Effective from"),
        error_messages={"required": _("Choose the day from which on it holds.")},
    )

    def clean_since(self) -> date:
        since: date = self.cleaned_data["since"]
        refuse_far(since)
        return since


class OnForm(forms.Form):
    """The day of which one asks how things stood."""

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
        """Not over already, unless it is the day that stands: one may take a public page away
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


class SaveForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a version is saved with."""

    class Meta:
        model = Version
        fields = ["note", "label"]
        labels = {"note": _("What changed"), "label": _("Name of the version")}
        help_texts = {
            "note": _("One sentence for those who read it later."),
            "label": _("If your organisation names them, such as “2026 review”."),
        }
        widgets = {"note": forms.Textarea(attrs={"rows": 2})}
