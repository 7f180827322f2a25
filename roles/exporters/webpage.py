"""A document as a web page in one file. It opens anywhere, prints like the PDF, and has no scripts
or external resources.

Fonts aren't embedded: they would increase the file from 40 to 600 KB. Ours is named first, for
machines that have it, followed by system fonts.
"""

from __future__ import annotations

import base64
import re
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, override

from roles.document import Document
from roles.editions import Edition
from roles.exporters import color, footer, html, localized, logo_formats, pdf, render_fingerprint

_STYLE = render_fingerprint.ROOT / "static" / "css" / "webpage.css"
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s+")


def render(document: Document, edition: Edition) -> bytes:
    """Returns the document as an HTML file in UTF-8. An invalid logo is left out."""
    article = html.document_html(document, edition, logo_url=_logo_url(edition))
    with override(document.language):
        context = {
            "article": mark_safe(article),  # noqa: S308  # the exporter escapes
            "direction": localized.direction(document.language),
            "edition": edition,
            "edition_line": footer.edition_line(edition),
            "language": document.language,
            "style": _style(document, edition),
            "title": document.filled().title or edition.reference,
            "watermark": gettext("DRAFT") if edition.is_watermarked else "",
        }
        return render_to_string("document/webpage.html", context).encode()


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Returns a hash that changes when the same document would look different."""
    templates = sorted(render_fingerprint.TEMPLATES.glob("*.html"))
    return render_fingerprint.fingerprint(
        libraries=("django",), files=(*templates, render_fingerprint.STYLE, _STYLE)
    )


def _logo_url(edition: Edition) -> str:
    """Returns the logo as a data URL, or ""."""
    kind = logo_formats.content_type(edition.logo)
    if not kind or not edition.logo:
        return ""
    return f"data:{kind};base64,{base64.b64encode(edition.logo).decode()}"


def _style(document: Document, edition: Edition) -> SafeString:
    """Returns the style sheets of document and page, and the rules that depend on the edition.
    Texts are escaped so that they can't end the style element."""
    accent = color.readable(edition.brand.color)
    paper = pdf.PAPERS.get(edition.brand.paper, "A4")
    title = document.filled().title or edition.reference
    boxes = {
        "top-left": pdf.css_string(edition.brand.name),
        "top-right": pdf.css_string(title),
        "bottom-left": pdf.css_string(footer.edition_line(edition)),
        "bottom-right": pdf.page_of_pages(document.language),
    }
    margins = "".join(f"@{box}{{content:{content}}}" for box, content in boxes.items())
    # Browsers don't support the PDF's page margins with title and edition.
    own = f".jd{{--jd-accent:{accent}}}@page{{size:{paper};{margins}}}"
    first = "@page :first{@top-left{content:none}@top-right{content:none}}"
    return SafeString(_sheets() + own + first)


@lru_cache(maxsize=1)
def _sheets() -> str:
    """Returns the style sheets without comments and white space."""
    both = render_fingerprint.STYLE.read_text(encoding="utf-8") + _STYLE.read_text(encoding="utf-8")
    return _SPACE.sub(" ", _COMMENT.sub("", both))
