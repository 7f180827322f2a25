"""How mail reaches a person."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from roles.models.user import EMAIL_FREQUENCIES


class EmailPreferencesForm(forms.Form):
    """At once, once a day, or no mail."""

    email_frequency = forms.ChoiceField(
        label=_("Mail about reviews"),
        choices=list(EMAIL_FREQUENCIES.items()),
        widget=forms.RadioSelect,
    )
