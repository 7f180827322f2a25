"""The state of the page of a template's section: what is stored, and what was typed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest

from roles import vocabulary
from roles.library import template_content
from roles.library.template_content import SectionValue
from roles.library.template_sections import StaleTemplate
from roles.models import Template
from roles.web.library import section_rows
from roles.web.library.section_forms import SectionSettingsForm
from roles.web.library.section_rows import Rows
from roles.web.library.template_redline import TemplateRedline


@dataclass
class SectionEditor:
    """The page of a section. `stored` is what is stored, or was until someone else removed it.
    `form` and `rows` are what was typed."""

    request: HttpRequest
    template: Template
    uid: str
    stored: SectionValue
    form: SectionSettingsForm
    rows: Rows
    status: int = 200
    paste_error: str = ""
    pasted: str = ""
    stale: StaleTemplate | None = None
    redline: TemplateRedline | None = None
    focus: str = ""  # id of the field to write in

    @property
    def kind(self) -> str:
        """The chosen kind of section, which decides on the fields of its lines."""
        kind = str(self.form["kind"].value())
        return kind if kind in vocabulary.SECTION_KINDS else self.stored.kind

    @cached_property
    def value(self) -> SectionValue:
        """What was typed, with what is stored where it isn't valid. Sets the errors of the rows."""
        names = template_content.SETTINGS
        settings = {name: getattr(self.stored, name) for name in names}
        if self.form.is_bound:
            self.form.is_valid()
            settings |= self.form.values()
        lines = section_rows.clean(self.rows)
        return SectionValue(uid=self.uid, lines=lines, **settings)

    @property
    def has_row_errors(self) -> bool:
        return any(row.errors for row in section_rows.every_row(self.rows))
