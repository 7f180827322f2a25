"""The lists of the organization: one set of views for all of them (see `list_registry`)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from roles import limits, places
from roles.organization import list_rows, list_uses
from roles.web.settings.list_registry import PAGES, ListPage
from roles.web.shared import idempotency, key_pages
from roles.web.shared.access import person, requires
from roles.web.shared.post_data import single
from roles.web.shared.settings_form import respond
from roles.web.shared.settings_navigation import navigation
from roles.web.shared.sort_order import SortOrder

PAGE_SIZE = 100
MOVES = {"up": -1, "down": 1}
require_form = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@requires("settings.change")
def show_list(request: HttpRequest, list_name: str) -> HttpResponse:
    """The rows of a list with their uses. `q` searches in a long one."""
    of = _page(list_name)
    words = request.GET.get("q", "").replace("\0", "")[: limits.SEARCH_LIMIT].strip()
    rows = of.rows.rows()
    for word in words.split():
        matches = [Q(**{f"{name}__icontains": word}) for name in of.rows.identity]
        rows = rows.filter(_any(matches))
    order = SortOrder("", _order(of))
    page = key_pages.page_of(request, rows, order, PAGE_SIZE)
    shown = page.object_list
    uses = list_uses.count(of.rows.uses, shown)
    page.object_list = [_entry(of, row, uses[row.pk]) for row in shown]
    context = {
        "list": of,
        "page": page,
        "query": words,
        "has_search": bool(words) or not page.is_only_one,
        "may_move": of.rows.is_ordered and not words,
        **navigation(request),
    }
    return render(request, "settings/list.html", context)


def _order(of: ListPage) -> tuple[str, ...]:
    """Returns the columns that the rows of a list are sorted by, without the id."""
    return tuple(name for name in of.rows.model._meta.ordering if name != "pk")


def _any(matches: list[Q]) -> Q:
    found = Q()
    for match in matches:
        found |= match
    return found


def _entry(of: ListPage, row: Any, uses: list[str]) -> dict[str, Any]:
    return {
        "row": row,
        "name": of.name(row),
        "cells": [(column.label, column.text(row)) for column in of.columns],
        "uses": uses,
    }


@require_form
@requires("settings.change")
def add_row(request: HttpRequest, list_name: str) -> HttpResponseBase:
    """Adds a row to a list."""
    of = _page(list_name)
    form = of.form(idempotency.form_data(request))

    def action() -> str:
        list_rows.add(list_name=list_name, values=form.values(), by=person(request))
        return _address(list_name)

    context = {"list": of, "heading": of.words.add, **navigation(request)}
    return respond(request, form, action, of.words.added, "settings/row.html", context)


@require_form
@requires("settings.change")
def change_row(request: HttpRequest, list_name: str, pk: int) -> HttpResponseBase:
    """Changes a row of a list."""
    of = _page(list_name)
    row = _get(of, pk)
    form = of.form(idempotency.form_data(request), row=row)

    def action() -> str:
        list_rows.change(
            list_name=list_name,
            row=row,
            values=form.values(),
            base=form.cleaned_data["base"],
            by=person(request),
        )
        return _address(list_name)

    context = {"list": of, "row": row, "heading": of.words.edit, **navigation(request)}
    return respond(request, form, action, of.words.saved, "settings/row.html", context)


@require_form
@requires("settings.change")
def delete_row(request: HttpRequest, list_name: str, pk: int) -> HttpResponse:
    """Deletes a row, or shows where it is used."""
    of = _page(list_name)
    row = _get(of, pk)
    if request.method == "POST":
        try:
            list_rows.delete(list_name=list_name, row=row, by=person(request))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("settings_row_delete", list_name, pk)
        messages.success(request, str(of.words.deleted))
        return redirect("settings_list", list_name)
    uses = list_uses.count(of.rows.uses, [row])[row.pk]
    context = {"list": of, "row": row, "name": of.name(row), "uses": uses, **navigation(request)}
    return render(request, "settings/delete.html", context)


@require_POST
@requires("settings.change")
def move_row(request: HttpRequest, list_name: str, pk: int) -> HttpResponse:
    """Moves a row up or down by one place."""
    of = _page(list_name)
    row = _get(of, pk)
    steps = MOVES.get(single(request.POST, "direction"), 0)
    if of.rows.is_ordered and steps:
        list_rows.move(list_name=list_name, row=row, steps=steps, by=person(request))
        moved = _("%s moved up.") if steps < 0 else _("%s moved down.")
        messages.info(request, moved % of.name(row), extra_tags="quiet")
    return redirect(f"{_address(list_name)}#row-{row.pk}")


@require_safe
@requires("list.add")
def regions(request: HttpRequest) -> HttpResponse:
    """The regions of a country as options, for the form of a location."""
    options = places.regions(request.GET.get("country", "")[:2])
    return render(request, "shared/_regions.html", {"region_options": options})


def _page(list_name: str) -> ListPage:
    if list_name not in PAGES:
        raise Http404
    return PAGES[list_name]


def _get(of: ListPage, pk: int) -> Any:
    return get_object_or_404(of.rows.rows(), pk=pk)


def _address(list_name: str) -> str:
    return reverse("settings_list", args=[list_name])
