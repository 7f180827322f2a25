"""Forms about versions."""

from __future__ import annotations

from datetime import date
from typing import Any

from crispy_forms.layout import HTML, Div, Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from roles.web.shared.dates import DayField, refuse_far, refuse_past
from roles.web.shared.embedded_form import EmbeddedForm
from roles.web.shared.post_data import TOKEN_LIMIT


class TokenForm(forms.Form):
    """The state of the draft that the page showed."""

    token = forms.IntegerField(min_value=0, max_value=TOKEN_LIMIT, widget=forms.HiddenInput)


class HistoryDateForm(EmbeddedForm):
    """The day for which the history shows the current version."""

    error_summary = ""

    on = DayField(
        label=_("Date"),
        help_text=_("See which version was current on this date."),
        error_messages={"required": _("Choose a date.")},
    )


class PublishForm(EmbeddedForm):
    """Whether a job description has a public page, and when people can apply."""

    is_public = forms.BooleanField(
        required=False,
        label=_("Show the current version to the public"),
        help_text=_(
            "Anyone with the link can read the public sections of the current version without"
            " signing in."
        ),
    )
    date_posted = DayField(required=False, label=_("First day"), validators=[refuse_far])
    valid_through = DayField(required=False, label=_("Last day"), validators=[refuse_far])

    def layout(self) -> Layout:
        return Layout(
            "is_public",
            Fieldset(
                _("Open for applications"),
                HTML('{% include "versions/_application_help.html" %}'),
                Div("date_posted", "valid_through", css_class="form-grid"),
                aria_describedby="application-help",
            ),
        )

    def clean_valid_through(self) -> date | None:
        """Refuse a past date, unless it is not changed: a public page can be removed after its
        last day."""
        last: date | None = self.cleaned_data["valid_through"]
        if last != self.initial.get("valid_through"):
            refuse_past(last)
        return last

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("date_posted"), cleaned.get("valid_through")
        if first and not last and "valid_through" not in self.errors:
            self.add_error("valid_through", ValidationError(_("Enter the last day to apply.")))
        if last and not first and "date_posted" not in self.errors:
            self.add_error("date_posted", ValidationError(_("Enter the first day to apply.")))
        if first and last and last < first:
            message = _("The last day can’t be before the first day.")
            self.add_error("valid_through", ValidationError(message))
        return cleaned
