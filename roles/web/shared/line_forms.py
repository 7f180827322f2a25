"""The form of a line, and the facts that a section can show."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from roles import limits, physical_demands, vocabulary
from roles.models import CustomFact
from roles.web.shared.fields import OneLineField, ParagraphField
from roles.web.shared.typed_numbers import QuantityField


def choice_field(words: dict[str, str], empty: str | None = "—") -> forms.ChoiceField:
    blank = [] if empty is None else [("", empty)]
    return forms.ChoiceField(choices=[*blank, *words.items()], required=empty is None)


class LineForm(forms.Form):
    """One line. Only the fields that the page showed are used."""

    text = ParagraphField(max_length=limits.PARAGRAPH_LIMIT)
    detail = ParagraphField(max_length=limits.DETAIL_LIMIT, required=False)
    form = choice_field(vocabulary.FORMS)
    group = OneLineField(max_length=limits.GROUP_LIMIT, required=False)
    category = choice_field(vocabulary.LINE_CATEGORIES)
    proficiency = choice_field(vocabulary.PROFICIENCIES)
    requirement = choice_field(vocabulary.REQUIREMENTS)
    essential = choice_field(vocabulary.ESSENTIALS)
    percent = forms.IntegerField(min_value=0, max_value=100, required=False)
    frequency = choice_field(vocabulary.FREQUENCIES)
    amount = QuantityField(
        error_messages={"invalid": gettext_lazy("Enter only the number, such as 22.5.")},
        max_digits=7,
        decimal_places=2,
        min_value=0,
        max_value=limits.DEMAND_AMOUNT_LIMIT,
        required=False,
    )
    unit = choice_field(physical_demands.UNITS_OF_SEVERAL)
    how_often = choice_field(physical_demands.FREQUENCIES)

    text.error_messages["required"] = gettext_lazy("Enter some text, or remove the line.")

    def __init__(self, *args: Any, is_entry: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_entry = is_entry

    def clean(self) -> dict[str, Any]:
        """An entry is a single line of limited length; a paragraph can be longer."""
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("form"):
            cleaned.pop("form", None)
        is_entry = cleaned["form"] == "entry" if cleaned.get("form") else self.is_entry
        if is_entry and "text" in cleaned:
            cleaned["text"] = " ".join(cleaned["text"].split())
            if len(cleaned["text"]) > limits.LINE_LIMIT:
                self.add_error(
                    "text",
                    _("A list item can have up to %(limit)d characters. This one has %(length)d.")
                    % {"limit": limits.LINE_LIMIT, "length": len(cleaned["text"])},
                )
        return cleaned


def fact_choices() -> list[tuple[str, str]]:
    """The facts that a section can show: built-in ones, then the organization's own."""
    built_in = [(name, kind.label) for name, kind in vocabulary.FACTS.items()]
    return [*built_in, *CustomFact.objects.values_list("code", "label")]
