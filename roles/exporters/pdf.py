"""A document as PDF: tagged, PDF/UA-1, the same bytes for the same document.

The template and the style sheet are the preview's. Nothing is fetched: the style sheet is
read here, fonts come through fontconfig, the logo from the edition.
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

from roles import fonts
from roles.document import Document
from roles.editions import Edition
from roles.exporters import color, html, logo_formats, render_fingerprint
from roles.exporters.printing import archiving, page_tree, tagging

logging.getLogger("weasyprint").setLevel(logging.ERROR)  # missing glyphs are seen to here
_NO_GLYPH = "■"
_LOGO = "jdbuilder:logo"
_DRAFT = "jdbuilder:draft"
_UNIT = r"(?:&[#\w]+;|[^ \t\n<>&])"  # a character or an entity, outside tags
_LONG_WORD = re.compile(_UNIT + "{80,}")
_ANSWERED = re.compile(r'<span class="jd-answered">([^<]*)</span>')
_PIECE = re.compile(_UNIT + "{10}")
_ACCENT = re.compile(r"var\(--jd-accent, #[0-9a-f]{6}\)")
_SCREEN = re.compile(r"^@media screen \{.*?^\}\n", re.DOTALL | re.MULTILINE)
_SHEETS = 16  # looks that a thread keeps parsed: colors, papers, languages, draft or version
PAPERS = {"A4": "A4", "Letter": "letter"}

# What of WeasyPrint's own style sheet our template needs; the whole costs a tenth more time.
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
 font-family="{family}" font-size="56" font-weight="600" fill="#eff1f4">{word}</text>
</svg>"""


def render(document: Document, edition: Edition) -> bytes:
    """The document as a PDF/UA-1 file, watermarked where the edition is a draft.

    The document must be within the limits of `vocabulary`; a logo that cannot be printed is
    left out. Works in any thread; the first print of a thread takes longer.
    """

    def page(logo_url: str) -> str:
        return html.page_html(document, edition, logo_url=logo_url)

    return printed(page, document.language, edition)


def printed(
    page: Callable[[str], str], language: str, edition: Edition, *, data: bytes = b""
) -> bytes:
    """A whole page, given the address of its logo (empty without a fit one), on the edition's
    paper, in its color and with its watermark; PDF/A-3 where `data` is to be attached.
    Characters that no font of this machine has are printed as black squares."""
    engine = _engine()
    logo_type = logo_formats.content_type(edition.logo)
    resources = {_DRAFT: ("image/svg+xml", _watermark(language))}
    if logo_type and edition.logo:
        resources[_LOGO] = (logo_type, edition.logo)
    made = _breakable(_unmarked(page(_LOGO if _LOGO in resources else "")))
    accent = color.readable(edition.brand.color)  # as the preview has it, from /brand.css
    style = _style(language, edition, accent)
    attached = [archiving.attachment(data, edition.day)] if data else []
    content, missing = engine.write(made, style, accent, resources, attached)
    if missing:
        made = made.translate(dict.fromkeys(missing, _NO_GLYPH))
        attached = [archiving.attachment(data, edition.day)] if data else []
        content, _missing = engine.write(made, style, accent, resources, attached)
    return content


def _unmarked(page: str) -> str:
    """Answers as plain text: only the screen shows which words they are, and each inline box
    is a place where WeasyPrint may break a line too early."""
    return _ANSWERED.sub(r"\1", page)


def _breakable(page: str) -> str:
    """Words longer than a line get places to break: without them WeasyPrint measures the
    rest of the word again for every line (a hundred seconds where it could be six)."""
    head, end, body = page.partition("</head>")
    zero_width_space = "\N{ZERO WIDTH SPACE}"

    def cut(word: re.Match[str]) -> str:
        return _PIECE.sub(lambda piece: piece[0] + zero_width_space, word[0])

    return head + end + _LONG_WORD.sub(cut, body)


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """What changes when the same document would print differently: libraries, fonts,
    templates, style sheet, and the code that fills them."""
    return render_fingerprint.fingerprint(
        libraries=("weasyprint", "pydyf"),
        files=(*sorted(render_fingerprint.TEMPLATES.glob("*.html")), render_fingerprint.STYLE),
        more=fonts.fingerprint(),
    )


