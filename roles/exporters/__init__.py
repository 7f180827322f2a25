"""Documents going out. `FORMATS` is the table of what a job description can become.

An exporter takes a `Document` and an `Edition` and nothing else: no models, no database.
Its libraries are imported when it is first used, so that the server starts quickly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from roles.document import Document, Edition


@dataclass(frozen=True, slots=True)
class Format:
    """One way out: what menus call it, how its files are named and sent, and its maker.

    `fingerprint` gives what changes when the same document would look different (libraries,
    fonts, templates): a part of every key under which a rendered file is stored.
    """

    label: str | Promise
    extension: str
    content_type: str
    render: Callable[[Document, Edition], bytes]
    fingerprint: Callable[[], str]


def _render_pdf(document: Document, edition: Edition) -> bytes:
    from roles.exporters import pdf

    return pdf.render(document, edition)


def _fingerprint_pdf() -> str:
    from roles.exporters import pdf

    return pdf.fingerprint()


FORMATS: dict[str, Format] = {
    "pdf": Format(_("PDF"), "pdf", "application/pdf", _render_pdf, _fingerprint_pdf),
}
