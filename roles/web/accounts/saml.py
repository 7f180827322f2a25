"""SAML 2.0: allauth's views, with what they leave open. It keeps the provider's answer until the
browser comes back with its own cookies, so its size is limited, and how many one address can send.
What isn't XML at all is refused like other answers that can't be trusted."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.socialaccount.providers.saml import views as saml_views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from roles.web.accounts.account_adapter import refuse
from roles.web.shared import rate_limits

log = logging.getLogger(__name__)

RESPONSE_LIMIT = 256 * 1024  # characters; answers have some 10,000


def _refuses_nonsense(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """Answers what python3-saml and its XML library can't read."""

    @login_not_required
    @wraps(view)
    def readable(request: HttpRequest, organization_slug: str) -> HttpResponse:
        from onelogin.saml2.errors import OneLogin_Saml2_Error

        try:
            response: HttpResponse = view(request, organization_slug=organization_slug)
        except (OneLogin_Saml2_Error, SyntaxError, ValueError, KeyError, TypeError) as error:
            log.warning("SAML message of %s: %s", organization_slug, type(error).__name__)
            refused: HttpResponse = refuse(request, "answer").response
            return refused
        return response

    return readable


sign_in_with_saml = _refuses_nonsense(saml_views.login)
finish = _refuses_nonsense(saml_views.finish_acs)
sign_out = csrf_exempt(_refuses_nonsense(saml_views.sls))
metadata = _refuses_nonsense(saml_views.metadata)


@csrf_exempt
@login_not_required
@require_POST
def receive_response(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Keep the answer of the provider, and continue with the person's own session."""
    size = sum(len(value) for value in request.POST.values())
    if size > RESPONSE_LIMIT or not rate_limits.is_allowed(request, "saml_response"):
        refused: HttpResponse = refuse(request, "answer").response
        return refused
    response: HttpResponse = saml_views.acs(request, organization_slug=organization_slug)
    return response
