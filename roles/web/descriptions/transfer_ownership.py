"""Transfer job descriptions to another owner: selected ones, or all of one person."""

from __future__ import annotations

import re

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from roles import people, permissions
from roles.models import JobDescription, User
from roles.people import ownership
from roles.web.descriptions.selection import DescriptionSelection, in_order, selected
from roles.web.shared.access import person, requires
from roles.web.shared.idempotency import form_data, run_once
from roles.web.shared.owner_form import TransferForm


@require_http_methods(["GET", "HEAD", "POST"])
@requires("description.transfer")
def transfer(request: HttpRequest) -> HttpResponseBase:
    """Choose the new owner of the job descriptions that the URL selects."""
    of = _present_owner(request)
    selection = _all_of(request, of) if of and "all" in request.GET else selected(request, of)
    form = TransferForm(form_data(request), without=of)
    if request.method == "POST" and selection.all and form.is_valid():
        try:
            return redirect(run_once(request, lambda: _transfer(request, selection, form)))
        except people.AccountChangeRefused as refused:
            form.add_error("owner", refused.message)
    context = {**selection.context, "form": form, "back": _back(selection)}
    status = 422 if form.errors and selection.all else 200
    return render(request, "descriptions/transfer.html", context, status=status)


def _present_owner(request: HttpRequest) -> User | None:
    """Return the account of ?of=, for people who manage accounts."""
    key = request.GET.get("of")
    if key is None:
        return None
    account = User.objects.filter(pk=int(key)).first() if re.fullmatch("[0-9]{1,9}", key) else None
    if account is None or not permissions.may(person(request), "people.manage"):
        raise Http404
    return account


def _all_of(request: HttpRequest, account: User) -> DescriptionSelection:
    """Return all that the account owns and that isn't archived. What the person can't see is
    included only where the account is deactivated: otherwise its owner transfers it."""
    owned = in_order(people.owned_by(account))
    visible = JobDescription.objects.visible_to(person(request))
    seen = set(visible.filter(owner=account).values_list("pk"))
    shown = [one for one in owned if (one.pk,) in seen]
    hidden = [] if account.is_active else [one for one in owned if (one.pk,) not in seen]
    return DescriptionSelection(shown, hidden, of=account)


def _transfer(request: HttpRequest, selection: DescriptionSelection, form: TransferForm) -> str:
    to, note = form.cleaned_data["owner"], form.cleaned_data["note"]
    transferred = ownership.transfer(
        descriptions=selection.all, to=to, by=person(request), note=note
    )
    message = ngettext(
        "%(count)d job description transferred to %(name)s.",
        "%(count)d job descriptions transferred to %(name)s.",
        len(transferred),
    )
    messages.success(request, message % {"count": len(transferred), "name": to})
    return _back(selection)


def _back(selection: DescriptionSelection) -> str:
    return reverse("person", args=[selection.of.pk]) if selection.of else reverse("descriptions")
