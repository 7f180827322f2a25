"""Form fields that clean what is typed or sent the same way everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from roles import folding
from roles.models.text_fields import validate_text

if TYPE_CHECKING:
    Many = forms.ModelMultipleChoiceField[Any]
else:
    Many = forms.ModelMultipleChoiceField


class OneLineField(forms.CharField):
    """One line of text: white space folded, control characters refused by name."""

    default_validators = [validate_text]

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> str:
        return folding.tidy(str(super().to_python(value) or ""), one_line=True)


class ParagraphField(forms.CharField):
    """Text of several lines; line ends become line feeds."""

    widget = forms.Textarea
    default_validators = [validate_text]

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        # Without the attribute in the page: browsers count line ends twice and cut a paste
        # silently, and a long text shall come back with a message instead.
        super().__init__(max_length=max_length, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}

    def to_python(self, value: Any) -> str:
        return folding.tidy(str(super().to_python(value) or ""), one_line=False)


class SearchForm(forms.Form):
    """Words to search for; what cannot be stored is not searched for."""

    q = OneLineField(max_length=200, required=False)


class MultipleModelChoiceField(Many):
    """Any number of rows; an id that no database's integer holds is simply no choice."""

    def clean(self, value: Any) -> Any:
        for key in value or ():
            if len(str(key)) > 18:
                params = {"value": str(key)[:18] + "…"}
                raise ValidationError(self.error_messages["invalid_choice"], params=params)
        return super().clean(value)
