"""The Verify page: what the holder of a copy is told, and what no one is told."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import formats, timezone

from roles import versions
from roles.drafts import lifecycle
from roles.models import EffectivePeriod, JobDescription, Tombstone, Version
from roles.versions import effective_periods, purge, rendered_files
from tests import builders
from tests.html import find, links, notes, words

pytestmark = pytest.mark.django_db
# The kind of the note for each result.
NOTES = {"made": "good", "same": "good", "changed": "danger", "unknown": "warning"}


def day(offset=0):
    return timezone.localdate() + timedelta(days=offset)


def day_text(offset=0):
    return formats.date_format(day(offset), "DATE_FORMAT")


def add_effective_period(version, since, until=None):
    """As if it had been made effective then: the action takes no day before the version's."""
    row = {"description": version.description, "version": version, "by": version.author}
    return EffectivePeriod.objects.create(since=since, until=until, **row)


def ask(client, digits):
    """What is answered, on one line."""
    response = client.get(f"/verify/{digits}")
    assert response.status_code == 200
    return " ".join(response.text.split())


def versions_of(page):
    """The matching versions that a page shows."""
    lists = find(page, class_="matching-versions")
    return [version for shown in lists for version in find(shown, "li")]


def state(page, state):
    """The text about a version in this state, which must be on the page."""
    [line] = find(page, class_=f"version-{state}")
    return words(line)


@pytest.fixture
def client():
    return Client()


@pytest.fixture
def version():
    return builders.version(note="A note for us")


class TestForm:
    def test_redirects_to_the_result(self, client, version):
        response = client.get("/verify/", {"fingerprint": version.sha256[:12]})
        assert response["Location"] == f"/verify/{version.sha256[:12]}"
        assert f"{version.description.reference} · Version 1" in ask(client, version.sha256[:12])

    @pytest.mark.parametrize(
        "typed",
        [
            "  {}  ",
            "sha256:{}",
            "SHA256: {}",
            "ACC-0001 · Version 1 · Nov. 22, 2026 · {}",
            "https://jd.example.org/verify/{}",
            "https://jd.example.org/verify/{}/",
        ],
    )
    def test_pasted_variants_are_understood(self, client, typed):
        wanted = "/verify/0a1b2c3d4e5f"
        for digits in ("0a1b2c3d4e5f", "0A1B2C3D4E5F", "0a1b 2c3d 4e5f", "oAlb2c3d4e5f"):
            response = client.get("/verify/", {"fingerprint": typed.format(digits)})
            assert response["Location"] == wanted

    @pytest.mark.parametrize(
        ("typed", "message"),
        [
            ("", "Enter the digits"),
            ("   ", "Enter the digits"),
            ("hello world!", "only the digits 0–9"),
            ("·", "only the digits 0–9"),
            ("0a1b2c3d4e5", "You entered 11 digits"),
            ("a" * 65, "You entered 65 digits"),
            ("a" * 301, "Too long"),
            ("a" * 12 + "\x00", "characters are not allowed"),
            ("abcdef12345é", "only the digits 0–9"),
        ],
    )
    def test_invalid_fingerprint_shows_error_and_is_kept(self, client, typed, message):
        response = client.get("/verify/", {"fingerprint": typed})
        assert response.status_code == 422
        assert message in response.text
        shown = re.search(r'name="fingerprint" value="([^"]*)"', response.text)
        assert (shown[1] if shown else "").replace("\x00", "") == typed.replace("\x00", "")
        assert 'aria-invalid="true"' in response.text

    def test_invalid_fingerprint_in_url_shows_the_form(self, client):
        for path in ("/verify/hello", "/verify/0a1b2c", "/verify/%00", "/verify/" + "a" * 500):
            response = client.get(path)
            assert response.status_code == 404
            assert 'name="fingerprint"' in response.text

    def test_says_that_drafts_have_no_fingerprint(self, client):
        assert "Drafts have no fingerprint" in client.get("/verify/").text


