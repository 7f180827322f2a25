"""The first page of a document's PDF as a thumbnail."""

from __future__ import annotations

import hashlib
import io
import threading
from importlib.metadata import version

from roles.document import Document
from roles.editions import Brand, Edition
from roles.exporters import pdf

WIDTH = 480  # pixels; shown at half the size, to be sharp on high-density screens
CONTENT_TYPE = "image/png"
_SHAPES = {"A4": 297 / 210, "Letter": 11 / 8.5}  # ratio of paper height to width
_COLORS = 256  # of the picture: enough for text and one accent color

# PDFium isn't thread-safe.
_pdfium = threading.Lock()


def render(document: Document, edition: Edition) -> bytes:
    """Returns page one as a PNG of `size(edition.brand)`."""
    printed = pdf.render(document, edition)
    wide, high = size(edition.brand)
    with _pdfium:
        import pypdfium2

        with pypdfium2.PdfDocument(printed) as opened:
            page = opened[0]
            image = page.render(scale=wide / page.get_width()).to_pil().resize((wide, high))
    file = io.BytesIO()
    image.quantize(_COLORS).save(file, "PNG", optimize=True)
    return file.getvalue()


def size(brand: Brand) -> tuple[int, int]:
    """Returns the width and height of the picture in pixels, before it is drawn."""
    return WIDTH, round(WIDTH * _SHAPES.get(brand.paper, _SHAPES["A4"]))


def fingerprint() -> str:
    """Returns a hash that changes when the same document would give a different picture."""
    parts = (pdf.fingerprint(), version("pypdfium2"), version("pillow"), str(WIDTH))
    return hashlib.sha256(";".join(parts).encode()).hexdigest()
