"""Comparing on the screen: which two, who sees what of it, and the file of it."""

import io
import re

import pypdf
import pytest
from django.urls import reverse

from roles.drafts import changes
from roles.models import JobDescription
from tests import builders
from tests.html import find, links, notes

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def visible_text(html):
    """The page's text, without tags and on one line."""
    text = re.sub(r"<[^>]+>", " ", html.replace("\N{NO-BREAK SPACE}", " "))
    return " ".join(text.replace("&#x27;", "'").split())


def url(jd, **parameters):
    query = "&".join(f"{name.rstrip('_')}={value}" for name, value in parameters.items())
    return f"{reverse('compare', args=[jd.reference])}?{query}"


def page(client, jd, **query):
    response = client.get(url(jd, **query))
    assert response.status_code == 200
    return response.text


@pytest.fixture
def jd():
    """Version 1; version 2 with a line added and one reworded; the draft with one moved."""
    jd = builders.description()
    builders.version(jd)
    duties = jd.sections.get(kind="responsibilities")
    line = duties.lines.get()
    builders.add_line(jd, duties.uid, "Coach two colleagues.")
    builders.change(
        jd, changes.ChangeLine(line.uid, {"text": "Prepare renewal plans for every account."})
    )
    builders.version(jd)
    moved = jd.lines.get(text="Coach two colleagues.")
    builders.change(jd, changes.PlaceLine(moved.uid, duties.uid, after=""))
    return jd


@pytest.fixture
def paid():
    """Two versions whose restricted parts alone differ: a section, a pay range, a fact."""
    jd = builders.description(pay_grade="GRADE-OLD")
    uid = builders.add_section(jd, "pay", "Secret pay", "A bonus of ten percent.")
    builders.change(jd, changes.AddPay(uid, {"minimum": 70_001, "maximum": 90_001}))
    builders.version(jd)
    jd.refresh_from_db()
    pay = jd.sections.get(uid=uid).pay_ranges.get()
    line = jd.lines.get(text="A bonus of ten percent.")
    duties = jd.sections.get(kind="responsibilities")
    builders.add_line(jd, uid, "Moved out of the secret.")
    builders.change(jd, changes.ChangePay(pay.uid, {"minimum": 75_001, "maximum": 95_001}))
    builders.change(jd, changes.ChangeLine(line.uid, {"text": "A bonus of twelve percent."}))
    JobDescription.objects.filter(pk=jd.pk).update(pay_grade="GRADE-NEW")
    builders.version(jd)
    moved = jd.lines.get(text="Moved out of the secret.")
    builders.change(jd, changes.PlaceLine(moved.uid, duties.uid, after=""))
    builders.version(jd)
    return jd


