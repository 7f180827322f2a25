"""The session of a guest: a reviewer who opened a link and entered a code."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from roles.models import Reviewer
from roles.reviews import guest_links

SESSION_KEY = "guest"  # value: reviewer id, link key, and expiry time


def open_to_guests(view: Callable[..., Any]) -> Callable[..., Any]:
    """Opens a view to guests; everyone else must sign in. The view must load its review with
    `get_reader`."""
    view.is_open_to_guests = True  # type: ignore[attr-defined]
    return view


def guest_reviewer(request: HttpRequest) -> Reviewer | None:
    """Returns the reviewer of a guest's session while the link is valid, or None. Sets
    `request.guest` for the page header."""
    known = request.session.get(SESSION_KEY)
    if request.user.is_authenticated or not isinstance(known, dict):
        return None
    if known.get("until", 0) <= time.time():
        return None
    found = guest_links.reviewer_by_key(known.get("reviewer"), known.get("key"))
    request.guest = found  # type: ignore[attr-defined]
    return found
