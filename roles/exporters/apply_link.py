"""The organization's link to apply, in documents that have none of their own."""

from __future__ import annotations

from dataclasses import replace

from roles.document import Document, Fact
from roles.editions import Edition


def with_default(document: Document, edition: Edition) -> Document:
    """Returns the document with the organization's address to apply as a fact, if it has none of
    its own and a section about applying lists it."""
    is_listed = any(s.kind == "apply" and "apply_to" in s.facts for s in document.sections)
    if not (edition.apply_to and is_listed) or document.fact("apply_to") is not None:
        return document
    return replace(document, facts=(*document.facts, Fact("apply_to", (edition.apply_to,))))


def address(document: Document, edition: Edition) -> str:
    """Returns where people apply: the document's own address, else the organization's."""
    own = document.filled().fact("apply_to")
    return own.values[0] if own is not None and own.values else edition.apply_to
