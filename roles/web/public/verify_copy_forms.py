"""The forms of the verification page: a fingerprint, or a file."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from roles.editions import SHORT_HASH
from roles.web.shared.embedded_form import EmbeddedForm

HASH_LENGTH = 64  # digits of a SHA-256
COPY_LIMIT = 5_000_000  # bytes of a file

_LOOK_ALIKE = str.maketrans("oil", "011")  # no hexadecimal digit is one of these letters


class FingerprintForm(EmbeddedForm):
    """Twelve digits or more; spaces, capital letters, `sha256:`, the whole line at the foot of
    a page and the address of this page are understood."""

    error_summary = ""

    fingerprint = forms.CharField(
        max_length=300,
        label=_("Fingerprint"),
        help_text=format_lazy(
            "{} {}",
            _("The last group at the foot of each page, such as 3f9a60c2b17e."),
            _(
                "Twelve digits are enough. A draft has none: there is nothing to verify until it"
                " is saved as a version."
            ),
        ),
        widget=forms.TextInput(
            attrs={
                "class": "mono",
                "autocomplete": "off",
                "autocapitalize": "none",
                "spellcheck": "false",
            }
        ),
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
        if not SHORT_HASH <= len(digits) <= HASH_LENGTH:
            raise forms.ValidationError(
                gettext("These are %(count)d digits: it takes 12 at least and 64 at most.")
                % {"count": len(digits)}
            )
        return digits


class CopyForm(EmbeddedForm):
    """A file, to compare with the files of versions."""

    error_summary = ""
    TOO_LARGE = _("This file is too large: it may have 5 MB.")

    file = forms.FileField(
        label=_("File"),
        help_text=format_lazy(
            "{} {}",
            _("A PDF, Word or other file of a job description, as you got it."),
            _("It is compared and not kept."),
        ),
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
