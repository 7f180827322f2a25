"""The fingerprint on a copy, as people type it, and a copy that is a file."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from roles.document import SHORT_HASH

WHOLE = 64  # digits of a SHA-256
COPY_LIMIT = 5_000_000  # bytes of a file

_LOOK_ALIKE = str.maketrans("oil", "011")  # no hexadecimal digit is one of these letters


class FingerprintForm(forms.Form):
    """Twelve digits or more; spaces, capital letters, `sha256:`, the whole line at the foot of
    a page and the address of this page are understood."""

    fingerprint = forms.CharField(
        max_length=300,
        label=_("Fingerprint"),
        help_text=_("The last group at the foot of each page, such as 3f9a60c2b17e."),
        error_messages={
            "required": _("Type the digits from the foot of the page."),
            "max_length": _("That is too long for a fingerprint: it has 64 digits at most."),
        },
    )

    def clean_fingerprint(self) -> str:
        typed = re.split("[·/]", self.cleaned_data["fingerprint"].rstrip("/ "))[-1]
        digits = "".join(typed.split()).lower().removeprefix("sha256:").translate(_LOOK_ALIKE)
        if not re.fullmatch("[0-9a-f]+", digits):
            raise forms.ValidationError(
                gettext("A fingerprint has only the digits 0 to 9 and the letters a to f.")
            )
        if not SHORT_HASH <= len(digits) <= WHOLE:
            raise forms.ValidationError(
                gettext("These are %(count)d digits: it takes 12 at least and 64 at most.")
                % {"count": len(digits)}
            )
        return digits


class CopyForm(forms.Form):
    """A file that someone was sent."""

    TOO_LARGE = _("This file is too large: it may have 5 MB.")

    file = forms.FileField(
        label=_("File"),
        help_text=_("A PDF, Word or other file of a job description, as you got it."),
        error_messages={
            "required": _("Choose the file first."),
            "empty": _("This file is empty."),
        },
    )

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > COPY_LIMIT:
            raise forms.ValidationError(self.TOO_LARGE)
        return file
