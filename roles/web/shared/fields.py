"""Form fields and widgets that the forms of several areas share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.models import ModelChoiceIterator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from roles import folding, vocabulary
from roles.models.text_fields import validate_text

if TYPE_CHECKING:
    Many = forms.ModelMultipleChoiceField[Any]
    Levels = forms.ModelChoiceField[Any]
    Iterator = ModelChoiceIterator[Any]
else:
    Many, Levels = forms.ModelMultipleChoiceField, forms.ModelChoiceField
    Iterator = ModelChoiceIterator


class LimitedField(forms.CharField):
    """Text up to a number of characters. It has no `maxlength` attribute: browsers silently cut
    what is typed or pasted, and count line ends twice, instead of showing an error."""

    default_validators = [validate_text]
    default_error_messages = {
        "max_length": _("Use at most %(limit_value)d characters. You entered %(show_value)d.")
    }

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}


class OneLineField(LimitedField):
    """One line of text. Folds white space and rejects control characters."""

    def to_python(self, value: Any) -> str:
        return folding.tidy(str(super().to_python(value) or ""), one_line=True)


class ParagraphField(LimitedField):
    """Text of several lines, in a field that is `rows` high. Line ends become line feeds."""

    def __init__(self, *, max_length: int, rows: int = 2, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea({"rows": rows}))
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> str:
        return folding.tidy(str(super().to_python(value) or ""), one_line=False)


class MultipleModelChoiceField(Many):
    """Any number of rows. An id that is too large for the database is an invalid choice."""

    def clean(self, value: Any) -> Any:
        self._refuse_large(value)
        return super().clean(value)

    def to_python(self, value: Any) -> Any:  # of a hidden initial value
        self._refuse_large(value)
        return super().to_python(value)

    def _refuse_large(self, value: Any) -> None:
        for key in value or ():
            if len(str(key)) > 18:
                params = {"value": str(key)[:18] + "…"}
                raise ValidationError(self.error_messages["invalid_choice"], params=params)


class LevelChoices(Iterator):
    """The job levels in order, by track if there are levels of several tracks."""

    def __iter__(self) -> Any:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        levels = list(self.queryset)
        tracks = [code for code in vocabulary.TRACKS if any(one.track == code for one in levels)]
        for code in tracks:
            choices = [self.choice(level) for level in levels if level.track == code]
            if len(tracks) == 1:
                yield from choices
            else:
                yield vocabulary.TRACKS[code], choices


class LevelField(Levels):
    """A job level."""

    iterator = LevelChoices


class OptionHelpMixin:
    """Adds a help text and optionally an icon to each radio button or checkbox, for the template
    bootstrap5/layout/radio_checkbox_select.html."""

    def __init__(
        self, help_texts: Mapping[str, Any], icons: Mapping[str, str] | None = None
    ) -> None:
        super().__init__()
        self.help_texts, self.icons = help_texts, icons or {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)  # type: ignore[misc]
        key = str(value)
        if help_text := self.help_texts.get(key):
            attrs = option["attrs"]
            id = attrs.pop("id")
            option["attrs"] = {"id": id, "aria-describedby": f"{id}_help", **attrs}
            option["help_text"] = help_text
        option["icon"] = self.icons.get(key, "")
        return option


class RadioButtons(OptionHelpMixin, forms.RadioSelect):
    """Radio buttons with help texts."""


class Checkboxes(OptionHelpMixin, forms.CheckboxSelectMultiple):
    """Checkboxes with help texts."""


class CheckboxList(forms.CheckboxSelectMultiple):
    """Checkboxes in a scrolling box. `empty_message` is shown if there are no options."""

    box_class = "choice-list"

    def __init__(self, empty_message: str | Promise) -> None:
        super().__init__()
        self.empty_message = empty_message


def name_blank_choice(field: forms.Field) -> None:
    """Names the choice that leaves a field of a model empty; Django's name is a row of hyphens."""
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label == BLANK_CHOICE_DASH[0][1]:
            field.empty_label = _("Not set")
    elif isinstance(field, forms.ChoiceField):
        choices = list(cast("Iterable[Any]", field.choices))
        field.choices = [("", _("Not set")) if c == BLANK_CHOICE_DASH[0] else c for c in choices]
