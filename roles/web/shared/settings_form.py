"""Forms of settings that two people can change at the same time: the later one is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from roles import organization
from roles.organization.list_rows import LISTS
from roles.web.shared import idempotency
from roles.web.shared.embedded_form import EmbeddedForm


class SettingsForm(EmbeddedForm):
    """Fields with a hidden `base`, the state of the stored values that the page showed. Forms
    implement `stored` and `state`."""

    stale_summary = gettext_lazy(
        "Not saved. Someone else changed these settings since you opened this page."
        " Check the values below, then save again to keep yours."
    )
    base = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, data: Any = None, files: Any = None, *, initial: Any = None) -> None:
        super().__init__(data, files, initial=initial or {**self.stored(), "base": self.state()})
        self.others: list[tuple[str, str]] = []  # labels and values that someone else stored

    def stored(self) -> dict[str, Any]:
        """Returns the stored values by field."""
        raise NotImplementedError

    def state(self) -> str:
        """Returns a hash of the stored values (organization.state_of)."""
        raise NotImplementedError

    def read_again(self) -> None:
        """Reads the stored values again, if the form keeps them."""

    def values(self) -> dict[str, Any]:
        """Returns the cleaned values, without the base."""
        return {name: value for name, value in self.cleaned_data.items() if name != "base"}

    def mark_stale(self) -> None:
        """Keeps what was typed, on the base of what is stored now, and notes the differences."""
        self.read_again()
        data = self.data.copy()  # type: ignore[attr-defined]  # of a QueryDict
        data["base"] = self.state()
        self.data = data
        self.others = list(self._differences())
        self.add_error(None, str(self.stale_summary))

    def _differences(self) -> Iterator[tuple[str, str]]:
        for name, value in self.stored().items():
            if name in self.fields and self.cleaned_data.get(name) != value:
                field = self.fields[name]
                yield str(field.label or name), shown(field, value)


def shown(field: forms.Field, value: Any) -> str:
    """Returns a stored value in words, as the page shows it."""
    if isinstance(field, forms.BooleanField):
        return _("Yes") if value else _("No")
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
    return _("Blank") if value in (None, "") else str(value)


class RowForm(SettingsForm):
    """The fields of a row of a list of the organization, or of a new row."""

    list_name = ""  # of LISTS

    def __init__(self, data: Any = None, *, row: Any = None, initial: Any = None) -> None:
        self.row = row
        super().__init__(data, initial=initial if row is None else None)

    def stored(self) -> dict[str, Any]:
        if self.row is None:
            return {}
        return {name: getattr(self.row, name) for name in LISTS[self.list_name].fields}

    def state(self) -> str:
        if self.row is None:
            return ""
        return organization.state_of(self.row, LISTS[self.list_name].fields)

    def read_again(self) -> None:
        self.row.refresh_from_db()


def respond(
    request: HttpRequest,
    form: SettingsForm,
    action: Callable[[], str],
    message: str | Promise,
    template: str,
    context: dict[str, Any],
) -> HttpResponseBase:
    """Runs the action if the form is valid, and redirects to the URL that it returns. Otherwise
    shows the page again: with errors (422), or with what someone else stored (409)."""
    try:
        done = idempotency.submit(request, form, action, str(message))
    except organization.StaleSettings:
        form.mark_stale()
        return render(request, template, {"form": form, **context}, status=409)
    return done or form_page(request, template, form, context)


def form_page(
    request: HttpRequest, template: str, form: SettingsForm, context: dict[str, Any]
) -> HttpResponse:
    return idempotency.form_page(request, template, form, context)