class TestAnswer:
    def test_twelve_digits_or_more_in_any_case(self, client, version):
        for count in (12, 13, 40, 64):
            for digits in (version.sha256[:count], version.sha256[:count].upper()):
                assert "Version 1" in ask(client, digits)

    def test_shows_only_reference_number_and_date(self, client, version):
        text = ask(client, version.sha256)
        assert f"{version.description.reference} · Version 1" in text
        assert f"Saved on {day_text()}." in text
        for secret in (version.description.title, version.note, version.author.username):
            assert secret not in text
        assert f"/descriptions/{version.description.reference}" not in text

    def test_never_current(self, client, version):
        assert state(ask(client, version.sha256), "never")

    def test_plan_is_not_shown(self, client, version):
        effective_periods.make_effective(
            version=builders.approved(version), since=day(3), by=version.author
        )
        text = ask(client, version.sha256)
        assert state(text, "never")
        assert day_text(3) not in text

    def test_current(self, client, version):
        add_effective_period(version, day(-3))
        assert day_text(-3) in state(ask(client, version.sha256), "current")

    def test_superseded(self, client, version):
        add_effective_period(version, day(-9), day(-2))
        builders.add_line(version.description, version.description.sections.all()[0].uid, "More")
        add_effective_period(builders.version(version.description), day(-2))
        text = state(ask(client, version.sha256), "superseded")
        assert text.index(day_text(-9)) < text.index(day_text(-2))

    def test_ended_and_archived(self, client, version):
        add_effective_period(version, day(-9))
        lifecycle.archive(description=version.description, by=version.author)
        [shown] = versions_of(ask(client, version.sha256))
        text = state(shown, "ended")
        assert text.index(day_text(-9)) < text.index(day_text())
        assert len(find(shown, class_="version-state")) == 2  # it says that it's archived

    def test_current_again(self, client, version):
        add_effective_period(version, day(-9), day(-5))
        add_effective_period(version, day(-1))
        text = state(ask(client, version.sha256), "current")
        assert day_text(-1) in text
        assert day_text(-9) not in text

    def test_purged(self, client, version):
        lifecycle.archive(description=version.description, by=version.author)
        purge.purge(description=version.description, by=version.author)
        text = ask(client, version.sha256[:12])
        assert f"{version.description.reference} · Version 1" in text
        assert state(text, "purged")
        assert day_text() not in text

    def test_a_restored_version_shares_the_fingerprint(self, client, version):
        jd = version.description
        builders.add_line(jd, jd.sections.all()[0].uid, "More")
        other = builders.version(jd)
        jd.refresh_from_db()
        versions.restore(description=jd, version=version, by=version.author, token=jd.edit_token)
        again = builders.version(jd)
        add_effective_period(again, day())
        assert again.sha256 == version.sha256
        text = ask(client, version.sha256)
        assert "2 versions have this fingerprint" in text
        first, second = versions_of(text)
        assert "Version 1" in words(first)
        assert state(first, "never")
        assert "Version 3" in words(second)
        assert state(second, "current")
        assert "Version 2" not in text
        assert "Version 2" in ask(client, other.sha256)

    def test_no_match_explains_without_revealing(self, client, version):
        response = client.get("/verify/" + "0" * 12)
        assert response.status_code == 404
        [note] = notes(response, "warning")
        for said in ("0" * 12, "mistyped", "another organization", "DRAFT"):
            assert said in words(note)
        assert version.description.reference not in response.text

    def test_the_end_of_a_fingerprint_finds_nothing(self, client, version):
        response = client.get(f"/verify/{version.sha256[20:40]}")
        assert response.status_code == 404
        assert not versions_of(response)

    def test_ambiguous_digits_ask_for_more(self, client, version):
        twin = version.sha256[:13] + ("0" if version.sha256[13] != "0" else "1") * 51
        Tombstone.objects.create(version_id=10**6, reference="ZZZ-0001", number=1, sha256=twin)
        for digits in (version.sha256[:12], version.sha256[:13]):
            response = client.get(f"/verify/{digits}")
            assert response.status_code == 422
            assert "Enter more of its digits" in response.text
            assert "ZZZ-0001" not in response.text
            assert version.description.reference not in response.text
        assert "ZZZ-0001" in ask(client, twin[:14])
        assert "ZZZ-0001" not in ask(client, version.sha256)


