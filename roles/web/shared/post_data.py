"""Safe access to posted data: single values, numbers, tokens, and digests of field values."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

from django.utils.datastructures import MultiValueDict

from roles import folding

Post = MultiValueDict[str, str]


def single(post: Post, name: str) -> str:
    """Returns the last value of a field, or an empty string, without NUL characters, which
    PostgreSQL rejects. For hidden fields and buttons; use a form for text that people type."""
    return str(post.get(name) or "").replace("\0", "")


def carried(post: Post) -> list[tuple[str, str]]:
    """Returns the posted fields as pairs, to submit them again, without the CSRF token and
    passwords."""
    return [
        (name, value)
        for name, values in post.lists()
        if name != "csrfmiddlewaretoken" and "password" not in name
        for value in values
    ]


def number(text: str) -> int:
    """Returns a posted number, or 0 if the text isn't one."""
    return int(text) if text.isdecimal() and len(text) < 18 else 0


def digest(values: Mapping[str, Iterable[str]]) -> str:
    """Returns a short digest of field values; displayed and submitted values give the same one."""
    plain = {
        name: sorted(folding.tidy(item, one_line=False) for item in items if item)
        for name, items in values.items()
    }
    text = json.dumps(plain, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


TOKEN_LIMIT = 2**63 - 1


def page_token(text: str) -> int:
    """Returns a posted edit token; 0, the state before the first change, if it is invalid."""
    return min(int(text), TOKEN_LIMIT) if text.isdecimal() and len(text) < 20 else 0


NUMBER_LIMIT = 10**9 - 1  # the highest number accepted in a query string
