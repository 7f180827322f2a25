"""Forms of templates: their own fields, and the settings of their sections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from roles import limits
from roles.library.template_actions import Terms
from roles.models import JobFamily, JobLevel, Section
from roles.web.shared.embedded_form import EmbeddedForm
from roles.web.shared.fields import OneLineField, ParagraphField


class TemplateForm(EmbeddedForm):
    """The title, description, family and level of a template."""

    title = OneLineField(
        max_length=limits.TITLE_LIMIT,
        label=_("Title"),
        help_text=_("Appears in the template gallery."),
    )
    role = OneLineField(
        max_length=limits.TITLE_LIMIT,
        required=False,
        label=_("Default job title"),
        help_text=_(
            "New job descriptions from this template start with this title. Authors can change it."
        ),
    )
    description = ParagraphField(
        max_length=limits.LINE_LIMIT,
        required=False,
        label=_("Description"),
        rows=3,
        help_text=_(
            "Describe which roles it’s for and what it includes, in two or three sentences."
        ),
    )
    family = forms.ModelChoiceField(
        JobFamily.objects.all(), required=False, label=_("Job family"), empty_label=_("Any")
    )
    level = forms.ModelChoiceField(
        JobLevel.objects.all(), required=False, label=_("Job level"), empty_label=_("Any")
    )

    def layout(self) -> Layout:
        return Layout("title", "role", "description", Row(Column("family"), Column("level")))


@dataclass(frozen=True)
class SectionFields:
    """A section of the job description, with the form fields of its settings."""

    section: Section
    required: BoundField
    locked: BoundField
    guidance: BoundField

    @property
    def checkboxes(self) -> tuple[BoundField, BoundField]:
        """The fields that are checkboxes."""
        return self.required, self.locked


class SaveTemplateForm(TemplateForm):
    """The form to save a job description as a template. For each section, it also asks whether it
    is required or locked, and for its guidance."""

    def __init__(self, data: Any, *, sections: Sequence[Section], initial: Any) -> None:
        super().__init__(data, initial=initial)
        self.sections = sections
        for section in sections:
            self.fields[f"required-{section.uid}"] = forms.BooleanField(
                required=False, label=_("Required"), initial=section.required
            )
            self.fields[f"locked-{section.uid}"] = forms.BooleanField(
                required=False, label=_("Locked"), initial=section.locked
            )
            self.fields[f"guidance-{section.uid}"] = ParagraphField(
                max_length=limits.PARAGRAPH_LIMIT,
                required=False,
                label=_("Guidance"),
                initial=section.guidance,
                rows=4,
            )

    def section_fields(self) -> list[SectionFields]:
        """Returns the fields of each section, in order."""
        return [
            SectionFields(
                section,
                *(self[f"{name}-{section.uid}"] for name in ("required", "locked", "guidance")),
            )
            for section in self.sections
        ]

    def chosen(self) -> dict[str, Any]:
        """Returns the keyword arguments for `template_actions.save_template`."""
        cleaned = self.cleaned_data
        names = ("title", "role", "description", "family", "level")
        terms = {
            section.uid: Terms(
                **{
                    name: cleaned[f"{name}-{section.uid}"]
                    for name in ("required", "locked", "guidance")
                }
            )
            for section in self.sections
        }
        return {**{name: cleaned[name] for name in names}, "terms": terms}
