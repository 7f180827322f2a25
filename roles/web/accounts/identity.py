"""Confirming one's identity with a single sign-on provider, before what is sensitive."""

from __future__ import annotations

from allauth.account.internal.flows.reauthentication import resume_request
from allauth.socialaccount.models import SocialAccount
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from roles.web.shared.access import person


@require_safe
def confirm_with_provider(request: HttpRequest, key: int) -> HttpResponse:
    """Send the person to the provider of one of their identities, and then on to `next`."""
    account = get_object_or_404(SocialAccount, pk=key, user=person(request))
    query = urlencode({"next": request.GET.get("next", "")})
    done = f"{reverse('identity_confirmed')}?{query}"
    provider = account.get_provider(request)
    return redirect(provider.get_login_url(request, process="redirect", next=done))


@require_safe
def identity_confirmed(request: HttpRequest) -> HttpResponse:
    """Continue what asked for the confirmation: the page at `next`, or a suspended form."""
    response: HttpResponse | None = resume_request(request)
    return response or redirect("home")
