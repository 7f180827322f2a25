"""The forms of a template's sections: a new one, and the settings of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crispy_forms.layout import Column, Div, Layout, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from roles import limits, vocabulary
from roles.library.template_content import Sections, SectionValue
from roles.models.text_fields import choices
from roles.web.shared.embedded_form import EmbeddedForm
from roles.web.shared.fields import OneLineField, ParagraphField
from roles.web.shared.line_fields import WITH_FACTS
from roles.web.shared.line_forms import fact_choices

KINDS = [(code, kind.label) for code, kind in vocabulary.SECTION_KINDS.items()]


class NewSectionForm(EmbeddedForm):
    """The kind, the heading and the place of a new section."""

    kind = forms.ChoiceField(
        choices=[("", _("Choose a type")), *KINDS],
        label=_("Section type"),
        error_messages={"required": _("Choose a section type.")},
    )
    heading = OneLineField(
        max_length=limits.HEADING_LIMIT,
        required=False,
        label=_("Heading"),
        help_text=_("Leave blank to use the name of the type."),
    )
    after = forms.ChoiceField(choices=[], required=False, label=_("Insert after"))

    def __init__(self, data: Any = None, *, sections: Sections) -> None:
        super().__init__(data)
        places = [(section.uid, section.heading) for section in sections[:-1]]
        self.set_choices("after", [("", _("The last section")), *places])

    def layout(self) -> Layout:
        return Layout(Row(Column("kind"), Column("after")), "heading")


class SectionSettingsForm(EmbeddedForm):
    """The settings of a section. `base` is the state that the page showed. Facts are for kinds of
    sections that print them."""

    base = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    heading = OneLineField(max_length=limits.HEADING_LIMIT, label=_("Heading"))
    kind = forms.ChoiceField(
        choices=KINDS,
        label=_("Section type"),
        # Other kinds have other fields: the page is made again.
        widget=forms.Select(
            {"hx-post": "", "hx-trigger": "change", "hx-vals": '{"action": "update"}'}
        ),
    )
    style = forms.ChoiceField(choices=choices(vocabulary.STYLES), label=_("Layout"))
    heading_display = forms.ChoiceField(
        choices=choices(vocabulary.HEADING_DISPLAYS), label=_("Heading in the document")
    )
    audience = forms.ChoiceField(choices=choices(vocabulary.AUDIENCES), label=_("Visible to"))
    required = forms.BooleanField(
        required=False, label=_("Required"), help_text=_("Authors must fill it in.")
    )
    locked = forms.BooleanField(
        required=False, label=_("Locked"), help_text=_("Authors can’t change its text.")
    )
    guidance = ParagraphField(
        max_length=limits.PARAGRAPH_LIMIT,
        required=False,
        label=_("Guidance"),
        rows=3,
        help_text=_("Authors see it next to the section."),
    )
    facts = forms.MultipleChoiceField(
        required=False, label=_("Facts shown here"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, initial: Any, kind: str) -> None:
        super().__init__(data, initial=initial)
        if kind not in WITH_FACTS:
            del self.fields["facts"]
            return
        chosen = initial.get("facts", ())
        offered = dict(fact_choices())
        if kind != "facts":
            usual = (*vocabulary.SECTION_KINDS[kind].facts, *chosen)
            offered = {name: label for name, label in offered.items() if name in usual}
        # A fact of the organization that was deleted since stays until someone unchecks it.
        self.set_choices("facts", (offered | {n: n for n in chosen if n not in offered}).items())

    def layout(self) -> Layout:
        names = ["facts"] if "facts" in self.fields else []
        return Layout(
            "base",
            "heading",
            Row(Column("kind"), Column("style")),
            Row(Column("audience"), Column("heading_display")),
            *names,
            Div("required", "locked", css_class="check-row"),
            "guidance",
        )

    def values(self) -> dict[str, Any]:
        """Returns the settings, without those that aren't valid."""
        names = [name for name in self.cleaned_data if name != "base"]
        found = {name: self.cleaned_data[name] for name in names}
        # Sections of other kinds print no facts.
        return found | {"facts": tuple(found.get("facts", ()))}


def initial_of(section: SectionValue, base: str) -> Mapping[str, Any]:
    """Returns the initial values of the settings form."""
    names = [name for name in SectionSettingsForm.base_fields if name != "base"]
    return {name: getattr(section, name) for name in names} | {"base": base}
