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
    """Takes the first SHORT_HASH digits or more, with spaces, capital letters, or `sha256:`; also
    the whole footer of a page, or the URL of this page."""

    error_summary = ""

    fingerprint = forms.CharField(
        max_length=300,
        label=_("Fingerprint"),
        help_text=format_lazy(
            "{} {}",
            _("The last group of digits at the bottom of each page, such as 3f9a60c2b17e."),
            format_lazy(
                _(
                    "The first {count} digits are enough. Drafts have no fingerprint and can’t be"
                    " verified."
                ),
                count=SHORT_HASH,
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
            "required": _("Enter the digits from the bottom of the page."),
            "max_length": format_lazy(
                _("Too long for a fingerprint. It has at most {count} digits."), count=HASH_LENGTH
            ),
        },
    )

    def clean_fingerprint(self) -> str:
        typed = re.split("[·/]", self.cleaned_data["fingerprint"].rstrip("/ "))[-1]
        digits = "".join(typed.split()).lower().removeprefix("sha256:").translate(_LOOK_ALIKE)
        if not re.fullmatch("[0-9a-f]+", digits):
            raise forms.ValidationError(
                gettext("A fingerprint has only the digits 0–9 and the letters a–f.")
            )
        if not SHORT_HASH <= len(digits) <= HASH_LENGTH:
            raise forms.ValidationError(
                gettext("You entered %(count)d digits. Enter %(least)d to %(most)d.")
                % {"count": len(digits), "least": SHORT_HASH, "most": HASH_LENGTH}
            )
        return digits


class CopyForm(EmbeddedForm):
    """A file, to compare with the files of versions."""

    error_summary = ""
    TOO_LARGE = format_lazy(
        _("This file is too large. The limit is {size} MB."), size=COPY_LIMIT // 1_000_000
    )

    file = forms.FileField(
        label=_("File"),
        help_text=format_lazy(
            "{} {}",
            _("The PDF, Word, or other file exactly as you received it."),
            _("We compare it and don’t store it."),
        ),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("This file is empty."),
        },
    )

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > COPY_LIMIT:
            raise forms.ValidationError(self.TOO_LARGE)
        return file
