"""The base class of forms that crispy renders inside the page's own <form>."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from roles.web.shared.required_messages import RequiredMessages


class EmbeddedForm(RequiredMessages, forms.Form):
    """Fields without a <form> element. `layout` arranges them if their order isn't enough;
    `error_summary` appears above an invalid form; `error_fields` maps names in the errors of
    an action to form fields."""

    error_summary: ClassVar[str | Promise] = _(
        "Not saved. Fix the errors below. Your changes are still on the page."
    )
    error_fields: ClassVar[Mapping[str, str]] = {}

    def layout(self) -> Layout | None:
        return None

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True  # the page's form carries the token
        if layout := self.layout():
            helper.layout = layout
        return helper

    def set_queryset(self, name: str, rows: QuerySet[Any]) -> None:
        """Sets the rows to choose from in a field."""
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  # narrows the type
        field.queryset = rows

    def set_choices(self, name: str, choices: Iterable[tuple[str, str | Promise]]) -> None:
        """Sets the choices of a field."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # narrows the type
        field.choices = list(choices)

    def refuse(self, error: ValidationError | str) -> None:
        """Adds the error of a refused action, to its field if the error names one."""
        if not isinstance(error, ValidationError) or not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            field = self.error_fields.get(name, name)
            self.add_error(field if field in self.fields else None, errors)