class TestPage:
    def test_the_summary_and_every_change(self, client_for, jd):
        response = page(client_for("hr"), jd, from_=1, to=2)
        assert not notes(response, "good")
        text = visible_text(response)
        assert [link for link in links(response) if "/compare/export/" in link]
        assert "1 line added, 1 reworded" in text
        assert "for removed: each added: every (end) account." in text
        assert "added: Coach two colleagues." in text

    def test_a_version_and_the_draft(self, client_for, jd):
        text = visible_text(page(client_for("hr"), jd, from_=2, to="draft"))
        assert "1 line moved" in text
        assert "Coach two colleagues. (moved up)" in text
        assert "DRAFT" in text

    def test_default_sides(self, client_for, jd):
        client = client_for("hr")
        assert "1 line moved" in visible_text(page(client, jd))  # the newest version, and the draft
        builders.version(jd)
        assert "1 line moved" in visible_text(page(client, jd))  # the newest two
        assert "1 line added, 1 reworded" in visible_text(page(client, jd, to=2))
        assert "1 line added, 1 reworded" in visible_text(page(client, jd, from_=1))

    def test_no_changes(self, client_for, jd):
        builders.version(jd)
        text = page(client_for("hr"), jd, from_=3, to="draft")
        assert len(notes(text, "good")) == 1
        assert '<article class="jd' not in text
        assert not [link for link in links(text) if "/compare/export/" in link]

    def test_empty_state_without_versions(self, client_for):
        text = page(client_for("hr"), builders.description())
        assert len(find(text, class_="empty")) == 1
        assert not find(text, class_="compare-bar")

    @pytest.mark.slow
    def test_only_what_changed(self, client_for, jd):
        client = client_for("hr")
        few = visible_text(page(client, jd, from_=1, to=2, show="changes"))
        assert "You look after the customers" not in few
        assert "Unchanged: " in few
        assert "You look after the customers" in visible_text(page(client, jd, from_=1, to=2))
        duties = jd.sections.get(kind="responsibilities").uid
        for number in range(30):
            builders.add_line(jd, duties, f"One of many {number}.")
        builders.version(jd)
        assert "You look after the customers" not in visible_text(page(client, jd, from_=2, to=3))
        assert "You look after" in visible_text(page(client, jd, from_=2, to=3, show="all"))

    @pytest.mark.parametrize(
        ("query", "message"),
        [
            ({"from_": "x", "to": "2"}, "Choose a version or the draft."),
            ({"from_": "1", "to": "-2"}, "Choose a version or the draft."),
            ({"from_": "1", "to": "%00"}, "Null characters are not allowed."),
            ({"from_": "²", "to": "1"}, "Choose a version or the draft."),
            ({"from_": "9" * 40, "to": "1"}, "Choose a version or the draft."),
            ({"from_": "2", "to": "2"}, "Choose two different versions."),
            ({"from_": "draft", "to": "draft"}, "Choose two different versions."),
            ({"from_": "02", "to": "2"}, "Choose two different versions."),
        ],
    )
    def test_invalid_choice_shows_error(self, client_for, jd, query, message):
        response = client_for("hr").get(url(jd, **query))
        assert response.status_code == 422
        assert message in response.text
        assert '<article class="jd' not in response.text

    @pytest.mark.parametrize("query", [{"from_": 1, "to": 9}, {"from_": 999999999, "to": 1}])
    def test_an_unknown_version_is_not_found(self, client_for, jd, query):
        assert client_for("hr").get(url(jd, **query)).status_code == 404
        file = url(jd, **query).replace("/compare/", "/compare/export/pdf/")
        assert client_for("hr").get(file).status_code == 404

    def test_unknown_parameters_fall_back(self, client_for, jd):
        text = page(client_for("hr"), jd, from_=1, to=2, show="x", audience="everyone")
        assert "Coach two colleagues." in text

    def test_html_in_a_text_is_text(self, client_for):
        jd = builders.description(title="<script>alert(1)</script>")
        builders.version(jd)
        JobDescription.objects.filter(pk=jd.pk).update(title="<script>alert(2)</script>")
        builders.version(jd)
        assert "<script>alert" not in page(client_for("hr"), jd, from_=1, to=2)

    @pytest.mark.slow
    def test_pages_link_to_it(self, client_for, jd):
        client = client_for("hr")
        compare = reverse("compare", args=[jd.reference])
        assert f"{compare}?from=2&amp;to=draft" in client.get(jd.get_absolute_url()).text
        assert f"{compare}?to=2" in client.get(jd.get_absolute_url()).text
        one, two = (reverse("version", args=[jd.reference, number]) for number in (1, 2))
        assert f"{compare}?from=1" in client.get(one).text
        assert f"{compare}?to=2" in client.get(two).text
        restore = reverse("version_restore", args=[jd.reference, 1])
        assert f"{compare}?from=draft&amp;to=1" in client.get(restore).text


SECRETS = (
    *("Secret pay", "bonus", "GRADE-OLD", "GRADE-NEW", "Pay grade"),
    *("70,001", "75,001", "95,001", "raised", "Pay in"),
)


