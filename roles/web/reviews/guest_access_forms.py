"""The form for the code from the email, typed or pasted."""

from __future__ import annotations

import re

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from roles.reviews.guest_codes import DIGITS
from roles.web.shared.embedded_form import EmbeddedForm

TYPED_LIMIT = 200  # characters: the code and text pasted around it


class CodeForm(EmbeddedForm):
    """The digits of the code; other characters around them are ignored."""

    error_summary = ""

    code = forms.CharField(
        max_length=TYPED_LIMIT,
        label=_("Code"),
        widget=forms.TextInput(
            {
                "class": "guest-code",
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "autocapitalize": "none",
                "spellcheck": "false",
                "autofocus": True,
            }
        ),
        error_messages={
            "required": format_lazy(
                _("Enter the {digits}-digit code from the email."), digits=DIGITS
            ),
            "max_length": format_lazy(
                _("Enter only the {digits}-digit code from the email."), digits=DIGITS
            ),
        },
    )

    def clean_code(self) -> str:
        digits = re.sub(r"[^0-9]", "", self.cleaned_data["code"])
        if len(digits) != DIGITS:
            raise forms.ValidationError(gettext("Enter all %d digits of the code.") % DIGITS)
        return digits