class _Engine:
    """WeasyPrint made ready: font configuration and parsed style sheet, for one thread.

    A font configuration must never be shared between threads: GLib's lists break.
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
        style: str,
        accent: str,
        resources: dict[str, tuple[str, bytes]],
        attached: list[Any],
    ) -> tuple[bytes, set[int]]:
        """The page as PDF, and the characters that no font could draw; `resources` maps each
        address it may use to type and bytes, `attached` are files that go along (PDF/A-3)."""
        missing: set[int] = set()

        def finish(document: Any, pdf: Any) -> None:
            missing.update(*(font.missing for font in document.fonts.values()))
            tagging.finish(document, pdf, accent=accent)
            if attached:
                archiving.finish(pdf)

        content: bytes = self._html(page, resources).write_pdf(
            stylesheets=[self._sheet(style)],
            font_config=self.font_config,
            pdf_variant="pdf/a-3a" if attached else "pdf/ua-1",
            attachments=attached or None,
            presentational_hints=True,  # the numbers at which lists go on: <ol start>
            finisher=finish,
        )
        return content, missing

    def _html(self, page: str, resources: dict[str, tuple[str, bytes]]) -> Any:
        from cssselect2 import ElementWrapper
        from weasyprint import HTML

        base = self.base

        class Html(HTML):  # type: ignore[misc]  # WeasyPrint has no types
            def __init__(self) -> None:
                """The base class would parse a text: here the tree is there."""
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
        """The style sheet parsed, kept for the next print of the same look."""
        if style not in self.sheets:
            if len(self.sheets) == _SHEETS:
                self.sheets.clear()
            self.sheets[style] = self._css(style)
        return self.sheets[style]

    def _css(self, text: str) -> Any:
        from weasyprint import CSS

        return CSS(string=text, font_config=self.font_config, url_fetcher=_fetcher({}))


_threads = threading.local()
atexit.register(_threads.__dict__.clear)  # while what its clean-up calls is still there


def _engine() -> _Engine:
    engine: _Engine | None = getattr(_threads, "engine", None)
    if engine is None:
        engine = _threads.engine = _Engine()
    return engine


def _fetcher(resources: dict[str, tuple[str, bytes]]) -> Any:
    """A fetcher that knows these addresses and no others."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Fetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
        _fail_on_errors = False

        def __init__(self) -> None:
            """The base class would open handlers for http, ftp and file: there are none."""

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
    """The style sheet without what is for the screen alone."""
    return _SCREEN.sub("", render_fingerprint.STYLE.read_text(encoding="utf-8"))


def _style(language: str, edition: Edition, accent: str) -> str:
    """The style sheet of a print: the document's, with the color put in, and the few rules
    that differ from print to print."""
    paper = PAPERS.get(edition.brand.paper, "A4")
    is_marked = edition.is_draft and not edition.is_template
    draft = f"background: url({_DRAFT}) repeat center / 100% 100%;" if is_marked else ""
    return (
        f"{_ACCENT.sub(accent, _rules())}\nbody {{ margin: 0 }}\n"
        f"@page {{ size: {paper}; {draft}"
        f" @bottom-right {{ content: {page_of_pages(language)} }} }}"
    )


def page_of_pages(language: str) -> str:
    """`Page 1 of 2` as a value of the CSS property `content`."""
    with override(language):
        words = gettext("Page {page} of {pages}")
    counters = {"{page}": "counter(page)", "{pages}": "counter(pages)"}
    parts = re.split(r"(\{pages?\})", words)
    return " ".join(counters.get(part) or css_string(part) for part in parts if part)


def css_string(text: str) -> str:
    """The text as a string of CSS; within a page it cannot end the style element either."""
    return '"' + "".join(f"\\{ord(c):x} " if c in '"\\\n<' else c for c in text) + '"'


def _watermark(language: str) -> bytes:
    with override(language):
        word = gettext("DRAFT")
    return _WATERMARK.format(family=fonts.FAMILY, word=escape(word)).encode()
