"""The address to apply in every format: the document's own, or the organization's default."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace

import pypdf
import pytest

from roles.document import Answer, Document, Fact
from roles.editions import Edition
from roles.exporters import FORMATS, apply_link, jsonld
from tests import samples
from tests.exporters.test_jsonld import EDITION, vacancy

OWN, DEFAULT = "https://jobs.example.org/7", "jobs@example.org"
TEXT_FORMATS = [code for code in FORMATS if code not in ("json", "jsonld", "pdfa")]


def document(*, own: str = "", kind: str = "apply", listed: bool = True) -> Document:
    facts = (Fact("apply_to", (own,)),) if own else ()
    names = ("apply_by", "apply_to") if listed else ()
    section = samples.section(kind, "How to apply", samples.paragraph("Write to us."), facts=names)
    return Document("Clerk", facts=facts, sections=(section,))


def text_of(code: str, whole: Document, edition: Edition) -> str:
    content = FORMATS[code].render(whole, edition)
    if code == "pdf":
        return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    if code == "docx":
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return package.read("word/document.xml").decode()
    return content.decode().replace("\\", "")


@pytest.mark.parametrize("code", TEXT_FORMATS)
@pytest.mark.parametrize(
    ("whole", "default", "shown", "not_shown"),
    [
        pytest.param(document(own=OWN), "", OWN, "", id="own"),
        pytest.param(document(own=OWN), DEFAULT, OWN, DEFAULT, id="own in place of the default"),
        pytest.param(document(), DEFAULT, DEFAULT, "", id="default"),
        pytest.param(document(listed=False), DEFAULT, "Write", DEFAULT, id="default taken out"),
        pytest.param(document(kind="facts"), DEFAULT, "Write", DEFAULT, id="default, no section"),
        pytest.param(document(own=OWN, kind="facts"), "", OWN, "", id="own in job details"),
    ],
)
def test_address_is_in_every_format(
    code: str, whole: Document, default: str, shown: str, not_shown: str
) -> None:
    text = text_of(code, whole, replace(samples.version(), apply_to=default))
    assert shown in text
    assert not (not_shown and not_shown in text)


def test_default_is_not_part_of_the_documents_data() -> None:
    edition = replace(samples.version(), apply_to=DEFAULT)
    assert DEFAULT not in FORMATS["json"].render(document(), edition).decode()
    assert OWN in FORMATS["json"].render(document(own=OWN), edition).decode()


@pytest.mark.parametrize(
    ("own", "default", "contact"),
    [
        (OWN, DEFAULT, {"url": OWN}),
        ("", DEFAULT, {"email": DEFAULT}),
        (DEFAULT, OWN, {"email": DEFAULT}),
        ("", "", None),
    ],
)
def test_posting_says_where_to_apply(
    own: str, default: str, contact: dict[str, str] | None
) -> None:
    """As the contact for applications; applying isn't done on our page."""
    facts = (*vacancy().facts, *((Fact("apply_to", (own,)),) if own else ()))
    posting = jsonld.posting(replace(vacancy(), facts=facts), replace(EDITION, apply_to=default))
    found = posting.get("applicationContact")
    assert found == (contact and {"@type": "ContactPoint", "contactType": "application", **contact})
    assert posting["directApply"] is False
    assert json.dumps(posting)


def test_address_with_a_placeholder_is_filled_in() -> None:
    whole = document(own="[email address]")
    answered = replace(whole, answers=(Answer("email address", DEFAULT),))
    assert apply_link.address(answered, samples.version()) == DEFAULT
