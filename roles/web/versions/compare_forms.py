"""Which two sides are compared: versions, or the draft."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

DRAFT = "draft"
_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


class SideField(forms.CharField):
    """A version's number or the word `draft`; whether there is such a version, the view asks."""

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        if text == DRAFT:
            return text
        if not _NUMBER.fullmatch(text):
            raise ValidationError(_("Choose a version or the draft."))
        return str(int(text))


class ComparisonForm(forms.Form):
    """Sent with GET: `from` and `to`. Where one is missing, the usual one is put in."""

    def __init__(self, asked: Mapping[str, str], versions: Sequence[tuple[int, str]]) -> None:
        """`versions`: number and label, newest first."""
        super().__init__(asked)
        choices = [(DRAFT, gettext("Draft"))]
        choices += [(str(number), _words(number, label)) for number, label in versions]
        for name, label in (("from", _("From")), ("to", _("To"))):
            is_known = asked.get(name) in dict(choices)
            offered = choices if is_known else [("", gettext("Choose…")), *choices]
            widget = forms.Select({"class": "form-select"}, offered)
            self.fields[name] = SideField(label=label, widget=widget)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("from") and cleaned.get("from") == cleaned.get("to"):
            self.add_error("to", _("Both are the same. Choose another one."))
        return cleaned


def usual(versions: Sequence[int], *, is_changed: bool) -> tuple[str, str]:
    """What is compared unless asked: the newest version and the draft, or the newest two where
    the draft says what the newest says. `versions`: numbers, newest first."""
    if is_changed or len(versions) < 2:
        return str(versions[0]), DRAFT
    return str(versions[1]), str(versions[0])


def before(versions: Sequence[int], side: str) -> str:
    """What a side is compared with unless asked: the version before it."""
    if not _NUMBER.fullmatch(side):
        return str(versions[0])
    older = [number for number in versions if number < int(side)]
    return str(older[0]) if older else DRAFT


def _words(number: int, label: str) -> str:
    words = gettext("Version %d") % number
    return f"{words}: {label}" if label else words
