"""Whether a text says where people apply: at an address, by phone, by mail, or in person.

It only looks for signs of each. A way that it doesn't know costs an issue that can be ignored.
"""

from __future__ import annotations

import re

from roles import apply_address

# A day such as 2026-05-03 is no number to call.
_PHONE = re.compile(
    r"\+\d[\d ().-]{6,}\d|(?<!\d)(?:\(\d{3}\) ?|\d{3}[ .-])?\d{3}[ .-]\d{4}(?!\d)"
    r"|(?<!\d)0\d{2,4}[ /-]\d[\d -]{4,}\d|\bext(?:ension|\.)? ?\d",
    re.IGNORECASE,
)
_STREET = re.compile(
    r"\bP\.? ?O\.? Box \d|\b\d+ (?:[A-Z][\w.]* ){1,3}"
    r"(?:Street|St|Avenue|Ave|Road|Rd|Drive|Dr|Boulevard|Blvd|Lane|Ln|Way|Highway|Hwy)\b"
)
_GOING = (
    r"\b(?:appl(?:y|ications?)|ask|bring|call|come|deliver|drop|hand|inquire|mail|pick up|return"
    r"|send|stop|submit|visit|walk|bewerb\w*|postul\w*|candidat\w*|solicit\w*|envi[aeo]\w*)\b"
)
_PLACE = r"(?:desk|counter|reception|lobby|offices?|stores?|shops?|branch(?:es)?|locations?)"
_ON_SITE = re.compile(
    rf"{_GOING}[^.!?\n]{{0,80}}\b(?:in person|by (?:mail|post|fax)|on site|at the door"
    rf"|(?:(?:at|by|in|to) )?(?:the|our|your|any|one|an?) (?:[\w’'-]+ ){{0,3}}{_PLACE}"
    r"|persönlich|per post|en personne|par (?:courrier|la poste)|en persona|por correo)\b"
    r"|\bwalk-ins?\b",
    re.IGNORECASE,
)


def has_address(text: str) -> bool:
    """Returns whether a text has a link or an email address."""
    words = (word.strip(".,;:()<>[]“”\"'") for word in text.split() if "." in word)
    return any(apply_address.url(apply_address.tidy(word)) for word in words)


def says_where(text: str) -> bool:
    """Returns whether a text about applying says where to."""
    others = (_PHONE, _STREET, _ON_SITE)
    return has_address(text) or any(pattern.search(text) for pattern in others)
