"""A document as PDF: tagged, PDF/UA-1, the same bytes for the same document.

It uses the template and the style sheet of the preview. Nothing is loaded from the network: the
style sheet is read here, fonts come from fontconfig, the logo from the edition.
"""

from __future__ import annotations

import atexit
import logging
import re
import threading
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.utils.html import escape
from django.utils.translation import gettext, override

from roles import font_coverage, fonts
from roles.document import Document
from roles.editions import Edition
from roles.exporters import color, html, logo_formats, render_fingerprint
from roles.exporters.printing import archiving, page_tree, print_limits, tagging

logging.getLogger("weasyprint").setLevel(logging.ERROR)  # missing glyphs are handled here
_NO_GLYPH = "■"
_LOGO = "jdbuilder:logo"
_DRAFT = "jdbuilder:draft"
_BEFORE_BOX = re.compile(r"(?<=\S )(?=<(?:mark|span|b|bdi|a|strong|em)[ >])")
_ANSWERED = re.compile(r'<span class="jd-answered"[^>]*>([^<]*)</span>')
_ACCENT = re.compile(r"var\(--jd-accent, #[0-9a-f]{6}\)")
_SCREEN = re.compile(r"^@media screen \{.*?^\}\n", re.DOTALL | re.MULTILINE)
_SHEETS = 16  # parsed style sheets that a thread keeps: by color, paper, language, draft or version
# Variants of a PDF: one that readers of screens can read all of, and one with black squares.
_PRINTS, _ARCHIVES = ("pdf/ua-1", ""), ("pdf/a-3a", "pdf/a-3u")
_PADDING_LIMIT = 8  # attempts to print an archive without a doubtful end
PAPERS = {"A4": "A4", "Letter": "letter"}

# The part of WeasyPrint's own style sheet that we need; the whole takes 10% more time.
_BASE_STYLE = """
head, meta, title { display: none }
html, body, article, section, div, h1, h2, h3, h4, p, ol, ul { display: block }
li { display: list-item }
ol, ul { counter-reset: list-item }
table { display: table }
caption { display: table-caption }
thead { display: table-header-group }
tbody { display: table-row-group }
tr { display: table-row }
td, th { display: table-cell }
br::before { content: "\\A"; white-space: pre-line }
::marker { white-space: pre }
[dir=rtl] { direction: rtl }
"""
_WATERMARK = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 297">
<text x="0" y="0" transform="translate(112 156) rotate(-54)" text-anchor="middle"
 font-family="{family}" font-size="56" font-weight="600" fill="{color}">{word}</text>
</svg>"""


def render(document: Document, edition: Edition) -> bytes:
    """Returns the document as a PDF/UA-1 file, watermarked if the edition is a draft.

    The document must be within `roles.limits`. An invalid logo is left out. Works in any thread;
    the first call in a thread takes longer.
    """

    def page(logo_url: str) -> str:
        return html.page_html(document, edition, logo_url=logo_url)

    return printed(page, document.language, edition)


def warm_up() -> None:
    """Loads the fonts and the style sheet of drafts, so that the first page takes no longer."""
    render(Document("Job description"), Edition(""))


def printed(
    page: Callable[[str], str], language: str, edition: Edition, *, data: bytes = b""
) -> bytes:
    """Returns a page as PDF with the edition's paper, color, and watermark; as PDF/A-3 if `data` is
    attached. The function `page` gets the address of the logo ("" without a valid one). Characters
    without a glyph in any installed font are printed as black squares, and the file doesn't declare
    that it is accessible."""
    engine = _engine()
    logo_type = logo_formats.content_type(edition.logo)
    resources = {_DRAFT: ("image/svg+xml", _watermark(language))}
    if logo_type and edition.logo:
        resources[_LOGO] = (logo_type, edition.logo)
    made = _joined(print_limits.limited(_unmarked(page(_LOGO if _LOGO in resources else ""))))
    accent = color.readable(edition.brand.color)  # as /brand.css does for the preview
    style = _style(language, edition, accent)

    def write(text: str, variant: str, padding: int = 0) -> tuple[bytes, set[int]]:
        attached = [archiving.attachment(data, edition.day)] if data else []  # read only once
        content, missing = engine.write(text, variant, style, accent, resources, attached, padding)
        if data and padding < _PADDING_LIMIT and archiving.has_doubtful_end(content):
            return write(text, variant, padding + 1)
        return content, missing

    accessible, other = _ARCHIVES if data else _PRINTS
    # What fontconfig knows needs no first print to be found.
    squares = dict.fromkeys(map(ord, font_coverage.missing_characters([made])), _NO_GLYPH)
    content, missing = write(made.translate(squares), other if squares else accessible)
    if missing:
        squares |= dict.fromkeys(missing, _NO_GLYPH)
        content, _missing = write(made.translate(squares), other)
    return content


def _unmarked(page: str) -> str:
    """Returns the page without marks of filled-in values, which only the screen shows. At an inline
    box, WeasyPrint can break a line too early."""
    return _ANSWERED.sub(r"\1", page)


def _joined(page: str) -> str:
    """Returns the page with a zero-width space after each space before an inline box. Where the
    line breaks there, WeasyPrint otherwise breaks it after its first word."""
    return _BEFORE_BOX.sub("\N{ZERO WIDTH SPACE}", page)


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Returns a hash that changes when the same document would print differently: of libraries,
    fonts, templates, style sheets, and code."""
    return render_fingerprint.fingerprint(
        libraries=("weasyprint", "pydyf"),
        files=(*sorted(render_fingerprint.TEMPLATES.glob("*.html")), render_fingerprint.STYLE),
        more=fonts.fingerprint(),
    )


