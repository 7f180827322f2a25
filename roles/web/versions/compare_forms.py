"""The form of a comparison: two versions, or a version and the draft."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from roles.web.shared.embedded_form import EmbeddedForm

DRAFT = "draft"
_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


class SideField(forms.CharField):
    """The number of a version, or `draft`; the view checks that the version exists."""

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        if text == DRAFT:
            return text
        if not _NUMBER.fullmatch(text):
            raise ValidationError(_("Choose a version or the draft."))
        return str(int(text))


class ComparisonForm(EmbeddedForm):
    """The two sides, `from` and `to`."""

    error_summary = ""

    def __init__(self, asked: Mapping[str, str], versions: Sequence[tuple[int, str]]) -> None:
        """`versions`: number and label, newest first."""
        super().__init__(asked)
        choices = [(DRAFT, gettext("Draft"))]
        choices += [(str(number), _label(number, label)) for number, label in versions]
        for name, label in (("from", _("From")), ("to", _("To"))):
            is_valid = asked.get(name) in dict(choices)
            offered = choices if is_valid else [("", gettext("Choose…")), *choices]
            widget = forms.Select(choices=offered)
            self.fields[name] = SideField(label=label, widget=widget)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("from") and cleaned.get("from") == cleaned.get("to"):
            self.add_error("to", _("Choose two different versions."))
        return cleaned


def default_sides(versions: Sequence[int], *, is_changed: bool) -> tuple[str, str]:
    """Return what is compared by default: the newest version and the draft, or the newest two
    versions where the draft is unchanged. `versions`: numbers, newest first."""
    if is_changed or len(versions) < 2:
        return str(versions[0]), DRAFT
    return str(versions[1]), str(versions[0])


def previous_side(versions: Sequence[int], side: str) -> str:
    """Return what a side is compared with by default: the previous version."""
    if not _NUMBER.fullmatch(side):
        return str(versions[0])
    older = [number for number in versions if number < int(side)]
    return str(older[0]) if older else DRAFT


def _label(number: int, label: str) -> str:
    text = gettext("Version %d") % number
    return f"{text}: {label}" if label else text
