"""Hostile uploads, and documents that take too long to print, wherever they come in."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from roles import bounded_work, exporters, folding, tasks
from roles.bulk_exports import export_worker
from roles.document import Document, DocumentLine
from roles.exporters import FORMATS, TooCostly, costly_lines
from roles.limits import LINE_LIMIT
from roles.models import JobDescription
from roles.versions import rendered_files
from tests import builders, samples
from tests.bounded_work import hostile_files

COSTLY = "ᄀ𝒜ก漢ب" * 380  # within limits.LINE_LIMIT; needs several fonts for every line


@pytest.fixture(autouse=True)
def _children() -> None:
    bounded_work.run(int)  # their start isn't what is measured


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing prints in time."""

    def exceed(*_arguments: object) -> bytes:
        raise bounded_work.LimitExceeded("time")

    monkeypatch.setattr(bounded_work, "run", exceed)


# --- hostile uploads


@pytest.mark.django_db
@pytest.mark.parametrize("name", hostile_files.HOSTILE_PDFS)
def test_hostile_pdf_is_no_copy(name: str, client: Client) -> None:
    data = hostile_files.HOSTILE_PDFS[name]()
    assert len(data) <= hostile_files.LIMIT
    response = client.post("/verify/", {"file": SimpleUploadedFile("a.pdf", data)})
    assert response.status_code == 200


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("name", hostile_files.HOSTILE_JSON)
def test_hostile_json_is_not_imported(name: str, client_for: Any) -> None:
    data = hostile_files.HOSTILE_JSON[name]()
    url = "/descriptions/new/file/"
    response = client_for("hr").post(url, {"file": SimpleUploadedFile("a.json", data)})
    assert response.status_code == 422
    assert not JobDescription.objects.exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_hostile_uploads_at_once_stall_nothing() -> None:
    """One is read, the others are refused. Other pages answer in under a second at that time."""
    jd = builders.published().description
    others = ("/healthz", "/sign-in/", reverse("public_page", args=[jd.reference]))
    data = hostile_files.ascii85_digits()

    def upload(_number: int) -> int:
        try:
            sent = {"file": SimpleUploadedFile("a.pdf", data)}
            return Client().post("/verify/", sent).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        uploads = [threads.submit(upload, number) for number in range(8)]
        seconds = []
        while not all(done.done() for done in uploads):
            for address in others:
                started = time.perf_counter()
                assert Client().get(address).status_code == 200
                seconds.append(time.perf_counter() - started)
            time.sleep(0.05)
        statuses = sorted(done.result() for done in uploads)
    assert seconds
    assert max(seconds) < 1
    assert statuses[0] == 200
    assert statuses[-1] == 429
    assert set(statuses) == {200, 429}


# --- documents


def costly() -> Document:
    lines = [samples.line(f"Number {n} is a line of usual length.") for n in range(1, 6)]
    lines[2] = samples.line(COSTLY)
    return Document("Accountant", sections=(samples.section("other", "Duties", *lines),))


