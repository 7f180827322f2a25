"""Signed links in email. The last part of a link has only the id of a row. The key of the row is in
the salt of the signature, so a new key makes a new link, and without a key there is none."""

from __future__ import annotations

from django.core import signing

ID_LIMIT = 12  # digits of an id


def token(salt: str, key: str, row_id: int) -> str:
    """Returns the last part of the link to a row; empty if it was revoked (no key)."""
    return _signer(salt, key).sign(str(row_id)) if key else ""


def row_id(token: str) -> int | None:
    """Returns the id in a token, which isn't checked yet; None if it has none."""
    number = token.partition(".")[0]
    is_id = number.isascii() and number.isdigit() and len(number) <= ID_LIMIT
    return int(number) if is_id else None


def is_signed(token: str, salt: str, key: str) -> bool:
    """Whether the token was made with this salt and key."""
    try:
        _signer(salt, key).unsign(token)
    except signing.BadSignature:
        return False
    return bool(key)


def _signer(salt: str, key: str) -> signing.Signer:
    return signing.Signer(salt=f"{salt}.{key}", sep=".")
