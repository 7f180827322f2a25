"""The references of job descriptions in addresses and forms, such as ACC-0001."""

from __future__ import annotations

import re
from collections.abc import Iterable

PATTERN = "[A-Z]{2,6}-[0-9]{1,8}"


def valid(texts: Iterable[str]) -> list[str]:
    """Returns the texts that have the form of a reference, each once, in order."""
    return [text for text in dict.fromkeys(texts) if re.fullmatch(PATTERN, text)]
