"""Change the selected job descriptions: department, family, people, review date, and status."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from roles.drafts.bulk_change import Refusal, change_many
from roles.web.descriptions.change_selected_forms import ChangeSelectedForm
from roles.web.descriptions.selection import SHOWN, DescriptionSelection, selected
from roles.web.shared.access import person, requires
from roles.web.shared.idempotency import form_data, run_once


@require_http_methods(["GET", "HEAD", "POST"])
@requires("description.change_many")
def change(request: HttpRequest) -> HttpResponseBase:
    """Change the job descriptions that the URL selects."""
    selection = selected(request)
    managers = {user for one in selection.shown for user in one.hiring_managers.all()}
    form = ChangeSelectedForm(form_data(request), user=person(request), managers=managers)
    if request.method == "POST" and selection.all and form.is_valid():
        return redirect(run_once(request, lambda: _change(request, selection, form)))
    context = {**selection.context, "form": form}
    status = 422 if form.errors and selection.all else 200
    return render(request, "descriptions/change_selected.html", context, status=status)


def _change(request: HttpRequest, selection: DescriptionSelection, form: ChangeSelectedForm) -> str:
    refused = change_many(descriptions=selection.all, change=form.change(), by=person(request))
    count = len(selection.all) - len(refused)
    if count:
        message = ngettext("%d job description changed.", "%d job descriptions changed.", count)
        messages.success(request, message % count)
    if refused:
        messages.warning(request, _refusals(refused))
    return reverse("descriptions")


def _refusals(refused: list[Refusal]) -> str:
    """Returns the message that names the job descriptions that stay as they are, by reason."""
    reasons: dict[str, list[str]] = {}
    for one in refused:
        reasons.setdefault(one.message, []).append(one.description.reference)
    parts = [f"{', '.join(names[:SHOWN])}: {reason}" for reason, names in reasons.items()]
    return _("Not changed: %s") % " ".join(parts)
