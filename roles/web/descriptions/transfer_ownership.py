"""Transfer job descriptions to another owner: selected ones, or all of one person."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from roles import people, permissions
from roles.models import JobDescription, User
from roles.people import ownership
from roles.web.shared import references
from roles.web.shared.access import person, requires
from roles.web.shared.idempotency import form_data, run_once
from roles.web.shared.owner_form import TransferForm

SHOWN = 50  # selected job descriptions on the page; the rest is counted


@dataclass
class TransferSelection:
    """The job descriptions to transfer: `shown` ones, `hidden` ones that the person can't see,
    and the number of `missing` references. `of` is the present owner, where all are selected."""

    shown: list[JobDescription]
    hidden: list[JobDescription]
    missing: int
    of: User | None = None

    @property
    def all(self) -> list[JobDescription]:
        return [*self.shown, *self.hidden]


@require_http_methods(["GET", "HEAD", "POST"])
@requires("description.transfer")
def transfer(request: HttpRequest) -> HttpResponseBase:
    """Choose the new owner of the job descriptions that the URL selects."""
    of = _present_owner(request)
    selection = _all_of(request, of) if of and "all" in request.GET else _selected(request, of)
    form = TransferForm(form_data(request), without=of)
    if request.method == "POST" and selection.all and form.is_valid():
        try:
            return redirect(run_once(request, lambda: _transfer(request, selection, form)))
        except people.AccountChangeRefused as refused:
            form.add_error("owner", refused.message)
    context = {
        "selection": selection,
        "form": form,
        "count": len(selection.all),
        "shown": selection.shown[:SHOWN],
        "more": max(len(selection.shown) - SHOWN, 0),
        "back": _back(selection),
    }
    status = 422 if form.errors and selection.all else 200
    return render(request, "descriptions/transfer.html", context, status=status)


def _selected(request: HttpRequest, of: User | None) -> TransferSelection:
    """Return the job descriptions of ?jd= that the person can edit. The page doesn't say which
    of the others exist."""
    user = person(request)
    chosen = {one for one in request.GET.getlist("jd") if one}
    visible = JobDescription.objects.visible_to(user).filter(reference__in=references.valid(chosen))
    editable = [
        one
        for one in _in_order(visible)
        if permissions.may(user, "description.edit", one.relations_of(user))
    ]
    return TransferSelection(editable, [], len(chosen) - len(editable), of)


def _present_owner(request: HttpRequest) -> User | None:
    """Return the account of ?of=, for people who manage accounts."""
    key = request.GET.get("of")
    if key is None:
        return None
    account = User.objects.filter(pk=int(key)).first() if re.fullmatch("[0-9]{1,9}", key) else None
    if account is None or not permissions.may(person(request), "people.manage"):
        raise Http404
    return account


def _all_of(request: HttpRequest, account: User) -> TransferSelection:
    """Return all that the account owns and that isn't archived. What the person can't see is
    included only where the account is deactivated: otherwise its owner transfers it."""
    owned = _in_order(people.owned_by(account))
    visible = JobDescription.objects.visible_to(person(request))
    seen = set(visible.filter(owner=account).values_list("pk"))
    shown = [one for one in owned if (one.pk,) in seen]
    hidden = [] if account.is_active else [one for one in owned if (one.pk,) not in seen]
    return TransferSelection(shown, hidden, 0, account)


def _in_order(descriptions: QuerySet[JobDescription]) -> list[JobDescription]:
    rows = descriptions.order_by("reference").select_related("owner").defer("search_text")
    return list(rows.prefetch_related("hiring_managers"))


def _transfer(request: HttpRequest, selection: TransferSelection, form: TransferForm) -> str:
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


def _back(selection: TransferSelection) -> str:
    return reverse("person", args=[selection.of.pk]) if selection.of else reverse("descriptions")
