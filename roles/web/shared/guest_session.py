"""What the session remembers of a reviewer who came by a link and confirmed a code."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from roles.models import Reviewer
from roles.reviews import guest_links

SESSION_KEY = "guest"  # in the session: the id of the seat, the key of its link, and until when


def open_to_guests(view: Callable[..., Any]) -> Callable[..., Any]:
    """A view that somebody may use who proved to hold a seat by link and code (see
    middleware.KeepTyped); all others are asked to sign in. It must load with `get_reader`."""
    view.is_open_to_guests = True  # type: ignore[attr-defined]
    return view


def guest_reviewer(request: HttpRequest) -> Reviewer | None:
    """The seat of whoever came by a link and confirmed a code, as long as the link holds. It
    is `request.guest` from then on, for what stands on top of a page."""
    known = request.session.get(SESSION_KEY)
    if request.user.is_authenticated or not isinstance(known, dict):
        return None
    if known.get("until", 0) <= time.time():
        return None
    found = guest_links.reviewer_by_key(known.get("reviewer"), known.get("key"))
    request.guest = found  # type: ignore[attr-defined]
    return found
