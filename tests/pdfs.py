"""What a reader finds in a PDF."""

from __future__ import annotations

import io
import re
from typing import Any

import pypdf

from roles.document import Document


def read_pdf(data: bytes) -> pypdf.PdfReader:
    assert data.startswith(b"%PDF-")
    return pypdf.PdfReader(io.BytesIO(data))


def page_texts(pdf: pypdf.PdfReader) -> list[str]:
    """Returns the text of each page on one line, without zero-width spaces."""
    texts = (page.extract_text() for page in pdf.pages)
    return [re.sub(r"\s+", " ", text.replace("\u200b", "")).strip() for text in texts]


def body_text(pdf: pypdf.PdfReader, reference: str) -> str:
    """Returns the text of all pages without headers and footers. pypdf puts these at the end of
    each page: list markers, the running header (from the second page on), and the footer."""
    title = str(pdf.metadata.title) if pdf.metadata else ""
    author = str(pdf.metadata.author or "") if pdf.metadata else ""
    parts = []
    for number, text in enumerate(page_texts(pdf)):
        body, footer, _rest = text.rpartition(f"{reference} · ")
        assert footer, f"page {number + 1} has no footer: …{text[-200:]}"
        if number:
            body = body.strip().removesuffix(title).strip().removesuffix(author)
        parts.append(re.sub(r"(?:\s*(?:•|◦|–|\d+\.))+\s*$", "", body))
    return " ".join(parts)


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b]+", "", text)


def texts_of(document: Document) -> list[str]:
    """Returns the headings, lines, details and sub-lines of a document, in reading order."""
    filled = document.filled()
    texts = [filled.title]
    for part in filled.sections:
        texts.append(part.heading)
        for one in part.every_line():
            texts += [one.text, *([one.detail] if one.detail else [])]
    return texts


def assert_in_order(text: str, parts: list[str]) -> None:
    """Each part is in the text, after the previous one; spaces are ignored."""
    whole, position = squeezed(text), 0
    for part in parts:
        wanted = squeezed(part)
        index = whole.find(wanted, position)
        assert index >= 0, f"{part!r} is missing after {whole[max(0, position - 80) : position]!r}"
        position = index + len(wanted)


def is_tagged(pdf: pypdf.PdfReader) -> bool:
    root: Any = pdf.trailer["/Root"]
    return bool(root["/MarkInfo"]["/Marked"]) and "/StructTreeRoot" in root


def language_of(pdf: pypdf.PdfReader) -> str:
    root: Any = pdf.trailer["/Root"]
    return str(root["/Lang"])
