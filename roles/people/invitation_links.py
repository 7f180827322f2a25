"""The signed link of an invitation. It contains only the invitation's id; the key is in the salt of
the signature, so a new key makes a new link, and without a key there is none."""

from __future__ import annotations

from django.core import signing
from django.urls import reverse

from roles.models import Invitation

SALT = "roles.people.invitation_links"
ID_LIMIT = 12  # digits of an invitation's id


def token(invitation: Invitation) -> str:
    """Returns the last part of the link; empty if it was revoked."""
    return _signer(invitation).sign(str(invitation.pk)) if invitation.key else ""


def path(invitation: Invitation) -> str:
    """Returns the path of the link."""
    return reverse("invitation", args=[token(invitation)])


def invitation_by_token(token: str) -> Invitation | None:
    """Returns the invitation whose link ends in this token, or None if the link isn't valid."""
    number = token.partition(".")[0]
    if not (number.isascii() and number.isdigit() and len(number) <= ID_LIMIT):
        return None
    found = Invitation.objects.pending().select_related("user").filter(pk=int(number)).first()
    if found is None or found.has_expired:
        return None
    try:
        _signer(found).unsign(token)
    except signing.BadSignature:
        return None
    return found


def _signer(invitation: Invitation) -> signing.Signer:
    return signing.Signer(salt=f"{SALT}.{invitation.key}", sep=".")