class TestAudience:
    def test_restricted_changes_are_shown_with_permission(self, client_for, paid):
        text = visible_text(page(client_for("hr"), paid, from_=1, to=2))
        assert "Pay raised from $70,001 – $90,001 to $75,001 – $95,001" in text
        assert "Pay grade: GRADE-OLD → GRADE-NEW" in text
        assert "A bonus of removed: ten added: twelve (end) percent." in text

    @pytest.mark.parametrize("audience", ["public", "internal"])
    def test_hidden_changes_are_not_counted(self, client_for, paid, audience):
        text = page(client_for("hr"), paid, from_=1, to=2, audience=audience)
        assert len(notes(text, "good")) == 1
        for secret in SECRETS:
            assert secret not in text, secret

    def test_a_line_from_a_hidden_section_is_an_added_one(self, client_for, paid):
        client = client_for("hr")
        assert "moved from “Secret pay”" in visible_text(page(client, paid, from_=2, to=3))
        text = visible_text(page(client, paid, from_=2, to=3, audience="public"))
        assert "added: Moved out of the secret." in text
        for secret in (*SECRETS, "(moved"):
            assert secret not in text, secret

    def test_hiring_manager_can_compare_versions_and_draft(self, client_for, paid):
        manager = client_for("manager")
        paid.hiring_managers.add(manager.user)
        assert "Secret pay" in page(manager, paid, from_=1, to=2, show="all")
        assert "DRAFT" in page(manager, paid, from_=1, to="draft")
        assert client_for("manager").get(url(paid)).status_code == 404


class TestFile:
    def file(self, client, jd, format="pdf", **parameters):
        query = url(jd, **parameters).partition("?")[2]
        return client.get(f"{reverse('compare_export', args=[jd.reference, format])}?{query}")

    def text(self, response):
        opened = pypdf.PdfReader(io.BytesIO(response.content))
        return " ".join(" ".join(page.extract_text() for page in opened.pages).split())

    @pytest.mark.slow
    def test_the_redline_as_pdf(self, client_for, jd):
        client = client_for("hr")
        response = self.file(client, jd, from_=1, to=2)
        assert response.headers["Content-Type"] == "application/pdf"
        assert response.headers["Cache-Control"] == "private, no-store"
        name = f"{jd.reference} Account manager (changes from version 1 to version 2).pdf"
        assert f'filename="{name}"' in response.headers["Content-Disposition"]
        assert "1 line added, 1 reworded" in self.text(response)
        draft = self.file(client, jd, from_=1, to="draft", audience="public")
        assert "to draft, public).pdf" in draft.headers["Content-Disposition"]

    @pytest.mark.slow
    def test_has_only_content_of_the_audience(self, client_for, paid):
        client = client_for("hr")
        assert "bonus" in self.text(self.file(client, paid, from_=1, to=2))
        text = self.text(self.file(client, paid, from_=1, to=2, audience="public"))
        for secret in SECRETS:
            assert secret not in text, secret

    def test_unknown_formats_and_sides_are_not_found(self, client_for, jd):
        client = client_for("hr")
        assert self.file(client, jd, format="exe", from_=1, to=2).status_code == 404
        assert self.file(client, jd, from_="x", to=2).status_code == 404
        assert self.file(client, jd, from_=2, to=2).status_code == 404
        assert self.file(client, builders.description(), from_=1, to=2).status_code == 404


@pytest.mark.slow
def test_the_number_of_queries_does_not_grow(client_for, jd, django_assert_num_queries):
    client = client_for("hr")
    client.get(url(jd, from_=1, to=2))
    with django_assert_num_queries(12) as captured:
        client.get(url(jd, from_=1, to=2))
    for number in range(4):
        builders.add_section(jd, "other", f"More {number}", "A line", "Another")
    builders.version(jd)
    with django_assert_num_queries(len(captured)):
        client.get(url(jd, from_=2, to=3))
