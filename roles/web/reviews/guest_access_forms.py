"""The code from a mail, as people type or paste it."""

from __future__ import annotations

import re

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from roles.reviews.guest_codes import DIGITS


class CodeForm(forms.Form):
    """Six digits; spaces and words around them are left out."""

    code = forms.CharField(
        max_length=200,
        label=_("Code"),
        error_messages={
            "required": _("Type the six digits from the mail."),
            "max_length": _("Type the six digits from the mail and nothing else."),
        },
    )

    def clean_code(self) -> str:
        digits = re.sub(r"[^0-9]", "", self.cleaned_data["code"])
        if len(digits) != DIGITS:
            raise forms.ValidationError(gettext("The code has six digits."))
        return digits
