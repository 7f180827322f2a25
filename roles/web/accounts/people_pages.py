"""Accounts, for administrators: the list, the page of one, deactivating, erasing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from roles import people, permissions
from roles.models import JobDescription, Reviewer, User
from roles.people import erasure, invitations, offboarding
from roles.web.accounts import person_sign_in
from roles.web.accounts.people_forms import ADMINISTRATOR, DeactivateForm, EraseForm, PeopleFilter
from roles.web.shared import key_pages
from roles.web.shared.access import confirms_identity, person, requires
from roles.web.shared.idempotency import form_data, form_page, run_once

PAGE_SIZE = 50
SHOWN = 50  # job descriptions on the page of an account; the others are counted


@require_safe
@requires("people.manage")
def list_people(request: HttpRequest) -> HttpResponse:
    """The list of accounts; filters, sort order and page are in the URL."""
    filtered = PeopleFilter(request.GET, User.objects.all())
    accounts = filtered.results.select_related("invitation")
    accounts = accounts.prefetch_related("groups", "departments")
    page = key_pages.page_of(request, accounts, filtered.order, PAGE_SIZE)
    page.object_list = [(account, groups_of(account)) for account in page.object_list]
    pending = {account.pk for account, _groups in page.object_list if account.is_invited}
    context = {"filter": filtered, "page": page, "pending": pending}
    return render(request, "accounts/list.html", context)


@require_safe
@requires("people.manage")
def show_person(request: HttpRequest, key: int) -> HttpResponse:
    """One account, and what it owns."""
    account = _get(key)
    context = {
        "account": account,
        "kinds": groups_of(account),
        "departments": account.departments.all(),
        "is_self": account == person(request),
        **_owned(request, account),
        "hiring_manager": people.hiring_manager_of(account).exclude(status="archived").count(),
        "snippets": people.curated_by(account).count(),
        "pending_reviewers": _pending_reviewers(account),
        "can_cancel": account.is_invited and invitations.can_cancel(account),
        **person_sign_in.sign_in_state(request, account),
    }
    return render(request, "accounts/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("people.manage")
@confirms_identity
def deactivate(request: HttpRequest, key: int) -> HttpResponseBase:
    """Deactivate an account and transfer what it owns."""
    account = _get(key)
    if not account.is_active:
        messages.info(request, _("This account is already deactivated."))
        return redirect("person", key)
    owned = _owned(request, account)
    counts = {
        "owned": owned["count"],
        "hiring_manager": people.hiring_manager_of(account).count(),
        "snippets": people.curated_by(account).count(),
    }
    form = DeactivateForm(form_data(request), account=account, **counts)
    if form.is_valid():
        try:
            address = run_once(request, lambda: _deactivate(request, account, form))
        except people.AccountChangeRefused as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, _("Account deactivated. %s can no longer sign in.") % account)
            return redirect(address)
    context = {
        "account": account,
        **counts,
        **owned,
        "is_self": account == person(request),
        "pending_reviewers": _pending_reviewers(account),
    }
    return form_page(request, "accounts/deactivate.html", form, context)


@require_POST
@requires("people.manage")
@confirms_identity
def reactivate(request: HttpRequest, key: int) -> HttpResponse:
    """Let the person sign in again."""
    account = _get(key)
    try:
        offboarding.reactivate(account=account, by=person(request))
    except people.AccountChangeRefused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Account reactivated. %s can sign in again.") % account)
    return redirect("person", key)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("people.manage")
@confirms_identity
def erase(request: HttpRequest, key: int) -> HttpResponseBase:
    """Erase the identity of an account, after its username is typed to confirm."""
    account = _get(key)
    form = EraseForm(form_data(request), account=account)
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            erased = erasure.erase(account=account, by=person(request), reason=reason)
        except people.AccountChangeRefused as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, _("Account erased. It is now called %s.") % erased)
            return redirect("person", key)
    context = {
        "account": account,
        "count": people.owned_by(account).count(),
        "hiring_manager": people.hiring_manager_of(account).count(),
    }
    return form_page(request, "accounts/erase.html", form, context)


def groups_of(account: User) -> list[str]:
    """Return the labels of the kinds of an account."""
    names = [group.name for group in account.groups.all()]
    kinds = [name for name in permissions.GROUPS.values() if name in names]
    return [*kinds, str(ADMINISTRATOR)] if account.is_staff else kinds


def _get(key: int) -> User:
    found = User.objects.select_related("invitation__sent_by").prefetch_related("groups")
    return get_object_or_404(found, pk=key)


def _owned(request: HttpRequest, account: User) -> dict[str, Any]:
    """Return the job descriptions in use that the account owns: their `count`, the first `rows`
    that the reader can see, how many `more`, how many `hidden` (confidential) ones, and how many
    can be transferred."""
    owned = people.owned_by(account)
    visible = JobDescription.objects.visible_to(person(request)).filter(pk__in=owned.values("pk"))
    shown = visible.with_shown_status().order_by("reference").defer("search_text")
    count, visible_count = owned.count(), visible.count()
    rows = list(shown[:SHOWN])
    return {
        "count": count,
        "rows": rows,
        "more": visible_count - len(rows),
        "hidden": count - visible_count,
        "transferable": visible_count if account.is_active else count,
    }


def _pending_reviewers(account: User) -> QuerySet[Reviewer]:
    """Return the assignments of the account in open reviews."""
    pending = Q(removal_reason="", review__state="open")
    return account.reviewing.filter(pending).select_related("review__description")


def _deactivate(request: HttpRequest, account: User, form: DeactivateForm) -> str:
    chosen = form.cleaned_data
    offboarding.deactivate(
        account=account,
        by=person(request),
        new_owner=chosen.get("owner"),
        new_curator=chosen.get("curator"),
        is_removed_as_hiring_manager=chosen.get("remove_as_hiring_manager", False),
        note=chosen["note"],
    )
    return reverse("person", args=[account.pk])
