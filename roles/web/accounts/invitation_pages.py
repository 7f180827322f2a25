"""Sending invitations again, and canceling them."""

from __future__ import annotations

import re

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from roles import people
from roles.models import Invitation, User
from roles.people import invitations
from roles.web.accounts import invitation_email
from roles.web.shared.access import confirms_identity, person, requires

ID_PATTERN = "[0-9]{1,18}"  # of an account in a form; longer ones don't fit into the database


@require_POST
@requires("people.manage")
@confirms_identity
def resend(request: HttpRequest, key: int) -> HttpResponse:
    """Send an invitation again, with a new link."""
    account = get_object_or_404(User, pk=key)
    try:
        _resend(request, account)
    except people.AccountChangeRefused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Invitation sent to %s.") % account.email)
    return redirect("person", key)


@require_POST
@requires("people.manage")
@confirms_identity
def resend_selected(request: HttpRequest) -> HttpResponse:
    """Send the invitations of the selected people again; of others, there are none to send."""
    posted = request.POST.getlist("person")
    keys = [int(key) for key in posted if re.fullmatch(ID_PATTERN, key)]
    pending = Invitation.objects.pending().filter(user__in=keys).exclude(user__email="")
    count = 0
    for invitation in pending.select_related("user"):
        try:
            _resend(request, invitation.user)
        except people.AccountChangeRefused:  # accepted at this moment
            continue
        count += 1
    if count:
        words = ngettext("%d invitation sent.", "%d invitations sent.", count)
        messages.success(request, words % count)
    else:
        messages.info(request, _("Select people whose invitation is open."))
    return redirect(f"{reverse('people')}?state=invited")


@require_http_methods(["GET", "HEAD", "POST"])
@requires("people.manage")
@confirms_identity
def cancel(request: HttpRequest, key: int) -> HttpResponse:
    """Delete an account that was invited and never used. Others can be deactivated."""
    account = get_object_or_404(User, pk=key)
    if not invitations.can_cancel(account):
        messages.info(request, _("This account is in use. You can deactivate it."))
        return redirect("person", key)
    if request.method == "POST":
        try:
            invitations.cancel(account=account, by=person(request))
        except people.AccountChangeRefused as refused:
            messages.error(request, refused.message)
            return redirect("person", key)
        messages.success(request, _("Invitation of %s canceled.") % account.email)
        return redirect("people")
    return render(request, "accounts/cancel_invitation.html", {"account": account})


def _resend(request: HttpRequest, account: User) -> None:
    with transaction.atomic():
        invitation = invitations.renew(account=account, by=person(request))
        invitation_email.send(request, invitation)
