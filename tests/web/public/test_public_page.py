"""The public page: what everyone reads, from which version, and at what cost."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import formats, timezone
from pypdf import PdfReader

from roles.drafts import lifecycle
from roles.exporters import FORMATS
from roles.models import EffectivePeriod, JobDescription, Location, RenderedFile
from roles.models.organization import Logo
from roles.versions import effective_periods, publication
from tests import builders
from tests.html import find, links, words

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M1 1h7v7z"/></svg>'
SECRETS = ("A bonus of ten percent", "For our own people", "Grade 12", "98765", "A note for us")


def day(offset=0):
    return timezone.localdate() + timedelta(days=offset)


def url(jd):
    return f"/jd/{jd.reference}"


def add_effective_period(jd, number, since, until=None):
    """As if it had been made effective then: the action takes no day before the version's."""
    version = jd.versions.get(number=number)
    return EffectivePeriod.objects.create(
        description=jd, version=version, since=since, until=until, by=jd.owner
    )


def vacancy(response):
    """What the page says about applications: (whether it is open, the text)."""
    [line] = find(response, class_="public-open")
    return bool(find(line, "strong")), words(line)


@pytest.fixture(autouse=True)
def _own_cache():
    caches["local"].clear()


@pytest.fixture
def travel(monkeypatch):
    """Makes it so many days later than it is."""
    real = timezone.localdate

    def to(days):
        def localdate(value=None, **more):
            return real(value, **more) if value else real() + timedelta(days=days)

        monkeypatch.setattr(timezone, "localdate", localdate)

    return to


@pytest.fixture
def jd():
    """With something for every audience in it."""
    jd = builders.description(title="Account manager", pay_grade="Grade 12", job_code="98765")
    pay = builders.add_section(jd, "pay", "Pay", "A bonus of ten percent.")
    own = builders.add_section(jd, "other", "For us", "For our own people.")
    jd.sections.filter(uid=pay).update(audience="restricted")
    jd.sections.filter(uid=own).update(audience="internal")
    builders.organization(name="Northwind Ltd")  # an advertisement says who, and where
    jd.locations.add(Location.objects.create(city="Denver", region="CO", country="US"))
    builders.add_section(jd, "facts", "At a glance")
    builders.add_section(jd, "apply", "How to apply", "Write to jobs@example.org.")
    builders.version(jd, note="A note for us")
    builders.published(jd)
    jd.refresh_from_db()
    return jd


@pytest.fixture
def client():
    return Client()


def text_of(response):
    """What is in a file of any format, as text."""
    content = b"".join(response)
    if content.startswith(b"%PDF"):
        pages = PdfReader(BytesIO(content)).pages
        return " ".join(page.extract_text() for page in pages) + content.decode("latin-1")
    if content.startswith(b"PK"):
        with ZipFile(BytesIO(content)) as opened:
            return " ".join(opened.read(name).decode("latin-1") for name in opened.namelist())
    return content.decode()


