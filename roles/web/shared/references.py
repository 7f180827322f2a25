"""The references of job descriptions in addresses and forms, such as ACC-0001."""

from __future__ import annotations

import re
from collections.abc import Iterable

from roles import limits


def valid(texts: Iterable[str]) -> list[str]:
    """Returns the texts that have the form of a reference, each once, in order."""
    return [text for text in dict.fromkeys(texts) if re.fullmatch(limits.REFERENCE_PATTERN, text)]
