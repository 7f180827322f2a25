"""The email with the link of an invitation."""

from __future__ import annotations

from django.http import HttpRequest

from roles import mail, tasks
from roles.models import Invitation
from roles.models.invitation import INVITATION_DAYS
from roles.people import invitation_links
from roles.web.shared.access import person


def send(request: HttpRequest, invitation: Invitation) -> None:
    """Enqueues the email, in the transaction of the invitation."""
    site = f"{request.scheme}://{request.get_host()}"
    tasks.email_account(
        invitation.user.email,
        "invitation",
        link=mail.address(invitation_links.path(invitation), site),
        inviter=str(person(request)),
        days=INVITATION_DAYS,
    )