class TestPage:
    def test_shows_the_document_of_the_current_version(self, client, jd):
        builders.add_line(jd, jd.sections.all()[0].uid, "Only in the draft.")
        response = client.get(url(jd))
        assert response.status_code == 200
        assert "Prepare renewal plans for each account." in response.text
        assert "Only in the draft." not in response.text
        assert f"{jd.reference} · Version 2 · " in response.text
        version = jd.versions.get(number=2)
        assert f"/verify/{version.sha256[:12]}" in response.text

    def test_page_has_only_public_content(self, client, jd):
        text = client.get(url(jd)).text
        for secret in (*SECRETS, jd.owner.username, jd.owner.email):
            assert secret not in text

    @pytest.mark.parametrize("code", FORMATS)
    def test_files_have_only_public_content(self, client, jd, code):
        response = client.get(f"{url(jd)}/{code}")
        assert response.status_code == 200
        text = text_of(response)
        for secret in (*SECRETS, jd.owner.username, jd.owner.email):
            assert secret not in text

    def test_has_metadata(self, client, jd):
        builders.organization(name="Northwind")
        text = client.get(url(builders.published(jd).description)).text
        assert f'<link rel="canonical" href="http://testserver{url(jd)}">' in text
        assert "<title>Account manager · Northwind</title>" in text
        gist = "You look after the customers of our Denver office."
        assert f'<meta name="description" content="{gist}">' in text
        assert '<meta property="og:title" content="Account manager">' in text
        assert f'<meta property="og:description" content="{gist}">' in text
        assert '<html lang="en">' in text

    def test_the_canonical_address_can_be_set(self, client, jd, settings):
        settings.SITE_URL = "https://jd.example.org"
        assert f'href="https://jd.example.org{url(jd)}"' in client.get(url(jd)).text

    def test_lower_case_reference_works_with_canonical_url(self, client, jd):
        text = client.get(url(jd).lower().replace("/JD/", "/jd/")).text
        assert f'<link rel="canonical" href="http://testserver{url(jd)}">' in text

    def test_uses_the_documents_language(self, client, jd):
        JobDescription.objects.filter(pk=jd.pk).update(language="ar")
        text = client.get(url(builders.published(jd).description)).text
        assert '<html lang="ar" dir="rtl">' in text

    def test_markup_is_escaped(self, client, jd):
        hostile = '"></title></script><script>alert(1)</script>'
        jd.lines.filter(section__kind="summary").update(text=hostile)
        JobDescription.objects.filter(pk=jd.pk).update(title=hostile)
        text = client.get(url(builders.published(jd).description)).text
        assert "<script>" not in text
        assert text.count("</title>") == 1
        assert "alert(1)" in text

    def test_shows_the_logo_without_sign_in(self, client, jd):
        digest = hashlib.sha256(SVG).hexdigest()
        logo = Logo.objects.create(digest=digest, content=SVG)
        builders.organization(name="Northwind", logo=logo)
        text = client.get(url(builders.published(jd).description)).text
        assert f'src="/logo/{digest}/"' in text
        response = client.get(f"/logo/{digest}/")
        assert response.content == SVG
        assert "sandbox" in response["Content-Security-Policy"]
        assert "public" in response["Cache-Control"]
        assert "Vary" not in response
        assert client.get(f"/logo/{'0' * 64}/").status_code == 404


class TestVacancy:
    def test_open_vacancy_shows_deadline_and_how_to_apply(self, client, jd):
        text = client.get(url(jd)).text
        is_open, said = vacancy(text)
        assert is_open
        assert formats.date_format(day(30), "DATE_FORMAT") in said
        assert 'href="#apply"' in text
        assert text.count('id="apply"') == 1
        assert "noindex" not in text

    @pytest.mark.parametrize(
        ("own", "default", "start"),
        [
            ("https://example.org/7", "jobs@example.org", "https://example.org/7"),
            ("", "https://example.org/jobs", "https://example.org/jobs"),
            ("", "jobs@example.org", "mailto:jobs@example.org?subject=Account%20manager%20%28"),
            ("jobs@example.org", "", "mailto:jobs@example.org?subject="),
        ],
    )
    def test_open_vacancy_has_a_button_to_apply(self, client, jd, own, default, start):
        """The version's own address, or today's default of the organization."""
        JobDescription.objects.filter(pk=jd.pk).update(apply_to=own)
        builders.published(jd)
        client.get(url(jd))
        builders.organization(apply_to=default)
        [button] = find(client.get(url(jd)), "a", class_="public-apply")
        assert button.get("href", "").startswith(start)

    def test_without_an_address_or_a_vacancy_there_is_no_button(self, client, jd, travel):
        assert not find(client.get(url(jd)), "a", class_="public-apply")
        builders.organization(apply_to="jobs@example.org")
        assert find(client.get(url(jd)), "a", class_="public-apply")
        travel(31)
        assert not find(client.get(url(jd)), "a", class_="public-apply")

    def test_address_for_employees_only_is_not_public(self, client, jd):
        JobDescription.objects.filter(pk=jd.pk).update(apply_to="https://example.org/own")
        builders.organization(fact_audiences={"apply_to": "internal"})
        text = client.get(url(builders.published(jd).description)).text
        assert "example.org/own" not in text

    def test_without_vacancy_says_so_and_is_not_indexed(self, client):
        text = client.get(url(builders.published(days=None).description)).text
        is_open, said = vacancy(text)
        assert said
        assert not is_open
        assert '<meta name="robots" content="noindex">' in text
        assert "#apply" not in text
        assert "ld+json" not in text

    def test_closes_after_the_last_day(self, client, jd, travel):
        assert vacancy(client.get(url(jd)))[0]
        travel(30)
        assert vacancy(client.get(url(jd)))[0]
        travel(31)
        assert not vacancy(client.get(url(jd)))[0]

    def test_future_vacancy_is_not_shown(self, client):
        jd = builders.published(days=None).description
        publication.publish(
            description=jd,
            is_public=True,
            date_posted=day(5),
            valid_through=day(9),
            by=jd.owner,
        )
        text = client.get(url(jd)).text
        assert not vacancy(text)[0]
        assert formats.date_format(day(9), "DATE_FORMAT") not in text


