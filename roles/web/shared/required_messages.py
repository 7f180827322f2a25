"""What a form says if a required field is empty."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.utils import pretty_name
from django.utils.translation import gettext as _

DEFAULT = forms.Field.default_error_messages["required"]


class RequiredMessages(forms.BaseForm):
    """Replaces Django's message of required fields by one that says what to enter or choose. Fields
    with their own message keep it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if field.error_messages["required"] is DEFAULT:
                label = str(field.label or pretty_name(name))
                field.error_messages["required"] = _message(field, label)


def _message(field: forms.Field, label: str) -> str:
    is_chosen = isinstance(field, (forms.ChoiceField, forms.FileField, forms.DateField))
    message = _("Choose the %s.") if is_chosen else _("Enter the %s.")
    return message % (label if label[1:2].isupper() else label[:1].lower() + label[1:])
