"""Importing a file as a draft: the command creates the records it needs, the page uses those that
the organization has. A version of the draft has the SHA-256 of the file's document."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from hypothesis import assume, given
from hypothesis import strategies as st

from roles import assembly, importers, vocabulary
from roles.document import Answer, Document, Fact, sha256
from roles.drafts import document_import
from roles.exporters import FORMATS
from roles.importers import document_limits
from roles.models import (
    CustomFact,
    Department,
    Event,
    JobDescription,
    JobFamily,
    JobLevel,
    Location,
    PayReference,
    PlaceholderAnswer,
    User,
)
from tests import builders, samples, strategies
from tests.html import messages
from tests.versions.test_versions import drafts

pytestmark = pytest.mark.django_db

URL = "/descriptions/new/file/"


def as_draft(value: Document) -> Document:
    """The document as a draft can have it: facts, locations and answers in order, only answers of
    its placeholders, no market figure with only an upper end."""
    order = list(vocabulary.FACTS)
    facts = sorted(value.facts, key=lambda f: order.index(f.name) if f.name in order else 99)
    return replace(
        value,
        facts=tuple(
            replace(fact, places=tuple(sorted(fact.places, key=lambda p: (p.city, p.region))))
            for fact in facts
        ),
        sections=tuple(
            replace(
                section,
                pay_references=tuple(
                    one
                    for one in section.pay_references
                    if one.amount is not None or one.low is not None
                ),
            )
            for section in value.sections
        ),
        answers=tuple(sorted(value.answers, key=lambda answer: answer.placeholder)),
    ).with_needed_answers()


SAMPLES = {
    "everything": as_draft(samples.everything()),
    "hostile": as_draft(samples.hostile()),
    "right_to_left": as_draft(samples.right_to_left()),
    **{code: as_draft(value) for code, value in samples.of_templates().items()},
}


def written(value: Document, **edition: Any) -> bytes:
    hash_ = sha256(value.canonical_json())
    return FORMATS["json"].render(value, replace(samples.version(), sha256=hash_, **edition))


def import_with_command(tmp_path: Path, data: bytes, *options: str, name: str = "jd.json") -> str:
    """The output of the command."""
    (tmp_path / name).write_bytes(data)
    output = io.StringIO()
    call_command("import", str(tmp_path / name), *options, stdout=output)
    return output.getvalue()


@pytest.fixture
def administrator() -> User:
    return builders.user("admin")


# --- the command


@pytest.mark.parametrize("name", SAMPLES)
def test_version_of_an_imported_document_has_the_same_hash(
    name: str, tmp_path: Path, administrator: User
) -> None:
    value = SAMPLES[name]
    output = import_with_command(tmp_path, written(value))
    jd = JobDescription.objects.get()
    assert jd.owner == administrator
    version = builders.version(jd)
    assert version.document == value
    assert version.sha256 == sha256(value.canonical_json())
    assert f"SHA-256 {version.sha256}, the same as in the file." in output
    assert "left out" not in output


def test_created_records_are_listed_and_created_once(tmp_path: Path, administrator: User) -> None:
    value = SAMPLES["everything"]
    facts = (
        *(Fact("job_family", ("Key accounts",)), Fact("job_level", ("Expert",))),
        *value.facts,
        Fact("cost-centre", ("4711",), audience="internal", label="Cost centre"),
    )
    value = as_draft(replace(value, facts=facts))
    output = import_with_command(tmp_path, written(value))
    jd = JobDescription.objects.get()
    assert jd.reference == "KEY-0001"
    assert output.startswith(f"Created {jd}, owned by {administrator.username}.\n")
    assert re.findall("  created: (.*)", output) == [
        "Job family: Key accounts",
        "Job level: Expert",
        "Department: Sales",
        "Locations: Austin",
        "Locations: Denver, CO, US",
        "Fact: Cost centre",
        "Market figure: Account manager  63348.00 USD",
        "Market figure: Account manager  45000.00–85000.00 USD",
    ]
    again = import_with_command(tmp_path, written(value))
    assert "  created:" not in again
    assert JobDescription.objects.filter(reference="KEY-0002").exists()
    counts = [m.objects.count() for m in (JobFamily, JobLevel, Department, Location, CustomFact)]
    assert counts == [1, 1, 1, 2, 1]
    assert PayReference.objects.count() == 2


def test_uids_are_preserved_and_the_event_records_the_import(
    tmp_path: Path, administrator: User
) -> None:
    value = SAMPLES["everything"]
    import_with_command(tmp_path, written(value))
    jd = JobDescription.objects.get()
    uids = [line.uid for section in value.sections for line in section.every_line()]
    assert set(jd.lines.values_list("uid", flat=True)) == set(uids)
    event = Event.objects.get(verb="description.imported")
    assert event.what["document"] == event.what["sha256"] == sha256(value.canonical_json())


def test_owner_can_be_given(tmp_path: Path, administrator: User) -> None:
    author = builders.user("hr")
    import_with_command(tmp_path, written(SAMPLES["everything"]), "--owner", author.username)
    assert JobDescription.objects.get().owner == author


def test_pdf_with_its_data_is_imported(tmp_path: Path, administrator: User) -> None:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_attachment("job-description.json", written(SAMPLES["everything"]))
    target = io.BytesIO()
    writer.write(target)
    output = import_with_command(tmp_path, target.getvalue(), name="jd.pdf")
    assert "the same as in the file." in output


@pytest.mark.slow
def test_partial_version_is_reported(tmp_path: Path, administrator: User) -> None:
    """In a public export, the file has the hash of the whole version."""
    whole = SAMPLES["hostile"]
    data = FORMATS["json"].render(whole.for_audience("public"), samples.version())
    assert f"The file says {'ab' * 32}" in import_with_command(tmp_path, data)


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        (b"{}", [], "This isn’t a JD Builder file."),
        (b"", [], "This file is empty. Choose another one."),
        (b'{"schema": 1, "title": "x"}', ["--owner", "unknown"], "There is no active account"),
    ],
)
def test_invalid_file_is_reported_and_nothing_created(
    data: bytes, options: list[str], message: str, tmp_path: Path, administrator: User
) -> None:
    with pytest.raises(CommandError, match=re.escape(message)):
        import_with_command(tmp_path, data, *options)
    assert not JobDescription.objects.exists()


def test_missing_file_is_reported(tmp_path: Path, administrator: User) -> None:
    with pytest.raises(CommandError, match="Cannot read"):
        call_command("import", str(tmp_path / "none.json"))
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(CommandError, match="Cannot read"):
        call_command("import", str(tmp_path / "folder.json"))


def test_owner_is_required_without_an_administrator(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="--owner USERNAME"):
        import_with_command(tmp_path, written(SAMPLES["everything"]))


@pytest.mark.slow
@given(data=st.data())
@strategies.examples(6)
def test_every_draft_is_imported_with_the_same_hash(data: st.DataObject) -> None:
    """Draft, version, file, another organization's draft, version: the same hash."""
    with transaction.atomic():
        version = builders.version(data.draw(drafts()))
        imported = importers.read("jd.json", written(version.document))
        JobDescription.objects.update(job_family=None, job_level=None, department=None)
        for description in JobDescription.objects.all():
            description.locations.clear()
            for section in description.sections.all():
                section.pay_references.clear()
        for model in (JobFamily, JobLevel, Department, Location, CustomFact, PayReference):
            model.objects.all().delete()
        done = document_import.create_from_document(
            document=imported.document, by=builders.user("hr"), makes_missing=True
        )
        assert (done.left_out, done.different) == ([], [])
        again = builders.version(done.description)
        assert again.text == version.text
        assert again.sha256 == version.sha256 == done.sha256
        transaction.set_rollback(True)