class TestAdvertisement:
    """What search engines read, inside the page and as a file."""

    def advertised(self, client, jd):
        scripts = re.findall(
            r'<script type="application/ld\+json">(.*?)</script>', client.get(url(jd)).text, re.S
        )
        return [json.loads(text) for text in scripts]

    def test_while_the_vacancy_is_open(self, client, jd):
        (posting,) = self.advertised(client, jd)
        assert posting["@type"] == "JobPosting"
        assert posting["title"] == "Account manager"
        assert posting["url"] == f"http://testserver{url(jd)}"
        assert posting["datePosted"] == day().isoformat()
        assert posting["validThrough"].startswith(day(30).isoformat())

    def test_not_after_the_last_day(self, client, jd, travel):
        assert self.advertised(client, jd)
        travel(31)
        assert not self.advertised(client, jd)
        assert client.get(f"{url(jd)}/jsonld").status_code == 404
        assert f'href="{url(jd)}/jsonld"' not in client.get(url(jd)).text

    def test_has_only_public_content(self, client, jd):
        text = json.dumps(self.advertised(client, jd))
        for secret in SECRETS:
            assert secret not in text

    def test_file_says_the_same_with_site_url(self, client, jd, settings):
        settings.SITE_URL = "https://jd.example.org"
        (posting,) = self.advertised(client, jd)
        file = json.loads(b"".join(client.get(f"{url(jd)}/jsonld")))
        assert file["url"] == posting["url"] == f"https://jd.example.org{url(jd)}"

    @pytest.mark.both_databases
    def test_markup_does_not_end_the_script(self, client, jd):
        hostile = "</script><script>alert(1)</script>"
        jd.lines.filter(section__kind="summary").update(text=hostile)
        jd = builders.published(jd).description
        (posting,) = self.advertised(client, jd)
        assert "alert(1)" in posting["description"]
        assert "<script>alert" not in client.get(url(jd)).text

    def test_left_out_if_it_cannot_be_created(self, client):
        jd = builders.published().description  # the organization has no name
        assert not self.advertised(client, jd)
        assert f'href="{url(jd)}/jsonld"' not in client.get(url(jd)).text
        assert client.get(f"{url(jd)}/jsonld").status_code == 404


