"""Accounts, for administrators: who is there, what they answer for, leaving, being forgotten."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from roles import people as actions
from roles import permissions
from roles.models import JobDescription, Reviewer, User
from roles.people import erasure, offboarding
from roles.web.accounts.people_forms import ADMINISTRATOR, DeactivateForm, EraseForm, PeopleFilter
from roles.web.shared.access import person as signed_in
from roles.web.shared.access import requires
from roles.web.shared.idempotency import form_data, run_once

ON_A_PAGE = 50
SHOWN = 50  # job descriptions on a page about someone; the rest is counted


@require_safe
@requires("people.manage")
def people(request: HttpRequest) -> HttpResponse:
    """Every account: filters, order and page are in the URL."""
    chosen = PeopleFilter(request.GET, User.objects.all())
    found = chosen.found.prefetch_related("groups", "departments")
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [(account, groups_of(account)) for account in page]
    context = {"filter": chosen, "page": page, "rows": rows, "sort": chosen.sort}
    return render(request, "accounts/list.html", context)


@require_safe
@requires("people.manage")
def person(request: HttpRequest, key: int) -> HttpResponse:
    """One account, what it owns, and what can be done about it."""
    account = _get(key)
    context = {
        "account": account,
        "kinds": groups_of(account),
        "departments": account.departments.all(),
        "is_own": account == signed_in(request),
        **_owned(request, account),
        "hiring_manager": actions.hiring_manager_of(account).exclude(status="archived").count(),
        "texts": actions.curated_by(account).count(),
        "reviewing": _reviewers(account),
    }
    return render(request, "accounts/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("people.manage")
def deactivate(request: HttpRequest, key: int) -> HttpResponseBase:
    """Close an account, once what it answers for has someone else."""
    account = _get(key)
    if not account.is_active:
        messages.info(request, _("This account is deactivated already."))
        return redirect("person", key)
    owned = _owned(request, account)
    counts = {
        "owned": owned["count"],
        "hiring_manager": actions.hiring_manager_of(account).count(),
        "texts": actions.curated_by(account).count(),
    }
    form = DeactivateForm(form_data(request), account=account, **counts)
    if form.is_valid():
        try:
            address = run_once(request, lambda: _deactivate(request, account, form))
        except actions.AccountChangeRefused as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, _("%s can no longer sign in.") % account)
            return redirect(address)
    context = {
        "account": account,
        "form": form,
        **counts,
        **owned,
        "is_own": account == signed_in(request),
        "reviewing": _reviewers(account),
    }
    status = 422 if form.errors else 200
    return render(request, "accounts/deactivate.html", context, status=status)


@require_POST
@requires("people.manage")
def reactivate(request: HttpRequest, key: int) -> HttpResponse:
    """Let them sign in again."""
    account = _get(key)
    try:
        offboarding.reactivate(account=account, by=signed_in(request))
    except actions.AccountChangeRefused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("%s can sign in again.") % account)
    return redirect("person", key)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("people.manage")
def erase(request: HttpRequest, key: int) -> HttpResponseBase:
    """Forget whose an account was; asks for its user name."""
    account = _get(key)
    form = EraseForm(form_data(request), account=account)
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            erased = erasure.erase(account=account, by=signed_in(request), reason=reason)
        except actions.AccountChangeRefused as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, _("The account is erased. It is now %s.") % erased)
            return redirect("person", key)
    context = {
        "account": account,
        "form": form,
        "count": actions.owned_by(account).count(),
        "hiring_manager": actions.hiring_manager_of(account).count(),
    }
    status = 422 if form.errors else 200
    return render(request, "accounts/erase.html", context, status=status)


def groups_of(account: User) -> list[str]:
    """What the account is, in words; its groups may have been read before."""
    names = [group.name for group in account.groups.all()]
    known = [name for name in permissions.GROUPS.values() if name in names]
    return [*known, str(ADMINISTRATOR)] if account.is_staff else known


def _get(key: int) -> User:
    return get_object_or_404(User.objects.prefetch_related("groups"), pk=key)


def _owned(request: HttpRequest, account: User) -> dict[str, Any]:
    """What they own and is not archived: how many, the first that the reader may see, and how
    many of them are hidden from the reader because they are confidential."""
    owned = actions.owned_by(account)
    visible = JobDescription.objects.visible_to(signed_in(request)).filter(
        pk__in=owned.values("pk")
    )
    shown = visible.with_shown_status().order_by("reference").defer("search_text")
    count, seen = owned.count(), visible.count()
    rows = list(shown[:SHOWN])
    return {
        "count": count,
        "rows": rows,
        "more": seen - len(rows),
        "hidden": count - seen,
        "movable": seen if account.is_active else count,
    }


def _reviewers(account: User) -> QuerySet[Reviewer]:
    """The reviews that wait for them."""
    waiting = Q(removal_reason="", review__state="open")
    return account.reviewing.filter(waiting).select_related("review__description")


def _deactivate(request: HttpRequest, account: User, form: DeactivateForm) -> str:
    chosen = form.cleaned_data
    offboarding.deactivate(
        account=account,
        by=signed_in(request),
        new_owner=chosen.get("owner"),
        new_curator=chosen.get("curator"),
        is_removed_as_hiring_manager=chosen.get("remove_as_hiring_manager", False),
        note=chosen["note"],
    )
    return reverse("person", args=[account.pk])
