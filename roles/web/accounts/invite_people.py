"""Inviting people: a list, a preview of what each row will do, and sending."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from roles import people, permissions
from roles.people import invitation_plans, invitations
from roles.people.account_access import Access
from roles.people.invitation_plans import PlannedRow
from roles.web.accounts import invitation_email
from roles.web.accounts.invite_forms import InviteForm
from roles.web.accounts.people_forms import ADMINISTRATOR
from roles.web.shared.access import confirms_identity, person, requires
from roles.web.shared.idempotency import run_once


@require_http_methods(["GET", "HEAD", "POST"])
@requires("people.manage")
@confirms_identity
def invite(request: HttpRequest) -> HttpResponseBase:
    """Preview a list of people. Send what is right, and keep what is wrong beside its reason."""
    if request.method != "POST":
        return _page(request, InviteForm())
    form = InviteForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    planned = invitation_plans.plan(form.read_list.rows, form.default_access)
    is_to_send = request.POST.get("action") == "send"
    if is_to_send and form.is_previewed() and any(not one.problems for one in planned):
        return _send(request, form, planned)
    return _page(request, form, planned, is_changed=is_to_send)


def _send(request: HttpRequest, form: InviteForm, planned: list[PlannedRow]) -> HttpResponse:
    unsent = [one.row for one in planned if one.problems]

    def send() -> str:
        for one in planned:
            if one.problems:
                continue
            try:
                invitation = invitations.invite(invitee=one.invitee, by=person(request))
            except people.AccountChangeRefused:  # since the plan was made
                unsent.append(one.row)
            else:
                invitation_email.send(request, invitation)
        return f"{reverse('people')}?state=invited"

    address = run_once(request, send)
    count = len(planned) - len(unsent)
    words = ngettext("%d invitation sent.", "%d invitations sent.", count)
    messages.success(request, words % count)
    if not unsent:
        return redirect(address)
    form.keep(unsent)
    left = invitation_plans.plan(form.read_list.rows, form.default_access)
    return _page(request, form, left, are_left=True)


def _page(
    request: HttpRequest,
    form: InviteForm,
    planned: list[PlannedRow] | None = None,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """Renders the form, below the preview if there is one."""
    context |= {"form": form}
    if planned:
        wrong = sum(bool(one.problems) for one in planned)
        context |= {
            "rows": [(one, _groups(one.invitee.access)) for one in planned],
            "ready": len(planned) - wrong,
            "wrong": wrong,
            "fingerprint": form.fingerprint(),
            "unused_columns": form.read_list.unused_columns,
        }
    return render(request, "accounts/invite.html", context, status=status)


def _groups(access: Access) -> list[str]:
    labels = {**permissions.GROUPS, "admin": str(ADMINISTRATOR)}
    return [label for kind, label in labels.items() if kind in access.kinds]
