"""The form for people to invite: a pasted list or a file, and the access of all of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from crispy_forms.layout import Div, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from roles import folding
from roles.importers import csv_text, people_list
from roles.importers.people_list import PeopleList, PersonRow
from roles.models import Department
from roles.people.account_access import Access
from roles.web.accounts.people_forms import kinds
from roles.web.shared.embedded_form import EmbeddedForm
from roles.web.shared.fields import CheckboxList, MultipleModelChoiceField

if TYPE_CHECKING:
    from django.http import QueryDict

NO_DEPARTMENTS = _("Your organization has no departments yet.")


class InviteForm(EmbeddedForm):
    """After `is_valid`, `read_list` has the people. `previewed` is the fingerprint of what the
    preview showed."""

    error_summary = _("Fix the errors below. No invitations were sent.")

    people = forms.CharField(
        label=_("Email addresses"),
        required=False,
        widget=forms.Textarea({"rows": 6, "spellcheck": "false", "autocapitalize": "none"}),
        help_text=_("One per line, or rows from a spreadsheet: email, first name, last name."),
    )
    file = forms.FileField(
        label=_("Or a CSV file"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput({"accept": ".csv,.tsv,.txt,text/csv"}),
        help_text=format_lazy(
            _(
                "Columns: email, first name, last name, groups, departments. Up to {rows} rows."
                " A file replaces the list above."
            ),
            rows=people_list.ROWS_LIMIT,
        ),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Groups"),
        required=False,
        choices=kinds,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("For everyone whose row names no groups."),
    )
    departments = MultipleModelChoiceField(
        queryset=Department.objects.none(),
        label=_("Departments"),
        required=False,
        widget=CheckboxList(NO_DEPARTMENTS),
        help_text=_("Limits access to these. Leave blank for all departments."),
    )
    previewed = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        self.set_queryset("departments", Department.objects.all())

    def layout(self) -> Layout:
        access = Div(Div("kinds"), Div("departments"), css_class="form-grid")
        return Layout("people", "file", access)

    def clean_file(self) -> str:
        """Returns the text of the file."""
        file = self.cleaned_data["file"]
        if not file:
            return ""
        if file.size > people_list.BYTES_LIMIT:
            raise ValidationError(_("This file is too large. Split it into several files."))
        content = file.read()
        if csv_text.is_other_format(content):
            raise ValidationError(_("This isn’t a CSV file. Save the spreadsheet as CSV first."))
        return csv_text.decode(content)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if self.errors:
            return values
        self.text = folding.tidy(values["file"] or values["people"], one_line=False)
        self._show_text()
        if len(self.text) > people_list.BYTES_LIMIT:
            self.add_error("people", _("This list is too long. Split it into several lists."))
        elif not self.read_list.rows:
            self.add_error("people", _("Enter at least one email address, or choose a file."))
        elif len(self.read_list.rows) > people_list.ROWS_LIMIT:
            message = _("Invite up to %(limit)d people at a time. This list has %(count)d rows.")
            numbers = {"limit": people_list.ROWS_LIMIT, "count": len(self.read_list.rows)}
            self.add_error("people", message % numbers)
        return values

    @cached_property
    def read_list(self) -> PeopleList:
        return people_list.read(self.text)

    @property
    def default_access(self) -> Access:
        departments = self.cleaned_data["departments"]
        keys = frozenset(department.pk for department in departments)
        return Access(frozenset(self.cleaned_data["kinds"]), keys)

    def fingerprint(self) -> str:
        """Returns a hash of the list and of the access that all get."""
        access = self.default_access
        values = [self.text, sorted(access.kinds), sorted(access.departments)]
        return hashlib.sha256(json.dumps(values).encode()).hexdigest()

    def is_previewed(self) -> bool:
        return bool(self.cleaned_data["previewed"] == self.fingerprint())

    def keep(self, rows: Iterable[PersonRow]) -> None:
        """Leaves only these rows in the list."""
        self.text = self.read_list.text_of(rows)
        del self.read_list  # cached
        self._show_text()

    def _show_text(self) -> None:
        data = cast("QueryDict", self.data).copy()
        data["people"] = self.text
        self.data = data
