"""A form inside a page's own <form>, which shows what an action refused beside its fields."""

from __future__ import annotations

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError


class EmbeddedForm(forms.Form):
    """A form inside a page's own <form>, with what an action refused beside its fields."""

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True  # the page's form carries the token
        return helper

    def refuse(self, error: ValidationError) -> None:
        """Show what an action said, beside the field where there is one."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, problems in error.error_dict.items():
            place = "place" if name in ("kind", "category") and "place" in self.fields else name
            self.add_error(place if place in self.fields else None, problems)


class RefusableForm(forms.Form):
    """A form that shows what an action refused."""

    def refuse(self, message: str) -> None:
        self.add_error(None, ValidationError(message))
