"""Cheap formats and an author, for tests of exports."""

from __future__ import annotations

from typing import Any

import pytest

from roles import exporters
from roles.models import User
from tests import builders


@pytest.fixture(autouse=True)
def _formats(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three cheap formats: `plain` writes the edition, the title and the headings."""

    def render(document: Any, edition: Any) -> bytes:
        headings = ",".join(section.heading for section in document.sections)
        return f"{edition.reference} {edition.number} {document.filled().title} {headings}".encode()

    plain = builders.format(render)
    other = builders.format(lambda _document, edition: f"other {edition.reference}".encode())
    posting = builders.format(lambda _document, _edition: b"posting")
    other.label, other.extension = "Other", "oth"
    posting.label, posting.needs_posting = "Posting", True
    for code, form in (("plain", plain), ("other", other), ("posting", posting)):
        monkeypatch.setitem(exporters.FORMATS, code, form)


@pytest.fixture
def author() -> User:
    return builders.user("hr")
