"""`manage.py export`."""

import io
import sys

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pypdf import PdfReader

from tests import builders

pytestmark = pytest.mark.django_db


def text_of(content: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_the_draft_is_written_to_a_named_file(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    jd = builders.description()
    call_command("export", jd.reference)
    name = f"{jd.reference} Account manager (draft, restricted).pdf"
    assert "DRAFT" in text_of((tmp_path / name).read_bytes())
    assert capsys.readouterr().out == f"Wrote {name}\n"


@pytest.mark.parametrize("number", [None, 1], ids=["draft", "version"])
@pytest.mark.parametrize("title", ["課" * 110, "ก็" * 75, "😀" * 150], ids=["ja", "th", "emoji"])
def test_a_title_of_many_bytes_gets_a_name_that_fits(tmp_path, monkeypatch, title, number):
    monkeypatch.chdir(tmp_path)
    jd = builders.description(title=title)
    builders.version(jd)
    chosen = ["--version", number] if number else []
    call_command("export", jd.reference, "--format", "txt", *chosen)
    (name,) = (file.name for file in tmp_path.iterdir())
    assert name.startswith(f"{jd.reference} {title[:10]}")
    assert name.endswith("restricted).txt")
    assert len(name.encode()) <= 240


def test_a_version_for_an_audience_is_written_to_the_given_file(tmp_path):
    jd = builders.description()
    builders.add_section(jd, "pay", "Pay", "A bonus of ten percent.")
    builders.version(jd)
    builders.add_line(jd, jd.sections.all()[0].uid, "Added afterwards.")
    target = tmp_path / "jd.pdf"
    call_command(
        "export", jd.reference, "--version", "1", "--audience", "public", "--output", target
    )
    text = text_of(target.read_bytes())
    assert "Prepare renewal plans for each account." in text
    assert "A bonus of ten percent." not in text
    assert "Added afterwards." not in text


def test_output_to_standard_output(monkeypatch):
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written))
    call_command("export", builders.description().reference.lower(), "--output", "-")
    assert written.getvalue().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["NONE-0001"], "There is no job description NONE-0001."),
        (["{reference}", "--version", "2"], "{reference} has no version 2. It has 1."),
        (["{reference}", "--version", "-1"], "{reference} has no version -1. It has 1."),
        (["{reference}", "--version", "9" * 30], "has no version 9"),
        (["{reference}", "--output", "/nowhere/at/all.pdf"], "Cannot write"),
        (["{reference}", "--format", "exe"], "invalid choice"),
        (["{reference}", "--audience", "everyone"], "invalid choice"),
    ],
)
def test_errors(arguments, message):
    reference = builders.version().description.reference
    wanted = [argument.format(reference=reference) for argument in arguments]
    with pytest.raises(CommandError, match=message.format(reference=reference)):
        call_command("export", *wanted)


def test_a_job_description_without_versions():
    with pytest.raises(CommandError, match="It has none yet"):
        call_command("export", builders.description().reference, "--version", "1")
