"""SAML 2.0: receiving the provider's answer. allauth keeps it until the browser comes back with
its own cookies, so its size is limited, and who can send how many."""

from __future__ import annotations

from allauth.socialaccount.providers.saml.views import acs
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from roles.web.accounts.account_adapter import refuse
from roles.web.shared import rate_limits

RESPONSE_LIMIT = 256 * 1024  # bytes; answers have some 10 KB


@csrf_exempt
@login_not_required
@require_POST
def receive_response(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Keep the answer of the provider, and continue with the person's own session."""
    size = sum(len(value) for value in request.POST.values())
    if size > RESPONSE_LIMIT or not rate_limits.is_allowed(request, "saml_response"):
        refused: HttpResponse = refuse(request, "answer").response
        return refused
    response: HttpResponse = acs(request, organization_slug=organization_slug)
    return response
