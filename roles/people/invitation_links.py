"""The signed link of an invitation (signed_links)."""

from __future__ import annotations

from django.urls import reverse

from roles import signed_links
from roles.models import Invitation

SALT = "roles.people.invitation_links"


def token(invitation: Invitation) -> str:
    """Returns the last part of the link; empty if it was revoked."""
    return signed_links.token(SALT, invitation.key, invitation.pk)


def path(invitation: Invitation) -> str:
    """Returns the path of the link."""
    return reverse("invitation", args=[token(invitation)])


def invitation_by_token(token: str) -> Invitation | None:
    """Returns the invitation whose link ends in this token, or None if the link isn't valid."""
    row_id = signed_links.row_id(token)
    pending = Invitation.objects.pending().select_related("user")
    found = None if row_id is None else pending.filter(pk=row_id).first()
    if found is None or found.has_expired:
        return None
    return found if signed_links.is_signed(token, SALT, found.key) else None
