"""Each starter template, from the start of a job description to its PDF."""

import re
from io import BytesIO
from typing import Any

import page as page_validation
import pytest
from django.core.management import call_command

from roles import assembly, drafting, versioning
from roles.drafting import changes
from roles.models import Template
from tests import builders, starter_rules

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def library(db):
    call_command("load_library", verbosity=0)


@pytest.mark.parametrize("code", starter_rules.TEMPLATES)
def test_every_section_stands_in_the_pdf_in_order(library, code):
    """Headings and lines in the template's order, and PDF/UA-1, with nothing left open."""
    from pypdf import PdfReader

    author = builders.user("hr")
    template = Template.objects.get(code=code)
    made = drafting.start(by=author, title="Account Manager", template=template)
    answered = drafting.apply(
        description=made, by=author, token=0, changes=_answers(assembly.assemble(made))
    )
    version = versioning.save_version(
        description=made, by=author, token=answered.description.edit_token
    )
    stored = versioning.rendered(version=version, format="pdf", audience="restricted")
    content = stored.file.open("rb").read()

    printed = version.document.filled()
    assert version.document.open_placeholders() == []
    assert [s.heading for s in printed.sections] == list(
        template.sections.order_by("position").values_list("heading", flat=True)
    )
    text = _squeezed("".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages))
    place = 0
    for section in printed.sections:
        for words in (section.heading, *(line.text for line in section.every_line())):
            found = text.find(_squeezed(words), place)
            assert found >= 0, f"{words!r} is missing, or out of order"
            place = found
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


def _answers(document):
    wanted = {}
    for found in document.open_placeholders():
        line = found.line.uid if found.line and found.placeholder.is_local else ""
        key = found.placeholder.key
        wanted[line, key] = changes.AnswerPlaceholder(key, "seven", line=line)
    return list(wanted.values())


def _squeezed(text):
    """Without white space and list markers, which the PDF sets elsewhere."""
    return re.sub(r"[\s•–]", "", text)