class TestConfidential:
    """The copy itself says reference and number: its holder learns no more here."""

    @pytest.fixture
    def secret(self, version):
        add_effective_period(version, day(-3))
        JobDescription.objects.filter(pk=version.description_id).update(confidential=True)
        return version

    @pytest.mark.parametrize("who", ["anonymous", "hr", "manager", "curator", "admin", "no_group"])
    def test_shows_only_reference_and_number(self, client_for, secret, who):
        text = ask(client_for(who), secret.sha256)
        assert f"{secret.description.reference} · Version 1" in text
        [shown] = versions_of(text)
        assert state(shown, "untold")
        assert len(find(shown, "p")) == 1
        assert not links(shown)
        assert day_text(-3) not in text

    def test_owner_sees_everything(self, client_for, secret):
        text = ask(client_for(secret.author), secret.sha256)
        assert day_text(-3) in state(text, "current")
        assert reverse("version", args=[secret.description.reference, 1]) in links(text)


class TestSignedIn:
    @pytest.mark.parametrize(
        ("who", "is_linked"),
        [
            ("hr", True),
            ("admin", True),
            ("manager", False),
            ("curator", False),
            ("no_group", False),
        ],
    )
    def test_link_with_access(self, client_for, version, who, is_linked):
        text = ask(client_for(who), version.sha256)
        url = reverse("version", args=[version.description.reference, 1])
        assert (f'href="{url}"' in text) == is_linked

    def test_no_link_for_hr_of_another_department(self, client_for):
        jd = builders.description(department=builders.department("Sales"))
        version = builders.version(jd)
        other = builders.user("hr")
        other.departments.add(builders.department("Legal"))
        url = reverse("version", args=[jd.reference, 1])
        assert url in links(ask(client_for(jd.owner), version.sha256))
        assert url not in links(ask(client_for(other), version.sha256))

    def test_version_page_shows_the_url(self, client_for, version):
        url = reverse("version", args=[version.description.reference, 1])
        text = client_for("hr").get(url).text
        assert f'value="http://testserver/verify/{version.sha256}" readonly' in text


class TestHeaders:
    def test_not_cached_and_no_cookie(self, client, version):
        for path in ("/verify/", f"/verify/{version.sha256}", "/verify/" + "0" * 12):
            response = client.get(path)
            assert "no-store" in response["Cache-Control"]
            assert response["X-Robots-Tag"] == "noindex"
            assert not response.cookies

    def test_only_get_is_allowed(self, client, version):
        for path in ("/verify/", f"/verify/{version.sha256}"):
            assert client.head(path).status_code == 200
            assert client.put(path).status_code == 405
        assert client.post(f"/verify/{version.sha256}").status_code == 405


class TestCost:
    def test_the_number_of_queries_does_not_grow(self, client, version, django_assert_num_queries):
        with django_assert_num_queries(4):
            ask(client, version.sha256)
        for _ in range(3):
            add_effective_period(builders.version(version.description), day(-9), day(-8)).delete()
        with django_assert_num_queries(4):
            assert "4 versions" in ask(client, version.sha256)

    @pytest.mark.both_databases
    @pytest.mark.parametrize("model", [Version, Tombstone])
    def test_prefix_search_uses_the_index(self, model):
        queryset = model.objects.filter(sha256__gte="a" * 12, sha256__lt="a" * 12 + "g").order_by()
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL enable_seqscan = off")
            assert "Index Cond" in queryset.explain()
        else:
            assert "USING INDEX" in queryset.explain()


