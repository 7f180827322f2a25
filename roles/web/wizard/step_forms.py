"""The forms of the wizard's sections, answers and versions. Lines have `shared.line_forms`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from roles import limits, vocabulary
from roles.web.shared.fields import OneLineField
from roles.web.shared.line_forms import choice_field, fact_choices
from roles.web.shared.required_messages import RequiredMessages


def is_below(cleaned: dict[str, Any], low: str, high: str) -> bool:
    first, last = cleaned.get(low), cleaned.get(high)
    return first is not None and last is not None and bool(last < first)


class SectionForm(RequiredMessages, forms.Form):
    """The settings of a section."""

    heading = OneLineField(max_length=limits.HEADING_LIMIT)
    audience = choice_field(vocabulary.AUDIENCES, empty=None)
    style = choice_field(vocabulary.STYLES, empty=None)
    heading_display = choice_field(vocabulary.HEADING_DISPLAYS, empty=None)
    facts = forms.MultipleChoiceField(required=False)

    style.label = gettext_lazy("Layout")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["facts"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  # narrows the type
        field.choices = fact_choices()


def facts_about_applying(chosen: list[str]) -> list[tuple[str, str]]:
    """The facts that a section about applying can show: those of its kind, and those chosen."""
    usual = vocabulary.SECTION_KINDS["apply"].facts
    return [(name, label) for name, label in fact_choices() if name in (*usual, *chosen)]


class AnswerForm(forms.Form):
    """The answer to one placeholder."""

    value = OneLineField(max_length=limits.ANSWER_LIMIT, required=False)
    plain = forms.BooleanField(required=False)


class SaveForm(forms.Form):
    """The note and the label of a new version."""

    note = OneLineField(
        max_length=limits.VERSION_NOTE_LIMIT,
        required=False,
        label=gettext_lazy("What changed"),
        help_text=gettext_lazy("Summarize the changes in one sentence."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    label = OneLineField(
        max_length=limits.VERSION_LABEL_LIMIT,
        required=False,
        label=gettext_lazy("Version name"),
        help_text=gettext_lazy("Optional, such as “2026 review”."),
    )
