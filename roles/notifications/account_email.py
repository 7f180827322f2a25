"""Email about an account: password reset, a new address, invitation. It is sent in the background,
so that the time of an answer doesn't tell whether an account exists."""

from __future__ import annotations

import json
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from roles import encryption, mail
from roles.models import Organization

# Subject by the name of the template in templates/email/.
SUBJECTS: dict[str, str | Promise] = {
    "password_reset": _("Reset your password"),
    "confirm_email": _("Confirm your email address"),
    "invitation": _("You’re invited to JD Builder"),
}


def sealed(address: str, template: str, **context: Any) -> str:
    """Returns an email as one encrypted text, for the queue: it has a link that grants access."""
    return encryption.encrypt(json.dumps([address, template, context]))


def send(text: str) -> bool:
    """Sends an email that `sealed` returned. Returns whether it was sent. Raises
    encryption.CannotDecrypt."""
    address, template, context = json.loads(encryption.decrypt(text))
    context |= {"organization": str(Organization.objects.the())}
    return mail.post(address, str(SUBJECTS[template]), f"email/{template}", context)