class TestFile:
    """A received file: an exact copy of ours, or a file with the same data."""

    @pytest.fixture
    def saved(self):
        jd = builders.description()
        uid = builders.add_section(jd, "pay", "Pay", "A bonus of ten percent.")
        jd.sections.filter(uid=uid).update(audience="restricted")
        return builders.version(jd)

    def exported(self, version, format, audience="public"):
        row = rendered_files.rendered(version=version, format=format, audience=audience)
        with row.file.open("rb") as file:
            return file.read()

    def verify(self, client, content, name="copy.pdf"):
        """Returns the result and the text of the answer, on one line."""
        response = client.post("/verify/", {"file": SimpleUploadedFile(name, content)})
        assert response.status_code == 200
        result = response.context["comparison"].result
        assert len(notes(response, NOTES[result])) == 1
        return result, " ".join(response.text.split())

    @pytest.mark.parametrize("audience", ["public", "restricted"])
    def test_rendered_file_with_any_name(self, client, saved, audience):
        for format in ("txt", "json"):
            content = self.exported(saved, format, audience)
            result, text = self.verify(client, content, "mail (1).bin")
            assert result == "made"
            assert f"{saved.description.reference} · Version 1" in text
            assert "A bonus" not in text

    @pytest.mark.parametrize("audience", ["public", "internal", "restricted"])
    def test_same_data(self, client, saved, audience):
        data = json.loads(self.exported(saved, "json", audience))
        result, text = self.verify(client, json.dumps(data).encode(), "copy.json")
        assert result == "same"
        assert "Version 1" in text
        if audience == "restricted":  # the document alone, without the envelope
            result, _text = self.verify(client, json.dumps(data["document"]).encode(), "c.json")
            assert result == "same"

    def test_changed_data_of_a_version(self, client, saved):
        content = self.exported(saved, "json").replace(b"Two years", b"No years")
        result, text = self.verify(client, content, "copy.json")
        assert result == "changed"
        assert "Version 1" in text

    def test_changed_file_of_another_format_is_unknown(self, client, saved):
        for name in ("copy.txt", "copy.pdf", "copy.docx", "copy"):
            result, text = self.verify(client, self.exported(saved, "txt") + b" ", name)
            assert result == "unknown"
            assert saved.description.reference not in text

    def test_draft_is_unknown(self, client_for, saved, client):
        url = reverse("draft_export", args=[saved.description.reference, "json"])
        content = client_for(saved.author).get(url).content
        builders.add_line(saved.description, saved.description.sections.all()[0].uid, "More")
        draft = client_for(saved.author).get(url).content
        assert self.verify(client, draft, "draft.json")[0] == "unknown"
        assert self.verify(client, content, "draft.json")[0] == "same"  # it says what was saved

    def test_confidential_shows_only_reference_and_number(self, client, saved):
        JobDescription.objects.update(confidential=True)
        result, text = self.verify(client, self.exported(saved, "txt"))
        assert result == "made"
        [shown] = versions_of(text)
        assert state(shown, "untold")
        assert day_text() not in words(shown)

    def test_markup_in_names_is_escaped(self, client):
        _result, text = self.verify(client, b"x", "<script>alert(1).pdf")
        assert "<script>" not in text

    def test_missing_empty_or_too_large_file_shows_error(self, client, monkeypatch):
        # First of the view, which may not be imported yet: it would take over the form's.
        monkeypatch.setattr("roles.web.public.verify_copy.COPY_LIMIT", 5_000)
        monkeypatch.setattr("roles.web.public.verify_copy_forms.COPY_LIMIT", 10)
        for files_, message in (
            ({}, "Choose a file."),
            ({"file": SimpleUploadedFile("a.pdf", b"")}, "This file is empty."),
            ({"file": SimpleUploadedFile("a.pdf", b"x" * 11)}, "too large"),
        ):
            response = client.post("/verify/", files_)
            assert response.status_code == 422
            assert message in response.text
        monkeypatch.setattr("roles.web.public.verify_copy.COPY_LIMIT", 1)
        response = client.post("/verify/", {"file": SimpleUploadedFile("a.pdf", b"x" * 9)})
        assert response.status_code == 422
        assert "too large" in response.text
        assert "Choose a file." not in response.text

    def test_invalid_content_length(self, client):
        sent = {"data": b"x", "content_type": "multipart/form-data; boundary=x"}
        response = client.post("/verify/", **sent, CONTENT_LENGTH="many")
        assert response.status_code == 422
        assert "Choose a file." in response.text

    def test_needs_no_cookie(self, saved):
        client = Client(enforce_csrf_checks=True)
        assert self.verify(client, self.exported(saved, "txt"))[0] == "made"
        assert not client.cookies