# --- reported differences


def create(value: Document, **more: Any) -> document_import.ImportResult:
    return document_import.create_from_document(document=value, by=builders.user("hr"), **more)


def test_records_that_the_organization_lacks_are_left_out() -> None:
    done = create(SAMPLES["everything"])
    assert done.left_out == [
        "Department “Sales”",
        "Locations “Austin”, “Denver, CO, US”",
        "market figures in Pay",
    ]
    assert done.different == []
    assert done.description.reference == "JD-0001"
    assert not Department.objects.exists()
    words = assembly.assemble(done.description)
    assert words.sections[5] == SAMPLES["everything"].sections[5]


def test_different_audience_of_a_fact_is_reported() -> None:
    """A fact that the file hides from everyone can be public here: the author must know."""
    builders.organization(fact_audiences={"pay_grade": "public"})
    CustomFact.objects.create(code="cost-centre", label="Kostenstelle")
    facts = (
        Fact("pay_grade", ("P3",), audience="restricted"),
        Fact("cost-centre", ("4711",), audience="internal", label="Cost centre"),
    )
    done = create(Document("T", facts=facts))
    assert done.different == [
        "Pay grade has a different audience here: Public.",
        "Cost centre is called Kostenstelle here.",
    ]


def test_answers_of_the_organization_are_reported() -> None:
    PlaceholderAnswer.objects.create(placeholder="city", value="Denver")
    section = replace(
        samples.section("summary", "S", samples.paragraph("We are in [city], [country].")),
        uid="s",
    )
    value = samples.numbered(Document("T", sections=(section,)))
    done = create(value)
    assert done.different == [
        "These placeholders were filled in from your organization’s defaults: [city]."
    ]
    own = as_draft(replace(value, answers=(Answer("city", "Austin"),)))
    assert create(own).different == []


