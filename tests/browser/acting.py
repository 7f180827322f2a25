"""Actions of a person in the browser, and the states to wait for."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pypdf
from playwright.sync_api import Locator, Page, expect

from roles.document import Document

STEPS = (
    ("details", "Job details"),
    ("responsibilities", "Responsibilities"),
    ("qualifications", "Skills and qualifications"),
    ("summary", "Summary"),
    ("conditions", "Conditions and people"),
    ("pay", "Pay and benefits"),
    ("closing", "How to apply and legal"),
    ("finish", "Finish"),
)


def step_url(reference: str, step: str) -> str:
    return f"/descriptions/{reference}/edit/{step}/"


def sign_in_by_form(page: Page, name: str, password: str) -> None:
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def expect_heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1, name=words, exact=True).first).to_be_visible()


def expect_saved(page: Page) -> None:
    """What was typed last is stored. (Typing itself puts the state to "Saving…" at once.)"""
    expect(page.locator("#save-state")).to_have_class(re.compile(r"\bis-saved\b"))


def expect_not_saved(page: Page) -> None:
    """The last change isn't saved, and waiting won't help."""
    expect(page.locator("#save-state")).to_have_text("Not saved")


def expect_waiting(page: Page) -> None:
    """What was typed last is sent as soon as the server is back."""
    expect(page.locator("#save-state")).to_have_text("Not saved yet. Trying again…")


def message(page: Page, kind: str = "") -> Locator:
    """The message in the live region: of a kind (good, warning, danger), or any."""
    return page.locator("#messages").locator(f".note-{kind}" if kind else ".note")


def section(page: Page, heading: str) -> Locator:
    """The card of a section in the editor."""
    return page.get_by_role("region", name=heading, exact=True)


def line(page: Page, uid: str) -> Locator:
    return page.locator(f"#line-{uid}")


def lines(card: Locator) -> Locator:
    """The lines of a section, without their sub-lines and the headings of groups."""
    return card.locator("ol.line-list > li:not(.group-head)")


def add_own_line(card: Locator, text: str) -> None:
    count = lines(card).count()
    card.get_by_label("Write your own").fill(text)
    card.locator("button[value^='line-add:']").click()
    expect(lines(card)).to_have_count(count + 1)
    expect(lines(card).last.locator(".line-text").first).to_have_value(text)


def expect_preview(page: Page, text: str) -> None:
    expect(page.locator("#preview")).to_contain_text(text)


def focused(page: Page) -> str:
    """The id of the element with focus, or its tag."""
    return str(page.evaluate("document.activeElement.id || document.activeElement.tagName"))


def look_like(page: Page, *, scheme: str, width: int | None = None) -> None:
    """Set the color scheme and the window width, and wait until the page is redrawn."""
    if width is not None:
        page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.wait_for_load_state()  # a page that a click has opened may have no body yet
    # Chromium keeps some old colors unless it redraws everything.
    page.evaluate("document.body.hidden = true; document.body.offsetHeight")
    page.evaluate("document.body.hidden = false")
    page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))")


# --- files


def download(page: Page, button: Locator) -> bytes:
    with page.expect_download() as waiting:
        button.click()
    path = waiting.value.path()
    return Path(path).read_bytes()


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
