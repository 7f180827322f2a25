"""Adding a family, department, or location from the wizard: in a dialog, or without scripts on a
page of its own that returns to the wizard."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from roles import drafts
from roles.drafts import changes
from roles.models import JobDescription
from roles.organization import list_access, list_rows
from roles.web.shared import idempotency
from roles.web.shared.access import get_description, person, requires
from roles.web.shared.fragments import is_fragment, page_or_fragment
from roles.web.shared.row_forms import ADDED_FORMS
from roles.web.shared.settings_form import RowForm
from roles.web.wizard.start import POST_ONLY

require_form = require_http_methods(["GET", "HEAD", "POST"])
TITLES: dict[str, str | Promise] = {
    "families": _("Add job family"),
    "departments": _("Add department"),
    "locations": _("Add location"),
}
# The field of the job details that a new row is chosen in.
FIELDS = {"families": "job_family", "departments": "department", "locations": "locations"}
OF_FORM = (*POST_ONLY, "family")


@require_form
@page_or_fragment
@requires("list.add")
def add_for_start(request: HttpRequest, list_name: str) -> HttpResponseBase:
    """Adds a family on the start page, which keeps what was typed in its URL."""
    if list_name != "families":
        raise Http404
    typed = request.GET.copy()
    for name in OF_FORM:
        typed.pop(name, None)
    if any(name in request.GET for name in POST_ONLY):
        return redirect(f"{request.path}?{typed.urlencode()}")

    def address(row: Any = None) -> str:
        query = typed.copy()
        if row is not None:
            query["family"] = str(row.pk)
        return f"{reverse('description_new')}?{query.urlencode()}"

    return _add(request, list_name, address)


@require_form
@page_or_fragment
def add_for_draft(request: HttpRequest, reference: str, list_name: str) -> HttpResponseBase:
    """Adds a row and chooses it in the draft; in the dialog, the page chooses it."""
    description = get_description(request, reference, "description.edit")
    if list_name not in ADDED_FORMS:
        raise Http404

    def address(row: Any = None) -> str:
        if row is not None:
            _choose(request, description, list_name, row)
        return reverse("wizard_step", args=[reference, "details"])

    return _add(request, list_name, address)


def _choose(request: HttpRequest, description: JobDescription, list_name: str, row: Any) -> None:
    with transaction.atomic():
        current = JobDescription.objects.lock(description.pk)
        field = FIELDS[list_name]
        value = [*current.locations.all(), row] if field == "locations" else row
        drafts.apply(
            description=current,
            by=person(request),
            token=current.edit_token,
            changes=[changes.ChangeFacts({field: value})],
        )


def _add(request: HttpRequest, list_name: str, address: Callable[..., str]) -> HttpResponseBase:
    """The form, and the row that it adds. `address` returns the page to return to, with the row
    chosen there if it is given."""
    if list_name not in list_access.addable(person(request)):
        raise PermissionDenied
    form = ADDED_FORMS[list_name](idempotency.form_data(request))
    added: list[Any] = []

    def action() -> str:
        with transaction.atomic():
            row = list_rows.add(list_name=list_name, values=form.values(), by=person(request))
            added.append(row)
            return address() if is_fragment(request) else address(row)

    done = idempotency.submit(request, form, action)
    if done is not None and is_fragment(request):
        return _added(list_name, added)
    return done or _form(request, form, list_name, address())


def _form(request: HttpRequest, form: RowForm, list_name: str, back: str) -> HttpResponse:
    context = {"form": form, "title": TITLES[list_name], "back": back}
    name = "_add_dialog" if is_fragment(request) else "add_to_list"
    return render(request, f"wizard/{name}.html", context, status=422 if form.errors else 200)


def _added(list_name: str, rows: list[Any]) -> HttpResponse:
    """Tells the page which row to choose; none if the form was sent twice."""
    response = HttpResponse(status=204)
    if rows:
        row = {"list": list_name, "value": str(rows[0].pk), "label": str(rows[0])}
        response["HX-Trigger"] = json.dumps({"list-added": row})
    return response
