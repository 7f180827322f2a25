"""Limits of attempts, counted by django-allauth in the shared cache, across processes."""

from __future__ import annotations

from allauth.core.internal import ratelimit
from django.http import HttpRequest

# Action: attempts / time / for each IP address, or for each `key`.
LIMITS = {
    "carried_form": "30/10m/ip",
    "guest_code": "30/10m/ip,20/60m/key",
    "invitation": "30/10m/ip",
    "saml_response": "60/m/ip",
    "set_up": "10/10m/ip",
}


def is_allowed(
    request: HttpRequest, action: str, key: str = "", *, counts_get: bool = False
) -> bool:
    """Counts an attempt, a GET request only with `counts_get`. Returns False if there were too
    many."""
    rates = {action: LIMITS[action]}
    usage = ratelimit.consume(
        request, app="roles", action=action, config=rates, key=key, limit_get=counts_get
    )
    return usage is not None
