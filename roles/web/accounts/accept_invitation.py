"""The page of an invitation's link, where a person sets up their account and signs in.

Email scanners follow links, so opening a link changes nothing. Invalid, expired, used, revoked and
replaced links all return 404 with the same page.
"""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.socialaccount.models import SocialApp
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from roles.models import Invitation, Organization, SignInPolicy
from roles.people import invitation_links, invitations
from roles.web.accounts.password_forms import AcceptInvitationForm
from roles.web.shared import rate_limits
from roles.web.shared.discretion import discreet
from roles.web.shared.idempotency import form_data


@discreet
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show the form for name and password; on POST, complete the account and sign in."""
    invitation = invitation_links.invitation_by_token(token)
    if invitation is None:
        return _refuse(request)
    if request.user.is_authenticated:
        return _page(request, invitation)
    has_form = SignInPolicy.objects.the().has_password_sign_in
    form = AcceptInvitationForm(invitation.user, form_data(request)) if has_form else None
    if form is None or not form.is_valid():
        return _page(request, invitation, form)
    try:
        account = invitations.accept(invitation=invitation, **form.values())
    except invitations.InvitationClosed:
        return _refuse(request)
    messages.success(request, _("Your account is set up."))
    record_authentication(request, account, "password")
    response: HttpResponse = perform_login(
        request, Login(user=account, redirect_url=reverse("home"))
    )
    return response


def _refuse(request: HttpRequest) -> HttpResponse:
    if not rate_limits.is_allowed(request, "invitation", counts_get=True):
        return HttpResponse(render_to_string("429_attempts.html"), status=429)
    return render(request, "accounts/invitation_invalid.html", status=404)


def _page(
    request: HttpRequest, invitation: Invitation, form: AcceptInvitationForm | None = None
) -> HttpResponse:
    providers = [app.get_provider(request) for app in SocialApp.objects.order_by("name")]
    context: dict[str, Any] = {
        "form": form,
        "email": invitation.user.email,
        "organization": Organization.objects.the().name,
        "providers": [(one.name, one.get_login_url(request)) for one in providers],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/invitation.html", context, status=status)
