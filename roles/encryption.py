"""Encryption of short secrets that the database stores: keys of authenticator apps, and links in
email that waits to be sent. A copy of the database is of no use without SECRET_KEY."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet


class CannotDecrypt(Exception):  # noqa: N818  # an outcome: SECRET_KEY was changed
    """The text was encrypted with another SECRET_KEY, or is damaged."""


def encrypt(text: str) -> str:
    """Returns the text, encrypted and authenticated with a key derived from SECRET_KEY (Fernet:
    AES-128-CBC with HMAC-SHA256), in ASCII."""
    return _fernet().encrypt(text.encode()).decode()


def decrypt(encrypted: str) -> str:
    """Returns the text that `encrypt` got. Raises CannotDecrypt."""
    from cryptography.fernet import InvalidToken

    try:
        return _fernet().decrypt(encrypted.encode()).decode()
    except (InvalidToken, ValueError) as error:
        raise CannotDecrypt from error


def _fernet() -> MultiFernet:  # imported here, because it takes a tenth of a second
    from cryptography.fernet import Fernet, MultiFernet

    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    digest = hashlib.sha256(b"roles.encryption:" + key.encode()).digest()
    return base64.urlsafe_b64encode(digest)
