"""What a posted page sends, read safely: single values, numbers, and digests of what it showed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

from django.utils.datastructures import MultiValueDict

from roles import folding

pass

Post = MultiValueDict[str, str]


def single(post: Post, name: str) -> str:
    """The last value sent under a name, or an empty text. For what pages send, not for what
    people type: NUL, which PostgreSQL refuses, is left out."""
    return str(post.get(name) or "").replace("\0", "")


def number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 18 else 0


def digest(values: Mapping[str, Iterable[str]]) -> str:
    """A short digest of shown or submitted values, the same for both."""
    plain = {
        name: sorted(folding.tidy(item, one_line=False) for item in items if item)
        for name, items in values.items()
    }
    text = json.dumps(plain, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


TOKEN_LIMIT = 2**63 - 1


def page_token(text: str) -> int:
    """A token as a page sends it; nonsense counts as a page from before the first change."""
    return min(int(text), TOKEN_LIMIT) if text.isdecimal() and len(text) < 20 else 0


NUMBER_LIMIT = 10**9 - 1  # the highest that a field of a page's address may hold
