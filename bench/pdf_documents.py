"""The document that PDF benchmarks render, and how other libraries do it by hand."""

from __future__ import annotations

import io
import json
from datetime import date
from functools import lru_cache
from importlib.util import find_spec
from itertools import count
from typing import Any

from roles import fonts
from roles.document import Document, DocumentLine, DocumentSection, Fact
from roles.editions import Brand, Edition

KINDS = ("responsibilities", "skills", "qualifications", "conditions", "benefits")
SUMMARY = "You manage the customers of our Denver office and make sure they stay. " * 4
BULLET = "Answer questions from account {} within a day and agree on a plan for each quarter."
EDITION = Edition("ACC-0001", 3, date(2026, 11, 22), "a" * 64, Brand("Example Works"))


def document(bullets: int = 40) -> Document:
    """Returns a document with a paragraph, and the bullets in five sections."""
    each = bullets // len(KINDS)
    lines = [DocumentLine(f"line{n}", BULLET.format(n)) for n in range(bullets)]
    sections = [DocumentSection("summary", "summary", "Summary", lines=(_summary(),))]
    for number, kind in enumerate(KINDS):
        own = tuple(lines[number * each : (number + 1) * each])
        sections.append(DocumentSection(kind, kind, kind.title(), lines=own))
    return Document("Account Manager", facts=(_department(),), sections=tuple(sections))


def _summary() -> DocumentLine:
    return DocumentLine("first", SUMMARY, form="paragraph")


def _department() -> Fact:
    return Fact("department", ("Sales",))


def reportlab_pdf(value: Document) -> bytes:
    """Returns a PDF of the same content with a manual layout, not tagged."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import ListFlowable, ListItem, Paragraph, SimpleDocTemplate

    styles = getSampleStyleSheet()
    story: list[Any] = [Paragraph(value.title, styles["Title"])]
    for section in value.sections:
        story.append(Paragraph(section.heading, styles["Heading2"]))
        texts = [Paragraph(line.text, styles["BodyText"]) for line in section.lines]
        if section.lines[0].form == "paragraph":
            story += texts
        else:
            items = [ListItem(text) for text in texts]
            story.append(ListFlowable(items, bulletType="bullet"))
    file = io.BytesIO()
    SimpleDocTemplate(file, pagesize=A4).build(story)
    return file.getvalue()


def typst_pdf(value: Document) -> bytes:
    """Returns a PDF of the same content with Typst, tagged. Typst keeps what it has laid out, so
    each call has another number in its lines."""
    number = next(_numbers)
    lines = [
        f'#set text(font: "{fonts.FAMILY}", size: 10.5pt)',
        '#set page(paper: "a4")',
        f"#set document(title: {json.dumps(value.title)})",
        f"= {value.title}",
    ]
    for section in value.sections:
        lines.append(f"\n== {section.heading}\n")
        for line in section.lines:
            mark = "" if line.form == "paragraph" else "- "
            lines.append(f"{mark}#{json.dumps(f'{line.text} {number}', ensure_ascii=False)}")
    content: bytes = _typst_compiler().compile(input="\n".join(lines).encode(), format="pdf")
    return content


_numbers = count(1)


@lru_cache(maxsize=1)
def _typst_compiler() -> Any:
    """Returns a compiler that has read our fonts. A server would keep it, too."""
    import typst

    found = find_spec("font_source_sans_pro")
    folders = list(found.submodule_search_locations or []) if found else []
    return typst.Compiler(font_paths=typst.Fonts(False, False, folders))
