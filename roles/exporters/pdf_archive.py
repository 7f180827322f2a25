"""A document as PDF/A-3 with its data attached, for archiving and for importing without loss. It's
tagged like the other PDF and conforms to PDF/UA-1, too."""

from __future__ import annotations

from functools import lru_cache

from roles.document import Document
from roles.editions import Edition
from roles.exporters import document_json, html, pdf


def render(document: Document, edition: Edition) -> bytes:
    """Returns the document as a PDF/A-3a file with its `document_json` attached."""

    def page(logo_url: str) -> str:
        return html.page_html(document, edition, logo_url=logo_url)

    data = document_json.render(document, edition)
    return pdf.printed(page, document.language, edition, data=data)


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Returns a hash that changes when the same document would give a different file."""
    return pdf.fingerprint()