class _Engine:
    """WeasyPrint's font configuration and parsed style sheets, for one thread.

    Never share a font configuration between threads: GLib's lists break.
    """

    def __init__(self) -> None:
        fonts.ensure_prepared()
        from weasyprint.text.fonts import FontConfiguration

        self.font_config = FontConfiguration()
        self.base = self._css(_BASE_STYLE)
        self.sheets: dict[str, Any] = {}

    def write(
        self,
        page: str,
        variant: str,
        style: str,
        accent: str,
        resources: dict[str, tuple[str, bytes]],
        attached: list[Any],
        padding: int,
    ) -> tuple[bytes, set[int]]:
        """Returns the page as PDF, and the characters without a glyph in any font. `resources` maps
        each allowed address to type and bytes; `attached` are the attachments (PDF/A-3), for
        `padding` see archiving.finish."""
        missing: set[int] = set()

        def finish(document: Any, pdf: Any) -> None:
            missing.update(*(font.missing for font in document.fonts.values()))
            tagging.finish(document, pdf, accent=accent)
            if attached:
                is_accessible = variant == _ARCHIVES[0]
                archiving.finish(pdf, padding, is_accessible=is_accessible)

        content: bytes = self._html(page, resources).write_pdf(
            stylesheets=[self._sheet(style)],
            font_config=self.font_config,
            pdf_variant=variant or None,
            pdf_tags=True,
            attachments=attached or None,
            presentational_hints=True,  # start numbers of continued lists: <ol start>
            finisher=finish,
        )
        return content, missing

    def _html(self, page: str, resources: dict[str, tuple[str, bytes]]) -> Any:
        from cssselect2 import ElementWrapper
        from weasyprint import HTML

        base = self.base

        class Html(HTML):  # type: ignore[misc]  # WeasyPrint has no types
            def __init__(self) -> None:
                """Takes the parsed tree; the base class would parse a text."""
                root = ElementWrapper.from_html_root(page_tree.parse(page))
                self.wrapper_element, self.etree_element = root, root.etree_element
                self.base_url, self.media_type = None, "print"
                self.url_fetcher = _fetcher(resources)

            def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
                return [base]

            def _ph_stylesheets(self) -> list[Any]:
                return []

        return Html()

    def _sheet(self, style: str) -> Any:
        """Returns the parsed style sheet, cached for the next page that uses it."""
        if style not in self.sheets:
            if len(self.sheets) == _SHEETS:
                self.sheets.clear()
            self.sheets[style] = self._css(style)
        return self.sheets[style]

    def _css(self, text: str) -> Any:
        from weasyprint import CSS

        return CSS(string=text, font_config=self.font_config, url_fetcher=_fetcher({}))


_threads = threading.local()
atexit.register(_threads.__dict__.clear)  # while its cleanup code still exists


def _engine() -> _Engine:
    engine: _Engine | None = getattr(_threads, "engine", None)
    if engine is None:
        engine = _threads.engine = _Engine()
    return engine


def _fetcher(resources: dict[str, tuple[str, bytes]]) -> Any:
    """Returns a fetcher that allows only these addresses."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Fetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
        _fail_on_errors = False

        def __init__(self) -> None:
            """Without the base class, which would open handlers for http, ftp, and file."""

        def fetch(self, url: str, headers: object = None) -> Any:
            if url not in resources:
                raise ValueError("a print fetches nothing")
            kind, body = resources[url]
            return URLFetcherResponse(url, body, {"Content-Type": kind})

        def open(self, url: Any, data: object = None, timeout: object = None) -> Any:
            return self.fetch(getattr(url, "full_url", url))

    return Fetcher()


@lru_cache(maxsize=1)
def _rules() -> str:
    """Returns the style sheet without the rules for screens."""
    return _SCREEN.sub("", render_fingerprint.STYLE.read_text(encoding="utf-8"))


def _style(language: str, edition: Edition, accent: str) -> str:
    """Returns the style sheet of a PDF: the document's with the brand color, and the rules that
    depend on the edition."""
    paper = PAPERS.get(edition.brand.paper, "A4")
    # Repeated, it is a pattern, which is no text; larger than the page, only one is on it.
    mark = f"background: url({_DRAFT}) repeat center / 102% 102%;"
    draft = mark if edition.is_watermarked else ""
    return (
        f"{_ACCENT.sub(accent, _rules())}\nbody {{ margin: 0 }}\n"
        f"@page {{ size: {paper}; {draft}"
        f" @bottom-right {{ content: {page_of_pages(language)} }} }}"
    )


def page_of_pages(language: str) -> str:
    """Returns `Page 1 of 2` as a value of the CSS property `content`."""
    with override(language):
        words = gettext("Page {page} of {pages}")
    counters = {"{page}": "counter(page)", "{pages}": "counter(pages)"}
    parts = re.split(r"(\{pages?\})", words)
    return " ".join(counters.get(part) or css_string(part) for part in parts if part)


def css_string(text: str) -> str:
    """Returns the text as a CSS string that can't end a style element."""
    return '"' + "".join(f"\\{ord(c):x} " if c in '"\\\n<' else c for c in text) + '"'


def _watermark(language: str) -> bytes:
    with override(language):
        word = gettext("DRAFT")
    return _WATERMARK.format(family=fonts.FAMILY, color=color.WATERMARK, word=escape(word)).encode()
