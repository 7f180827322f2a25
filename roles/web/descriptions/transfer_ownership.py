"""Job descriptions get another owner: those selected in the list, or all of one person."""

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
from roles.web.shared.access import person, requires
from roles.web.shared.idempotency import form_data, run_once
from roles.web.shared.owner_form import TransferForm

SHOWN = 50  # of what was chosen; the rest is counted
REFERENCE = re.compile(r"[A-Z]{2,6}-[0-9]{1,8}")


@dataclass
class TransferSelection:
    """What is to get another owner: those to be shown, those that the reader may not see, and
    how many were named in vain. `of` is the person whose page it was asked on."""

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
    """Who answers for the chosen ones from now on; they stand in the URL."""
    of = _person_asked(request)
    chosen = _all_of(request, of) if of and "all" in request.GET else _selected(request, of)
    form = TransferForm(form_data(request), without=of)
    if request.method == "POST" and chosen.all and form.is_valid():
        try:
            return redirect(run_once(request, lambda: _transfer(request, chosen, form)))
        except people.AccountChangeRefused as refused:
            form.add_error("owner", refused.message)
    context = {
        "chosen": chosen,
        "form": form,
        "count": len(chosen.all),
        "shown": chosen.shown[:SHOWN],
        "more": max(len(chosen.shown) - SHOWN, 0),
        "back": _back(chosen),
    }
    status = 422 if form.errors and chosen.all else 200
    return render(request, "accounts/transfer.html", context, status=status)


def _selected(request: HttpRequest, of: User | None) -> TransferSelection:
    """Those named by ?jd= that the person may edit. Which are not among them, and why, is told
    to no one."""
    user = person(request)
    named = {one for one in request.GET.getlist("jd") if one}
    known = [one for one in named if REFERENCE.fullmatch(one)]
    visible = JobDescription.objects.visible_to(user).filter(reference__in=known)
    found = [
        one
        for one in _in_order(visible)
        if permissions.may(user, "description.edit", one.relations_of(user))
    ]
    return TransferSelection(found, [], len(named) - len(found), of)


def _person_asked(request: HttpRequest) -> User | None:
    """Whom ?of= names, for those who manage accounts."""
    key = request.GET.get("of")
    if key is None:
        return None
    account = User.objects.filter(pk=int(key)).first() if re.fullmatch("[0-9]{1,9}", key) else None
    if account is None or not permissions.may(person(request), "people.manage"):
        raise Http404
    return account


def _all_of(request: HttpRequest, account: User) -> TransferSelection:
    """All that someone owns and is not archived. What the reader may not see goes with it only
    where its owner has left: else it is for the owner to give away."""
    owned = _in_order(people.owned_by(account))
    visible = JobDescription.objects.visible_to(person(request))
    seen = set(visible.filter(owner=account).values_list("pk"))
    shown = [one for one in owned if (one.pk,) in seen]
    hidden = [] if account.is_active else [one for one in owned if (one.pk,) not in seen]
    return TransferSelection(shown, hidden, 0, account)


def _in_order(found: QuerySet[JobDescription]) -> list[JobDescription]:
    rows = found.order_by("reference").select_related("owner").defer("search_text")
    return list(rows.prefetch_related("hiring_managers"))


def _transfer(request: HttpRequest, chosen: TransferSelection, form: TransferForm) -> str:
    to, note = form.cleaned_data["owner"], form.cleaned_data["note"]
    given = ownership.transfer(descriptions=chosen.all, to=to, by=person(request), note=note)
    said = ngettext(
        "%(count)d job description belongs to %(name)s now.",
        "%(count)d job descriptions belong to %(name)s now.",
        len(given),
    )
    messages.success(request, said % {"count": len(given), "name": to})
    return _back(chosen)


def _back(chosen: TransferSelection) -> str:
    return reverse("person", args=[chosen.of.pk]) if chosen.of else reverse("descriptions")
