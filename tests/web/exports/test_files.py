"""Preview, PDF of the draft, stored PDF of a version."""

from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from roles.editions import Edition
from roles.exporters import file_names
from roles.models import RenderedFile
from tests import builders

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def text_of(response) -> str:
    content = b"".join(response) if response.streaming else response.content
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


@pytest.fixture
def jd(db):
    jd = builders.description()
    builders.add_section(jd, "pay", "Pay", "A bonus of ten percent.")
    return jd


class TestPreview:
    def test_has_its_own_page(self, client_for, jd):
        text = client_for("hr").get(reverse("preview", args=[jd.reference])).text
        assert "<html" in text
        assert "Prepare renewal plans for each account." in text

    def test_htmx_gets_only_the_document(self, client_for, jd):
        url = reverse("preview", args=[jd.reference])
        part = client_for("hr").get(url, headers={"HX-Request": "true"})
        assert part.text.strip().startswith("<article")
        assert "A bonus of ten percent." in part.text
        assert "HX-Request" in part["Vary"]  # the whole page has the same address

    def test_for_an_audience(self, client_for, jd):
        url = reverse("preview", args=[jd.reference])
        assert "A bonus" not in client_for("hr").get(f"{url}?audience=internal").text

    def test_only_get_is_allowed(self, client_for, jd):
        assert client_for("hr").post(reverse("preview", args=[jd.reference])).status_code == 405

    @pytest.mark.slow
    def test_the_number_of_queries_does_not_grow(self, client_for, jd, django_assert_num_queries):
        client, url = client_for("hr"), reverse("preview", args=[jd.reference])
        builders.organization()
        with django_assert_num_queries(15) as captured:
            client.get(url, headers={"HX-Request": "true"})
        for number in range(5):
            builders.add_section(jd, "other", f"More {number}", "A line", "Another")
        with django_assert_num_queries(len(captured)):
            client.get(url, headers={"HX-Request": "true"})


class TestDraftFile:
    def test_a_pdf_marked_as_draft(self, client_for, jd):
        response = client_for("hr").get(reverse("draft_export", args=[jd.reference, "pdf"]))
        assert response["Content-Type"] == "application/pdf"
        assert (
            f'filename="{jd.reference} Account manager (draft).pdf"'
            in (response["Content-Disposition"])
        )
        assert response["Cache-Control"] == "private, no-store"
        assert "Prepare renewal plans for each account." in text_of(response)
        assert not RenderedFile.objects.exists()

    def test_file_name_has_the_audience(self, client_for, jd):
        url = reverse("draft_export", args=[jd.reference, "pdf"])
        response = client_for("hr").get(f"{url}?audience=public")
        assert "(draft, public).pdf" in response["Content-Disposition"]
        assert "A bonus of ten percent." not in text_of(response)

    def test_an_unknown_format_is_not_found(self, client_for, jd):
        url = reverse("draft_export", args=[jd.reference, "exe"])
        assert client_for("hr").get(url).status_code == 404

    def test_not_found_without_access(self, client_for, jd):
        url = reverse("draft_export", args=[jd.reference, "pdf"])
        assert client_for("manager").get(url).status_code == 404
        assert client_for("anonymous").get(url).status_code == 302

    def test_an_internal_reader_never_gets_restricted_text(self, client_for, jd):
        # Named managers read pay; no one else outside HR sees the job description at all, so
        # the widest audience is what guards it: asked for more, it stays.
        url = reverse("draft_export", args=[jd.reference, "pdf"])
        assert client_for("curator").get(f"{url}?audience=restricted").status_code == 404


