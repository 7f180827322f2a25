"""How mail reaches a person."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from roles.models.user import MAIL


class MailForm(forms.Form):
    """At once, once a day, or no mail."""

    mail = forms.ChoiceField(
        label=_("Mail about reviews"), choices=list(MAIL.items()), widget=forms.RadioSelect
    )