class TestWhichVersion:
    def test_later_version_replaces_it(self, client, travel):
        jd = builders.published().description
        builders.add_line(jd, jd.sections.all()[0].uid, "Only in the second.")
        effective_periods.make_effective(
            version=builders.approved(builders.version(jd)), since=day(3), by=jd.owner
        )
        before = client.get(url(jd))
        assert "Only in the second." not in before.text
        travel(3)
        after = client.get(url(jd), headers={"If-None-Match": before["ETag"]})
        assert after.status_code == 200
        assert "Only in the second." in after.text

    def test_previous_version_can_become_current_again(self, client):
        jd = builders.description()
        first = builders.published(jd)
        page = client.get(url(jd))
        builders.add_line(jd, jd.sections.all()[0].uid, "Only in the second.")
        builders.published(jd)
        assert "Only in the second." in client.get(url(jd)).text
        effective_periods.make_effective(version=builders.approved(first), since=day(), by=jd.owner)
        assert client.get(url(jd)).content == page.content

    def test_changes_of_the_draft_and_new_versions_change_nothing(self, client, jd):
        page = client.get(url(jd))
        builders.add_line(jd, jd.sections.all()[0].uid, "New.")
        builders.version(jd)
        assert client.get(url(jd)).content == page.content


class TestNothing:
    """The same answer, whatever the reason."""

    @pytest.fixture
    def same(self, client):
        unknown = client.get("/jd/ZZZ-9999")
        assert unknown.status_code == 404

        def check(jd):
            for path in (url(jd), *(f"{url(jd)}/{code}" for code in FORMATS)):
                response = client.get(path)
                assert response.status_code == 404, path
                assert response.content == unknown.content
                theirs, other = dict(response.headers), dict(unknown.headers)
                theirs.pop("X-Request-ID"), other.pop("X-Request-ID")
                assert theirs == other

        return check

    def test_not_found_page_reveals_nothing(self, client):
        for path in ("/jd/ZZZ-9999", "/jd/x", "/jd/ZZZ-9999/pdf", "/jd/ZZZ-9999/exe"):
            response = client.get(path)
            assert response.status_code == 404
            assert len(find(response, "h1")) == 1
            assert "/" not in links(response)
            assert "/sign-in/" not in response.text
            assert response["Vary"] == "Accept-Encoding"

    def test_a_draft(self, same):
        same(builders.description())

    def test_never_current_version(self, same):
        jd = builders.version().description
        publication.publish(
            description=jd, is_public=True, date_posted=None, valid_through=None, by=jd.owner
        )
        same(jd)

    def test_not_public(self, same):
        jd = builders.description()
        effective_periods.make_effective(
            version=builders.approved(builders.version(jd)), since=day(), by=jd.owner
        )
        same(jd)

    def test_withdrawn(self, client, same, jd):
        assert client.get(url(jd)).status_code == 200
        publication.publish(
            description=jd, is_public=False, date_posted=None, valid_through=None, by=jd.owner
        )
        same(jd)

    def test_archived(self, client, same, jd):
        assert client.get(url(jd)).status_code == 200
        lifecycle.archive(description=jd, by=jd.owner)
        same(jd)

    def test_archived_without_the_action(self, same, jd):
        JobDescription.objects.filter(pk=jd.pk).update(status="archived")
        same(jd)

    def test_confidential(self, same, jd):
        JobDescription.objects.filter(pk=jd.pk).update(confidential=True)
        same(jd)

    @pytest.mark.both_databases
    def test_current_from_tomorrow(self, same):
        jd = builders.version().description
        add_effective_period(jd, 1, day(1))
        JobDescription.objects.filter(pk=jd.pk).update(is_public=True)
        same(jd)

    def test_no_longer_current(self, same):
        jd = builders.version().description
        add_effective_period(jd, 1, day(-9), day())
        JobDescription.objects.filter(pk=jd.pk).update(is_public=True)
        same(jd)

    def test_with_blank_placeholders(self, same):
        jd = builders.description()
        builders.add_line(jd, jd.sections.all()[0].uid, "At least [X] years.")
        builders.version(jd)
        add_effective_period(jd, 1, day())
        JobDescription.objects.filter(pk=jd.pk).update(is_public=True)
        same(jd)


