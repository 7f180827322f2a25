"""Where people apply: the address of a web page, or an email address."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.utils.translation import gettext as _

from roles import limits

_HOST = re.compile(r"[\w-]+(\.[\w-]+)+([:/?#].*)?")  # a web address typed without its scheme
_IS_URL = URLValidator(schemes=["http", "https"])
_IS_EMAIL = EmailValidator()


def tidy(typed: str) -> str:
    """Returns the address as it is stored: without `mailto:`, and a web address with its scheme."""
    text = typed.strip()
    if text.lower().startswith("mailto:"):
        return text[len("mailto:") :]
    return f"https://{text}" if "@" not in text and _HOST.fullmatch(text) else text


def validate(address: str) -> None:
    """Raises ValidationError for anything but an http or https URL, or an email address."""
    if len(address) > limits.APPLY_LIMIT:
        words = _("Use at most %d characters. Shorten the link.")
        raise ValidationError(words % limits.APPLY_LIMIT)
    check = _IS_URL if is_link(address) else _IS_EMAIL
    try:
        check(address)
    except ValidationError:
        raise ValidationError(
            _("Enter a link such as https://example.org/jobs, or an email address.")
        ) from None


def is_link(address: str) -> bool:
    """Returns whether it is a web address rather than an email address."""
    return "://" in address or "@" not in address


def url(address: str) -> str:
    """Returns the URL that a link to it needs, or "" for an address that isn't valid, which old
    and imported documents can have."""
    try:
        validate(address)
    except ValidationError:
        return ""
    return address if is_link(address) else f"mailto:{address}"
