"""A document as an editable Word file with styles, lists, tables, properties, header, and footer.
The same document gives the same bytes, and the text is the same as in the PDF.

The package is written part by part: `flow` provides the paragraphs, `body` and `runs` write them,
`styles` and `theme` define their look. (python-docx isn't used for writing: its package violates
the schema, has 440 kB of styles, and differs with every save. Tests read the files with it.)
"""

from __future__ import annotations

import re
from functools import lru_cache
from io import BytesIO
from xml.sax.saxutils import quoteattr

from django.utils.translation import gettext, override

from roles.document import Document
from roles.editions import Edition
from roles.exporters import color, flow, footer, localized, logo_formats, render_fingerprint
from roles.exporters.docx import body, package, runs, styles, theme, watermark

_PAPERS = {"A4": (11906, 16838), "Letter": (12240, 15840)}  # twentieths of a point
_MARGIN = 1134
_EMU = 12_700  # drawing units in a point
_POINTS_PER_PIXEL = 0.75  # at 96 pixels an inch
_LOGO_POINTS = (180, 42)  # maximum width and height of a logo
_LOGO_PIXELS = (750, 175)
_FIELDS = {"{page}": "PAGE", "{pages}": "NUMPAGES"}
_DRAWING = (
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
_PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/picture"


def render(document: Document, edition: Edition) -> bytes:
    """Returns the document as a .docx. An SVG logo is replaced by the organization's name."""
    with override(document.language):
        return write(flow.of(document, edition), document, edition)


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Returns a hash that changes when the same document would give a different file."""
    return render_fingerprint.fingerprint(libraries=("pillow",))


def write(
    blocks: list[flow.Block],
    document: Document,
    edition: Edition,
    *,
    title: str = "",
    foot: str = "",
) -> bytes:
    """Returns these blocks as a .docx with the header, footer, and properties of the edition.
    `title` and `foot` override those. Tracked changes are attributed to the organization on the
    edition's date. The caller activates the document's language."""
    size = _PAPERS.get(edition.brand.paper, _PAPERS["A4"])
    width = size[0] - 2 * _MARGIN
    accent = color.readable(edition.brand.color)[1:].upper()
    direction = localized.direction(document.language)
    moment = f"{edition.day.isoformat()}T00:00:00Z" if edition.day else "1980-01-01T00:00:00Z"
    changes = runs.RunChanges(edition.brand.name or "JD Builder", moment)
    main = body.Body(direction, width, accent, changes)
    picture = _picture(edition)
    written = _head(edition, direction, picture) + main.blocks(blocks)
    title = title or document.filled().title or edition.reference
    parts: dict[str, str | bytes] = {
        "docProps/core.xml": theme.core_properties(title, document, edition),
        "docProps/app.xml": theme.app_properties(edition),
        "word/document.xml": _document(written + _page(size, direction)),
        "word/styles.xml": styles.styles(accent, document.language, width),
        "word/numbering.xml": styles.numbering(accent, len(main.series)),
        "word/settings.xml": theme.settings(document.language),
        "word/fontTable.xml": theme.fonts(),
        "word/theme/theme1.xml": theme.theme(accent),
        "word/header1.xml": _header(edition),
        "word/header2.xml": _first_header(edition),
        "word/footer1.xml": _footer(foot or footer.edition_line(edition)),
    }
    if picture:
        parts["word/media/logo.png"] = picture
    if main.notes:
        parts["word/comments.xml"] = main.comments()
    return package.write(parts, links=main.links.ids)


def _document(body: str) -> str:
    return f"<w:document {theme.NAMESPACE} {_DRAWING}><w:body>{body}</w:body></w:document>"


def _page(size: tuple[int, int], direction: str) -> str:
    """Returns the section properties: paper, margins, header, and footer."""
    return (
        "<w:sectPr>"
        f'<w:headerReference w:type="default" r:id="{package.HEADER}"/>'
        f'<w:headerReference w:type="first" r:id="{package.FIRST_HEADER}"/>'
        f'<w:footerReference w:type="default" r:id="{package.FOOTER}"/>'
        f'<w:footerReference w:type="first" r:id="{package.FOOTER}"/>'
        f'<w:pgSz w:w="{size[0]}" w:h="{size[1]}"/>'
        f'<w:pgMar w:top="1191" w:right="{_MARGIN}" w:bottom="1247" w:left="{_MARGIN}"'
        ' w:header="567" w:footer="567" w:gutter="0"/><w:titlePg/>'
        + ("<w:bidi/>" if direction == "rtl" else "")
        + "</w:sectPr>"
    )


# --- head, header and footer


def _head(edition: Edition, direction: str, picture: bytes | None) -> str:
    """Returns the logo or the organization's name above the title."""
    name = edition.brand.name
    if picture:
        return _paragraph("Organization", _drawing(picture, edition), direction)
    return _paragraph("Organization", _words(name, direction), direction) if name else ""


def _header(edition: Edition) -> str:
    """Returns the header from page 2 on: organization, DRAFT (for drafts), and reference."""
    draft = _draft(edition)
    end = " · ".join(part for part in (draft, edition.reference) if part)
    return _margin("hdr", "Header", edition.brand.name, end, mark=draft, number=1)


def _first_header(edition: Edition) -> str:
    draft = _draft(edition)
    return _margin("hdr", "Header", "", draft, mark=draft, number=2)


def _footer(line: str) -> str:
    return _margin("ftr", "Footer", line, gettext("Page {page} of {pages}"))


def _margin(tag: str, style: str, start: str, end: str, *, mark: str = "", number: int = 0) -> str:
    """Returns a header or footer with text at both ends of a line, in its own writing direction.
    The watermark is part of the header."""
    direction = runs.direction(start + end, "ltr")
    inner = f"{_words(start, direction)}<w:r><w:tab/></w:r>{_words(end, direction)}"
    if mark:
        inner += watermark.run(mark, number)
    paragraph = _paragraph(style, inner, direction)
    namespaces = f"{theme.NAMESPACE} {watermark.NAMESPACES}"
    return f"<w:{tag} {namespaces}>{paragraph}</w:{tag}>"


def _draft(edition: Edition) -> str:
    return gettext("DRAFT") if edition.is_watermarked else ""


def _words(text: str, direction: str) -> str:
    """Returns the text with {page} and {pages} as fields that Word updates."""
    found = ""
    for part in re.split(r"(\{pages?\})", text):
        if part in _FIELDS:
            number = runs.plain("1", direction)
            found += f'<w:fldSimple w:instr=" {_FIELDS[part]} ">{number}</w:fldSimple>'
        else:
            found += runs.plain(part, direction)
    return found


def _paragraph(style: str, inner: str, direction: str) -> str:
    bidi = "<w:bidi/>" if direction == "rtl" else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{bidi}</w:pPr>{inner}</w:p>'


# --- logo


def _picture(edition: Edition) -> bytes | None:
    """Returns the logo as a PNG of the size in which it's shown, or None."""
    kind = logo_formats.content_type(edition.logo)
    if not edition.logo or kind in (None, "image/svg+xml"):
        return None
    from PIL import Image

    with Image.open(BytesIO(edition.logo)) as opened:
        image = opened.convert(
            "RGBA" if "A" in opened.getbands() or "transparency" in opened.info else "RGB"
        )
    image.thumbnail(_LOGO_PIXELS)
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def _drawing(picture: bytes, edition: Edition) -> str:
    """Returns the picture in its line, at its own size or the maximum."""
    from PIL import Image

    with Image.open(BytesIO(picture)) as image:
        width, height = image.size
    scale = min(_LOGO_POINTS[0] / width, _LOGO_POINTS[1] / height, _POINTS_PER_PIXEL)
    size = f'cx="{int(width * scale * _EMU)}" cy="{int(height * scale * _EMU)}"'
    words = quoteattr(edition.brand.name or gettext("Logo"))
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
        f'<wp:docPr id="1" name="Logo" descr={words}/><a:graphic><a:graphicData uri="{_PICTURE}">'
        f'<pic:pic><pic:nvPicPr><pic:cNvPr id="1" name="Logo" descr={words}/><pic:cNvPicPr/>'
        f'</pic:nvPicPr><pic:blipFill><a:blip r:embed="{package.LOGO}"/><a:stretch>'
        '<a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>'
        f'<a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
