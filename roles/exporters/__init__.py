"""Exporters of documents. `FORMATS` lists the formats of a job description, `REDLINES` those of a
comparison.

An exporter takes a `Document` and an `Edition` and nothing else: no models, no database. Each is a
module of this package with two functions, imported when it is first used, so that the server starts
quickly. The tables call it in a child process with limits (`bounded_work`).

- `render(document, edition) -> bytes` returns the same bytes for the same document and edition.
- `fingerprint() -> str` returns a hash that changes when the same document would look different
  (libraries, fonts, templates). It's part of the key under which a rendered file is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from roles import bounded_work
from roles.comparison import Comparison
from roles.document import Document
from roles.editions import Edition


class CannotExport(ValueError):  # noqa: N818  # the document is at fault, not the code
    """The document can't be exported in this format. `message` is shown to the user."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class TooCostly(CannotExport):
    """Rendering would take more time, memory, or space than it's allowed to."""


def render_bounded(module: str, *arguments: Any, about: tuple[Document, Edition]) -> bytes:
    """Returns `render(*arguments)` of a module of this package, from a child process. Raises
    CannotExport, bounded_work.Busy, and TooCostly with a message that names the line of the
    document that it's about."""
    try:
        return bounded_work.run(_render, module, *arguments)
    except bounded_work.LimitExceeded:
        from roles.exporters import costly_lines

        raise TooCostly(costly_lines.message(*about, probe=_printed)) from None


def _printed(document: Document, edition: Edition) -> None:
    """Prints the document to measure how long that takes."""
    _render("pdf", document, edition)


def _render(module: str, *arguments: Any) -> bytes:
    content: bytes = import_module(f"roles.exporters.{module}").render(*arguments)
    return content


@dataclass(frozen=True, slots=True)
class Format:
    """An export format: its label in menus, the name and type of its files, and its module.

    `about` is one sentence for menus. With `needs_posting`, the edition must have an open vacancy
    (`Edition.posting`).
    """

    label: str | Promise
    extension: str
    content_type: str
    module: str
    icon: str
    about: str | Promise
    needs_posting: bool = False

    def render(self, document: Document, edition: Edition) -> bytes:
        """Returns the document as a file of this format. Raises CannotExport and
        bounded_work.Busy."""
        return render_bounded(self.module, document, edition, about=(document, edition))

    def fingerprint(self) -> str:
        """Returns a hash that changes when the same document would give a different file."""
        found: str = import_module(f"roles.exporters.{self.module}").fingerprint()
        return found


FORMATS: dict[str, Format] = {
    "pdf": Format(
        label=_("PDF"),
        extension="pdf",
        content_type="application/pdf",
        module="pdf",
        icon="file-earmark-pdf",
        about=_("For reading and printing. Tagged for screen readers."),
    ),
    "pdfa": Format(
        label=_("Archive PDF"),
        extension="archive.pdf",
        content_type="application/pdf",
        module="pdf_archive",
        icon="file-earmark-lock",
        about=_("PDF/A-3 with the data attached, for archiving and import."),
    ),
    "docx": Format(
        label=_("Word"),
        extension="docx",
        content_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        module="docx.word_document",
        icon="file-earmark-word",
        about=_("For editing in Word or LibreOffice."),
    ),
    "html": Format(
        label=_("Web page"),
        extension="html",
        content_type="text/html; charset=utf-8",
        module="webpage",
        icon="filetype-html",
        about=_("One file that opens in any browser and prints like the PDF."),
    ),
    "md": Format(
        label=_("Markdown"),
        extension="md",
        content_type="text/markdown; charset=utf-8",
        module="markdown",
        icon="filetype-md",
        about=_("Plain text with formatting marks, for wikis and repositories."),
    ),
    "txt": Format(
        label=_("Plain text"),
        extension="txt",
        content_type="text/plain; charset=utf-8",
        module="plain_text",
        icon="filetype-txt",
        about=_("Text without formatting, for email and forms."),
    ),
    "json": Format(
        label=_("Data (JSON)"),
        extension="json",
        content_type="application/json",
        module="document_json",
        icon="filetype-json",
        about=_("Everything, for importing without loss."),
    ),
    "jsonld": Format(
        label=_("Job posting (JSON-LD)"),
        extension="jsonld",
        content_type="application/ld+json",
        module="jsonld",
        icon="megaphone",
        about=_("Structured data for search engines."),
        needs_posting=True,
    ),
}


@dataclass(frozen=True, slots=True)
class Redline:
    """An export format of comparisons. Its module has `render(comparison, old, new) -> bytes`,
    with an edition for each side."""

    label: str | Promise
    extension: str
    content_type: str
    module: str
    icon: str

    def render(self, found: Comparison, old: Edition, new: Edition) -> bytes:
        """Returns the comparison as a file of this format. Raises TooCostly and
        bounded_work.Busy."""
        return render_bounded(self.module, found, old, new, about=(found.new, new))


REDLINES: dict[str, Redline] = {
    "pdf": Redline(_("PDF"), "pdf", "application/pdf", "redline", "file-earmark-pdf"),
    "docx": Redline(
        label=_("Word"),
        extension="docx",
        content_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        module="docx.tracked_changes",
        icon="file-earmark-word",
    ),
}
