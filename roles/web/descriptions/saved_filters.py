"""Filters of the list of job descriptions, saved under a name: the links above the list, and
saving and removing them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from roles import limits
from roles.models import SavedFilter, User
from roles.web.shared.access import person, requires
from roles.web.shared.description_filter import DescriptionFilter
from roles.web.shared.embedded_form import EmbeddedForm
from roles.web.shared.fields import OneLineField
from roles.web.shared.idempotency import form_page

NAMES = (*DescriptionFilter.base_filters, "sort")


class SavedFilterForm(EmbeddedForm):
    """The name of the filters of `query`, the query of a list's URL."""

    error_summary = ""

    name = OneLineField(
        label=gettext_lazy("Name"),
        max_length=limits.NAME_LIMIT,
        error_messages={"required": gettext_lazy("Enter a name for these filters.")},
    )
    query = forms.CharField(required=False, max_length=limits.QUERY_LIMIT, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, user: User | None = None, query: str = "") -> None:
        super().__init__(data, initial={"query": query})
        self.user = user

    def clean_query(self) -> str:
        query = _only_filters(QueryDict(self.cleaned_data["query"]))
        if not query:
            raise ValidationError(_("Set a filter or a sort order first."))
        return query

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        assert self.user is not None  # noqa: S101  # a bound form has one
        others = self.user.saved_filters.exclude(name=cleaned.get("name", ""))
        if others.count() >= limits.SAVED_FILTERS_LIMIT:
            message = _("You can save up to %d filters. Remove one first.")
            raise ValidationError(message % limits.SAVED_FILTERS_LIMIT)
        return cleaned


@dataclass(frozen=True)
class SavedFilterLink:
    """A saved filter as a link above the list."""

    saved: SavedFilter
    is_current: bool


def context(request: HttpRequest) -> dict[str, Any]:
    """Returns what `_saved_filters.html` shows: the links of the person's saved filters, the
    current one, and the form to save the filters of this page."""
    query = _only_filters(request.GET)
    rows = person(request).saved_filters.all()
    links = [SavedFilterLink(saved, saved.query == query) for saved in rows]
    current = next((link.saved for link in links if link.is_current), None)
    form = SavedFilterForm(query=query) if query and current is None else None
    return {"links": links, "current": current, "form": form}


@require_POST
@requires("description.list")
def saved_filters(request: HttpRequest) -> HttpResponseBase:
    """Save the filters of the list under a name, or remove saved ones."""
    if request.POST.get("action") == "remove":
        return _remove(request)
    form = SavedFilterForm(request.POST, user=person(request))
    if not form.is_valid():
        query = _only_filters(QueryDict(request.POST.get("query", "")[: limits.QUERY_LIMIT]))
        return form_page(request, "descriptions/save_filter.html", form, {"back": _list(query)})
    saved, _is_new = SavedFilter.objects.update_or_create(
        user=person(request),
        name=form.cleaned_data["name"],
        defaults={"query": form.cleaned_data["query"]},
    )
    messages.success(request, _("Filters saved as “%s”.") % saved)
    return redirect(_list(saved.query))


def _remove(request: HttpRequest) -> HttpResponse:
    own = person(request).saved_filters.all()
    saved = next((one for one in own if one.name == request.POST.get("name")), None)
    if saved is None:
        return redirect(_list(""))
    saved.delete()
    messages.success(request, _("Saved filters “%s” removed.") % saved)
    return redirect(_list(saved.query))


def _only_filters(posted: QueryDict) -> str:
    """Returns the filters and the sort order of a query, in one order, without blank ones."""
    query = QueryDict(mutable=True)
    for name in NAMES:
        if value := posted.get(name, "").strip()[: limits.SEARCH_LIMIT]:
            query[name] = value
    return query.urlencode()


def _list(query: str) -> str:
    return reverse("descriptions") + (f"?{query}" if query else "")
