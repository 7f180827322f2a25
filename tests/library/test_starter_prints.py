"""Each starter template, from the start of a job description to its PDF."""

import re
from io import BytesIO
from typing import Any

import page as page_validation
import pytest
from django.urls import reverse
from django.utils.html import escape

from roles.models import JobDescription, Template
from roles.web.shared.wizard_steps import STEPS
from tests import pdfs, starter_rules
from tests.pages import Page, open_page

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.mark.parametrize("code", starter_rules.TEMPLATES)
def test_template_through_the_wizard_to_the_pdf(starter_library, client_for, code):
    """All steps, all placeholders filled in, and a saved version. The PDF has headings and lines in
    the template's order, conforms to PDF/UA-1, and has no blank placeholders."""
    from pypdf import PdfReader

    client = client_for("hr")
    template = Template.objects.get(code=code)
    description = _started(client, template)
    page = _through_the_steps(client, description)
    _fill_panel(page)
    page = page.press("version", note="First")
    version = description.versions.get()
    address = reverse("version_export", args=[description.reference, version.number, "pdf"])
    content = b"".join(client.get(f"{address}?audience=restricted").streaming_content)

    printed = version.document.filled()
    assert version.document.open_placeholders() == []
    headings = list(template.sections.order_by("position").values_list("heading", flat=True))
    added = printed.sections[: len(printed.sections) - len(headings)]
    assert [s.heading for s in printed.sections[len(added) :]] == headings
    assert [s.kind for s in added] in (["facts"], [])
    text = pdfs.body_text(pdfs.read_pdf(content), description.reference)
    pdfs.assert_in_order(_without_markers(text), [*map(_without_markers, pdfs.texts_of(printed))])
    report = page_validation.validate_pdf_bytes(content, profile="ua1")
    assert [failure.message for failure in report.failures] == []
    assert _not_embedded(PdfReader(BytesIO(content))) == []


def _not_embedded(reader: Any) -> list[str]:
    fonts = [font for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    missing = []
    for font in (entry.get_object() for entry in fonts):
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        if not {"/FontFile", "/FontFile2", "/FontFile3"} & descriptor.keys():
            missing.append(font["/BaseFont"])
    return missing


def _started(client: Any, template: Template) -> JobDescription:
    """Returns a job description created on the start page."""
    page = open_page(client, reverse("description_new"))
    page.data |= {"title": ["Account Manager"], "source": [f"template:{template.code}"]}
    page.data["family"] = [str(template.family_id or "")]
    page.send()
    return JobDescription.objects.get(template=template)


def _through_the_steps(client: Any, description: JobDescription) -> Page:
    """Returns the last step. Each step shows its sections with lines; submitting it unchanged
    changes nothing."""
    page = None
    for step in STEPS:
        address = reverse("wizard_step", args=[description.reference, step.slug])
        if page is None or page.url != address:  # a step without sections was skipped
            page = open_page(client, address)
        assert page.response.status_code == 200
        for section in description.sections.filter(kind__in=step.kinds):
            assert page.typed(f"section-{section.uid}-heading") == section.heading
            for row in section.lines.all():
                if section.locked:
                    assert escape(row.text) in page.text
                else:
                    assert page.typed(f"line-{row.uid}-text").replace("\r\n", "\n") == row.text
        page = page.press("next" if "next" in page.buttons else "save")
        assert page.response.status_code == 200, step.slug
        description.refresh_from_db()
        assert description.edit_token == 0, step.slug
    assert page is not None
    return page


def _fill_panel(page: Page) -> None:
    for name in page.data:
        if name.startswith("answer-") and name.endswith("-value") and not page.typed(name):
            page.data[name] = ["seven"]


def _without_markers(text: str) -> str:
    """Returns the text without list markers, which the PDF places elsewhere."""
    return re.sub(r"[•–]", "", text)