class TestVersionFile:
    def test_rendered_once_and_stored(self, client_for, jd):
        builders.version(jd)
        client, url = client_for("hr"), reverse("version_export", args=[jd.reference, 1, "pdf"])
        first, second = client.get(url), client.get(url)
        assert b"".join(first) == b"".join(second)
        assert RenderedFile.objects.count() == 1
        assert first["ETag"] == f'"{RenderedFile.objects.get().digest}"'
        assert "private" in first["Cache-Control"]
        assert "(version 1).pdf" in first["Content-Disposition"]

    def test_304_if_unchanged(self, client_for, jd):
        builders.version(jd)
        client, url = client_for("hr"), reverse("version_export", args=[jd.reference, 1, "pdf"])
        etag = client.get(url)["ETag"]
        again = client.get(url, headers={"If-None-Match": etag})
        assert again.status_code == 304
        assert not again.content
        assert client.get(url, headers={"If-None-Match": '"other"'}).status_code == 200

    def test_each_audience_has_its_own_file(self, client_for, jd):
        builders.version(jd)
        client, url = client_for("hr"), reverse("version_export", args=[jd.reference, 1, "pdf"])
        public = client.get(f"{url}?audience=public")
        restricted = client.get(f"{url}?audience=restricted")
        assert public["ETag"] != restricted["ETag"]
        assert "A bonus of ten percent." not in text_of(public)
        assert "A bonus of ten percent." in text_of(restricted)

    def test_not_found(self, client_for, jd):
        builders.version(jd)
        client = client_for("hr")
        for number, form in ((1, "exe"), (2, "pdf"), (999_999_999, "pdf")):
            url = reverse("version_export", args=[jd.reference, number, form])
            assert client.get(url).status_code == 404


class TestNames:
    @pytest.mark.parametrize(
        ("title", "expected"),
        [
            ("Account manager", "ACC-0001 Account manager (draft).pdf"),
            ("Sales / service: a\\b*?", "ACC-0001 Sales service a b (draft).pdf"),
            ('He said "now"', "ACC-0001 He said now (draft).pdf"),
            ("x" * 400, f"ACC-0001 {'x' * 120} (draft).pdf"),
            ("\u202eexe.fdp", "ACC-0001 exe.fdp (draft).pdf"),
            ("../../etc/passwd", "ACC-0001 .. .. etc passwd (draft).pdf"),
        ],
    )
    def test_a_title_becomes_a_tidy_name(self, title, expected):
        assert file_names.file_name(title, Edition("ACC-0001"), "pdf") == expected

    @pytest.mark.parametrize(
        ("title", "whole"),
        [
            pytest.param("課" * 110, "課", id="Japanese, 3 bytes a letter"),
            pytest.param("ж" * 150, "ж", id="Cyrillic, 2 bytes a letter"),
            pytest.param("\N{ROBOT FACE}" * 120, "\N{ROBOT FACE}", id="emoji, 4 bytes"),
            pytest.param("x" * 400, "x", id="one byte a letter"),
            pytest.param("हि" * 100, "हि", id="Hindi, vowel signs stay on their letter"),
            pytest.param("e\u0301" * 150, "e\u0301", id="decomposed accents"),
            pytest.param("👩🏽‍⚕️" * 60, "👩🏽‍⚕️", id="joined emoji with a skin tone"),
            pytest.param("👍🏽" * 80, "👍🏽", id="emoji with a skin tone"),
        ],
    )
    def test_long_names_are_cut_by_bytes_between_characters(self, tmp_path, title, whole):
        """File systems count 255 bytes; ZIP files might add the name of the format."""
        one, draft = Edition("WAREHOUSE-0001", number=12), Edition("WAREHOUSE-0001")
        for name in (
            file_names.file_name(title, draft, "archive.pdf", "restricted"),
            file_names.redline_name(title, one, draft, "docx", "restricted"),
        ):
            (tmp_path / name).write_bytes(b"")
            assert len(name.encode()) <= 240
            kept = name.removeprefix("WAREHOUSE-0001 ").partition(" (")[0]
            assert kept
            assert kept == whole * (len(kept) // len(whole))
            assert len((whole + name).encode()) > 200 or len(kept) == 120

    def test_header_has_ascii_and_full_name(self):
        name = file_names.file_name("Prüferin 100% 人", Edition("QA-0001"), "pdf")
        header = file_names.attachment(name)
        assert 'filename="QA-0001 Pruferin 100 (draft).pdf"' in header
        assert "filename*=UTF-8''QA-0001%20Pr%C3%BCferin%20100%25%20%E4%BA%BA" in header
        assert header.isascii()
        assert "\n" not in file_names.attachment("a\r\nSet-Cookie: b")