class TestHotPath:
    def test_one_query_without_session_and_cookie(self, client, jd, django_assert_num_queries):
        first = client.get(url(jd))
        with django_assert_num_queries(1):
            response = client.get(url(jd))
        assert response.content == first.content
        assert not response.cookies
        assert response["Vary"] == "Accept-Encoding"
        assert "public" in response["Cache-Control"]
        assert "max-age=300" in response["Cache-Control"]

    def test_one_query_when_signed_in(self, client_for, jd, django_assert_num_queries):
        signed_in = client_for("hr")
        page = signed_in.get(url(jd))
        with django_assert_num_queries(1):
            assert signed_in.get(url(jd)).content == page.content

    def test_one_query_if_not_found(self, client, django_assert_num_queries):
        with django_assert_num_queries(1):
            assert client.get("/jd/ZZZ-9999").status_code == 404

    def test_file_takes_three_queries(self, client, jd, django_assert_num_queries):
        b"".join(client.get(f"{url(jd)}/pdf"))
        with django_assert_num_queries(3):
            response = client.get(f"{url(jd)}/pdf")
            assert b"".join(response).startswith(b"%PDF-")
        assert not response.cookies
        assert "Vary" not in response

    def test_304_if_unchanged(self, client, jd):
        etag = client.get(url(jd))["ETag"]
        response = client.get(url(jd), headers={"If-None-Match": etag})
        assert response.status_code == 304
        assert not response.content
        assert response["ETag"] == etag
        assert "public" in response["Cache-Control"]
        other = client.get(url(jd), headers={"If-None-Match": '"other"'})
        assert other.status_code == 200

    def test_head(self, client, jd):
        for path in (url(jd), f"{url(jd)}/pdf"):
            response = client.head(path)
            assert response.status_code == 200
            assert not b"".join(response)
            assert response["ETag"]
        assert client.head("/jd/ZZZ-9999").status_code == 404

    def test_only_get_is_allowed(self, client, jd):
        assert client.post(url(jd)).status_code == 405


class TestFiles:
    @pytest.mark.slow
    def test_each_offered_format_can_be_downloaded(self, client, jd):
        page = client.get(url(jd)).text
        offered = re.findall(rf'href="{url(jd)}/(\w+)"', page)
        assert offered == list(FORMATS)
        for code in offered:
            response = client.get(f"{url(jd)}/{code}")
            assert response["Content-Type"] == FORMATS[code].content_type
            assert f"{jd.reference} Account manager (version 2)" in response["Content-Disposition"]
            assert response["X-Robots-Tag"] == "noindex"
            assert b"".join(response)

    @pytest.mark.both_databases
    def test_it_is_rendered_once(self, client, jd):
        for _ in range(2):
            b"".join(client.get(f"{url(jd)}/pdf"))
        row = RenderedFile.objects.get(version__description=jd)
        assert row.audience == "public"
        assert not row.downloaded_by.exists()

    def test_304(self, client, jd):
        etag = client.get(f"{url(jd)}/pdf")["ETag"]
        response = client.get(f"{url(jd)}/pdf", headers={"If-None-Match": etag})
        assert response.status_code == 304
        assert "public" in response["Cache-Control"]

    def test_unknown_format_is_not_found(self, client, jd):
        assert client.get(f"{url(jd)}/exe").status_code == 404

    def test_job_posting_only_while_open(self, client):
        jd = builders.published(days=None).description
        wanted = [code for code, form in FORMATS.items() if form.needs_posting]
        page = client.get(url(jd)).text
        for code in wanted:
            assert f'href="{url(jd)}/{code}"' not in page
            assert client.get(f"{url(jd)}/{code}").status_code == 404


class TestRobots:
    def test_only_public_pages_are_allowed(self, client, django_assert_num_queries):
        with django_assert_num_queries(0):
            response = client.get("/robots.txt")
        assert response["Content-Type"].startswith("text/plain")
        lines = response.text.splitlines()
        assert lines[0] == "User-agent: *"
        assert "Allow: /jd/" in lines
        assert lines[-1] == "Disallow: /"
