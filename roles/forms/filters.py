"""What the filters of lists share."""

from __future__ import annotations

from typing import Any

from django import forms


def said(form: forms.Form) -> list[tuple[str, str, str]]:
    """The filters that no field shows (links of the home page set them): name, value, words."""
    chosen: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    fields: dict[str, Any] = {field.name: field.field for field in form.hidden_fields()}
    return [
        (name, chosen[name], dict(field.choices)[chosen[name]])
        for name, field in fields.items()
        if chosen.get(name)
    ]


def is_narrowed(form: forms.Form) -> bool:
    """Whether a field other than the search is set."""
    chosen = form.cleaned_data if form.is_valid() else {}
    return any(chosen.get(field.name) for field in form.visible_fields() if field.name != "q")