@pytest.mark.slow
def test_endless_print_is_ended_and_its_line_named(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WORK_SECONDS = 0.05
    monkeypatch.setattr(costly_lines, "SEARCH_SECONDS", 1)
    lines = [samples.line("Short."), *(samples.line(COSTLY) for _ in range(100))]
    value = Document("Accountant", sections=(samples.section("other", "Duties", *lines),))
    with pytest.raises(TooCostly) as caught:
        FORMATS["pdf"].render(value, samples.version())
    assert re.search(r"line \d+ of “Duties”: “ᄀ𝒜ก漢ب", caught.value.message)


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.01, costly_lines.PROBE_SECONDS])
def test_message_names_the_line(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Whether it exceeds its limit alone, or is the slowest."""
    monkeypatch.setattr(costly_lines, "PROBE_SECONDS", seconds)
    message = costly_lines.message(costly(), samples.version(), exporters._printed)
    assert "line 3 of “Duties”: “ᄀ𝒜ก漢ب" in message


def test_visitors_are_told_no_line() -> None:
    with bounded_work.in_lane("visitors"):
        message = costly_lines.message(costly(), samples.version(), exporters._printed)
    assert message == "This job description takes too long to print."


def test_message_leaves_out_invisible_characters() -> None:
    assert costly_lines._start("\u200b\u202ea\u0000 b\n" + "c" * 100) == f"a b {'c' * 56}…"


# --- where a document is asked for


@pytest.fixture
def jd(db: None) -> JobDescription:
    made = builders.description(title="Accountant")
    builders.published(made)
    made.refresh_from_db()
    return made


MESSAGE = "takes too long to print. Simplify"


@pytest.mark.slow
@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "path",
    [
        "export/pdf/",
        "export/docx/",
        "versions/1/export/pdf/",
        "compare/export/pdf/?from=1&to=draft",
    ],
)
def test_file_names_the_line_on_the_page(path: str, jd: JobDescription, client_for: Any) -> None:
    response = client_for(jd.owner).get(f"/descriptions/{jd.reference}/{path}", follow=True)
    assert response.status_code == 200
    assert response.redirect_chain
    assert MESSAGE in response.text


@pytest.mark.usefixtures("impatient")
def test_audit_record_names_the_line_in_its_form(jd: JobDescription, client_for: Any) -> None:
    url = reverse("audit_record", args=[jd.reference])
    today = timezone.localdate().isoformat()
    response = client_for(jd.owner).post(url, {"day": today, "audience": "restricted"})
    assert response.status_code == 422
    assert MESSAGE in response.text


@pytest.mark.usefixtures("impatient")
def test_bulk_export_names_the_line_in_its_index(jd: JobDescription) -> None:
    export = tasks.order_export(
        by=jd.owner,
        references=[jd.reference],
        formats=["pdf"],
        text="newest",
        audience="restricted",
    )
    export_worker.run(export.pk)
    file = export.files.get()
    assert file.state == "left_out"
    assert MESSAGE in file.why


@pytest.mark.usefixtures("impatient")
def test_command_names_the_line(jd: JobDescription) -> None:
    with pytest.raises(CommandError, match=MESSAGE):
        call_command("export", jd.reference)


@pytest.mark.usefixtures("impatient")
def test_public_file_is_not_rendered_again_for_a_while(
    jd: JobDescription, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    caches["local"].clear()
    for _ in range(2):
        response = client.get(f"/jd/{jd.reference}/pdf")
        assert response.status_code == 503
        assert response["Retry-After"]
        assert "takes too long to print" in response.text
        monkeypatch.setattr(rendered_files, "rendered", None)
    caches["local"].clear()


@pytest.mark.usefixtures("impatient")
def test_picture_of_a_template_is_missing(db: None, client_for: Any) -> None:
    url = reverse("template_picture", args=[builders.template("Never printed before").code])
    assert client_for("hr").get(url).status_code == 404


# --- random documents


def _random_line(random: Random) -> DocumentLine:
    blocks = [random.randrange(0x20, 0x30000) for _ in range(random.randint(1, 4))]
    width = random.choice([1, 16, 256])
    chars = (chr(random.choice(blocks) + random.randrange(width)) for _ in range(LINE_LIMIT))
    length = random.choice([1, 20, 200, LINE_LIMIT])
    text = "".join(c for c in chars if folding.forbidden_character(c) is None)
    return samples.line(text[:length].strip() or "x")


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(500))
def test_random_document_prints_or_names_a_line(seed: int, settings: Any) -> None:
    """All of Unicode, all lengths: in the time of a request. Few are long, which cost the most."""
    random = Random(seed)
    count = random.choices([1, 5, 30], weights=[5, 4, 1])[0]
    lines = [_random_line(random) for _ in range(count)]
    value = Document("Accountant", sections=(samples.section("other", "Duties", *lines),))
    with bounded_work.in_lane("people"):
        try:
            content, message = FORMATS["pdf"].render(value, samples.version()), ""
        except TooCostly as refused:
            content, message = b"", refused.message
    assert content.startswith(b"%PDF-") or "of “Duties”" in message