def test_different_order_is_reported() -> None:
    value = SAMPLES["everything"]
    done = create(replace(value, facts=value.facts[::-1]), makes_missing=True)
    assert done.different == ["Some of the content is in a different order here."]


def test_known_family_determines_the_reference() -> None:
    builders.family()
    done = create(Document("T", facts=(Fact("job_family", ("Account management",)),)))
    assert done.description.reference == "ACC-0001"
    assert (done.left_out, done.different) == ([], [])


# --- the page


def upload(client: Any, data: bytes, name: str = "jd.json", **more: Any) -> Any:
    return client.post(URL, {"file": SimpleUploadedFile(name, data), **more})


def test_start_page_links_to_the_import(client_for: Any) -> None:
    client = client_for("hr")
    assert f'href="{URL}"' in client.get("/descriptions/new/").text
    text = client.get(URL).text
    assert 'enctype="multipart/form-data"' in text
    assert 'accept=".json,.pdf"' in text


@pytest.mark.slow
def test_file_becomes_a_draft(client_for: Any) -> None:
    client = client_for("hr")
    response = upload(client, written(SAMPLES["everything"]))
    jd = JobDescription.objects.get()
    assert response.headers["Location"] == f"/descriptions/{jd.reference}/edit/details/"
    assert jd.owner == client.user
    said = messages(client.get(response.headers["Location"]))
    for name in ("Department “Sales”", "Locations “Austin”, “Denver, CO, US”"):
        assert name in said


def test_file_posted_twice_is_imported_once(client_for: Any) -> None:
    client = client_for("hr")
    first = upload(client, written(SAMPLES["everything"]), nonce="n")
    second = upload(client, written(SAMPLES["everything"]), nonce="n")
    assert first.headers["Location"] == second.headers["Location"]
    assert JobDescription.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("jd.json", b"", "This file is empty. Choose another one."),
        ("jd.json", b"{}", "This isn’t a JD Builder file."),
        ("jd.json", b'{"schema": 1, "title": "<b>", "language": "<i>"}', "a language code"),
        ("jd.pdf", b"%PDF-1.7", "This PDF is damaged"),
        ("jd.docx", b"PK", "Choose one of these file types: .json, .pdf."),
    ],
)
def test_invalid_file_is_refused_beside_the_field(
    client_for: Any, name: str, data: bytes, message: str
) -> None:
    response = upload(client_for("hr"), data, name)
    assert response.status_code == 422
    text = response.text
    assert message in text
    assert text.index('id="id_file_error"') > text.index('name="file"')
    assert 'aria-invalid="true"' in text
    assert not JobDescription.objects.exists()


def test_missing_file_is_refused(client_for: Any) -> None:
    response = client_for("hr").post(URL)
    assert response.status_code == 422
    assert "Choose a file." in response.text


def test_file_that_is_too_large_is_not_read(
    client_for: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object) -> None:
        raise AssertionError("the file was read")

    monkeypatch.setattr(importers, "BYTES_LIMIT", 100)
    monkeypatch.setattr(importers, "read", refuse)
    response = upload(client_for("hr"), b" " * 101)
    assert response.status_code == 422
    assert "This file is larger than" in response.text


def test_import_needs_permission_to_create(client_for: Any) -> None:
    assert upload(client_for("manager"), written(SAMPLES["everything"])).status_code == 403
    assert not JobDescription.objects.exists()


@pytest.mark.slow
@given(value=strategies.documents)
@strategies.examples(25)
def test_document_within_the_limits_is_imported_or_differences_are_reported(
    value: Document,
) -> None:
    """Never a database error, and never a silent loss."""
    sections = tuple(
        replace(
            section,
            facts=tuple(dict.fromkeys(section.facts)),
            pay_ranges=tuple(
                replace(pay, minimum=min(ends), maximum=max(ends)) if len(ends) == 2 else pay
                for pay in section.pay_ranges
                for ends in [[end for end in (pay.minimum, pay.maximum) if end is not None]]
            ),
        )
        for section in value.sections
    )
    value = replace(value, sections=sections)
    stated = tuple(
        fact for fact in value.facts if not document_limits.problem(Document("T", facts=(fact,)))
    )
    value = replace(value, facts=stated)
    assume(not document_limits.problem(value))
    with transaction.atomic():
        builders.organization(name="Northwind")
        done = create(value, makes_missing=True)
        assert JobDescription.objects.filter(pk=done.description.pk).exists()
        is_same = done.sha256 == sha256(value.canonical_json())
        assert is_same == (not done.left_out and not done.different)
        transaction.set_rollback(True)
