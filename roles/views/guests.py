"""Who reviews without an account: what the session remembers of a link and a code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from roles.models import Reviewer

SESSION_KEY = "guest"  # in the session: the id of the seat and the key of its link


def open_to_guests(view: Callable[..., Any]) -> Callable[..., Any]:
    """A view that somebody may use who proved to hold a seat by link and code (see
    middleware.KeepTyped); all others are asked to sign in. It must load with `get_reader`."""
    view.is_open_to_guests = True  # type: ignore[attr-defined]
    return view


def seat(request: HttpRequest) -> Reviewer | None:
    """The seat of whoever came by a link and confirmed a code, as long as the link holds."""
    known = request.session.get(SESSION_KEY)
    if request.user.is_authenticated or not isinstance(known, dict):
        return None
    found = Reviewer.objects.select_related("review__description", "review__asked_by")
    reviewer = found.filter(pk=known.get("seat") or 0, user=None, left="").first()
    if reviewer is None or not reviewer.link_key or reviewer.link_key != known.get("key"):
        return None
    return reviewer
