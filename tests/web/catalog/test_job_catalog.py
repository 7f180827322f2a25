"""The packages for everyone: the list of job descriptions in effect, the page of one, its files."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import formats, timezone

from roles.drafts import changes
from roles.models import Department, Event, JobDescription, JobFamily, JobLevel, Location
from roles.versions import effective_periods
from tests import builders
from tests.html import find, links, words
from tests.pages import next_page

pytestmark = pytest.mark.django_db

LIST = "/catalog/"


def make_current(jd, offset=0):
    """The draft as a version that holds from today on, or from so many days later."""
    version = builders.approved(builders.version(jd))
    day = timezone.localdate() + timedelta(days=offset)
    effective_periods.make_effective(version=version, since=day, by=jd.owner)
    return version


def current_description(title="Account manager", owner=None, **facts):
    jd = builders.description(owner, title, **facts)
    make_current(jd)
    return jd


def titles(response):
    """The titles of the list, in order."""
    return re.findall(r'class="row-link" href="[^"]*">([^<]+)</a>', response.text)


def page(jd):
    return reverse("catalog_job", args=[jd.reference])


@pytest.fixture
def employee(client_for):
    return client_for("employee")


def limited_to(client_for, name, kind="employee"):
    client = client_for(kind)
    client.user.departments.add(builders.department(name))
    return client


class TestTheList:
    def test_shows_the_version_not_the_draft(self, employee):
        jd = current_description("Account manager", department=builders.department("Sales"))
        facts = {"title": "Secret plan", "department": builders.department("Legal")}
        builders.change(jd, changes.ChangeFacts(facts))
        text = employee.get(LIST).text
        assert "Account manager" in text
        assert "Sales" in text
        assert "Secret plan" not in text
        assert "Legal" not in text
        assert titles(employee.get(LIST, {"q": "secret"})) == []
        assert titles(employee.get(LIST, {"q": "accounts"})) == ["Account manager"]
        assert titles(employee.get(LIST, {"q": jd.reference})) == ["Account manager"]

    @pytest.mark.slow
    def test_has_current_versions(self, employee):
        draft = builders.description(title="Draft")
        builders.version(draft)
        planned = builders.description(title="Planned")
        make_current(planned, 1)
        archived = current_description("Archived")
        JobDescription.objects.filter(pk=archived.pk).update(status="archived")
        confidential = current_description("Confidential")
        JobDescription.objects.filter(pk=confidential.pk).update(confidential=True)
        current_description("Account manager")
        assert titles(employee.get(LIST)) == ["Account manager"]
        for jd in (draft, planned, archived, confidential):
            assert employee.get(page(jd)).status_code == 404
            assert employee.get(f"{page(jd)}txt/").status_code == 404

    def test_next_version_replaces_the_previous(self, employee):
        jd = current_description("Account manager")
        builders.change(jd, changes.ChangeFacts({"title": "Key account manager"}))
        make_current(jd)
        assert titles(employee.get(LIST)) == ["Key account manager"]

    @pytest.mark.slow
    def test_filters_offer_existing_values_and_use_the_url(self, employee):
        level = JobLevel.objects.create(code="lead", name="Lead", position=0)
        law = JobFamily.objects.create(code="law", name="Law", prefix="LAW")
        sales = current_description(
            "Seller", department=builders.department("Sales"), work_mode="hybrid"
        )
        builders.change(
            sales, changes.ChangeFacts({"locations": [Location.objects.create(city="Denver")]})
        )
        make_current(sales)
        legal = builders.department("Legal")
        current_description("Jurist", department=legal, job_family=law, job_level=level)
        Department.objects.create(name="Unused")
        text = employee.get(LIST).text
        assert "Unused" not in text
        assert text.index(">Lead</option>") < text.index(">Mid level</option>")
        for name, value, expected in (
            ("family", "Law", ["Jurist"]),
            ("level", "Lead", ["Jurist"]),
            ("department", "Sales", ["Seller"]),
            ("location", "Denver", ["Seller"]),
            ("mode", "hybrid", ["Seller"]),
            ("q", "jurist", ["Jurist"]),
        ):
            response = employee.get(LIST, {name: value})
            assert titles(response) == expected, name
            assert f"{name}={value}" in response.text  # in the links that sort
        response = employee.get(LIST, {"family": "Law", "mode": "hybrid"})
        [empty] = find(response, class_="empty")
        assert list(links(empty)) == [LIST]

    @pytest.mark.parametrize(
        "query", ["family=Unknown", "q=" + "x" * 201, "location=Den", "q=%00", "mode=%00"]
    )
    def test_filter_without_matches(self, employee, query):
        current_description()
        response = employee.get(f"{LIST}?{query}")
        assert response.status_code == 200
        assert titles(response) == []

    @pytest.mark.slow
    def test_sorts_by_title_and_by_day(self, employee):
        for title, days in (("bravo", 3), ("Charlie", 9), ("Alpha", 5)):
            jd = current_description(title)
            since = timezone.localdate() - timedelta(days=days)
            jd.effective_periods.update(since=since)
        assert titles(employee.get(LIST)) == ["Alpha", "bravo", "Charlie"]
        assert titles(employee.get(LIST, {"sort": "-title"})) == ["Charlie", "bravo", "Alpha"]
        assert titles(employee.get(LIST, {"sort": "-since"})) == ["bravo", "Alpha", "Charlie"]
        assert titles(employee.get(LIST, {"sort": "text"})) == ["Alpha", "bravo", "Charlie"]

    def test_has_pages(self, employee, monkeypatch):
        monkeypatch.setattr("roles.web.catalog.job_catalog.PAGE_SIZE", 1)
        current_description("Alpha")
        current_description("Bravo")
        first = employee.get(LIST, {"sort": "-title"})
        assert titles(first) == ["Bravo"]
        assert "sort=-title&amp;page=after" in first.text
        assert titles(next_page(employee, first)) == ["Alpha"]

    @pytest.mark.slow
    def test_is_limited_to_departments(self, client_for):
        for name in ("Sales", "Legal"):
            current_description(name, department=builders.department(name))
        anywhere = current_description("Anywhere")
        client = limited_to(client_for, "Sales")
        assert titles(client.get(LIST)) == ["Anywhere", "Sales"]
        assert "Legal" not in client.get(LIST).text
        mine = current_description("Mine", client.user, department=builders.department("Legal"))
        assert titles(client.get(LIST)) == ["Anywhere", "Mine", "Sales"]
        assert client.get(page(mine)).status_code == 200
        anywhere.hiring_managers.add(client.user)
        assert titles(client.get(LIST)) == ["Anywhere", "Mine", "Sales"]

    def test_restricted_facts_are_hidden_and_not_searched(self, employee):
        builders.organization(
            fact_audiences={"department": "restricted", "similar_titles": "restricted"}
        )
        jd = current_description(
            department=builders.department("Acquisitions"), similar_titles=["Liquidator"]
        )
        assert "Acquisitions" not in employee.get(LIST).text
        assert titles(employee.get(LIST, {"q": "liquidator"})) == []
        assert "Acquisitions" not in employee.get(page(jd)).text

    def test_empty_state(self, employee):
        page = employee.get(LIST)
        assert len(find(page, class_="empty")) == 1
        assert not find(page, "table")


class TestThePage:
    def test_shows_the_version_and_its_effective_date(self, employee):
        jd = current_description()
        builders.add_line(jd, jd.sections.all()[0].uid, "Only in the draft.")
        response = employee.get(page(jd))
        [lead] = find(response, class_="lead")
        assert formats.date_format(timezone.localdate(), "DATE_FORMAT") in words(lead)
        assert "Prepare renewal plans" in response.text
        assert "Only in the draft" not in response.text
        assert jd.get_absolute_url() not in links(response)
        for code in ("pdf", "docx", "html", "md", "txt"):
            assert f'href="{page(jd)}{code}/"' in response.text
        assert 'href="/descriptions/' not in response.text

    def test_links_to_the_draft_if_visible(self, client_for):
        jd = current_description()
        client = client_for("hr")
        assert jd.get_absolute_url() in client.get(page(jd)).text
        assert f'"{page(jd)}"' in client.get(jd.get_absolute_url()).text  # and back
        owner = client_for(jd.owner)
        JobDescription.objects.filter(pk=jd.pk).update(confidential=True)
        assert f'"{page(jd)}"' not in owner.get(jd.get_absolute_url()).text

    def test_offers_files(self, employee):
        jd = current_description()
        for code, start in (("txt", b"ACCOUNT"), ("md", b"#"), ("html", b"<!doctype html>")):
            response = employee.get(f"{page(jd)}{code}/")
            content = b"".join(response)
            assert content.lstrip().lower().startswith(start.lower()), content[:40]
            assert "version 1" in response["Content-Disposition"]
            assert "private" in response["Cache-Control"]
            again = employee.get(f"{page(jd)}{code}/", headers={"If-None-Match": response["ETag"]})
            assert again.status_code == 304
        taken = Event.objects.filter(verb="version.exported")
        assert [event.what["audience"] for event in taken] == ["internal"] * 3
        assert {event.actor for event in taken} == {employee.user.username}

    @pytest.mark.parametrize("code", ["json", "jsonld", "pdfa", "exe"])
    def test_other_formats_are_not_found(self, employee, code):
        assert employee.get(f"{page(current_description())}{code}/").status_code == 404

    def test_audience_cannot_be_chosen(self, employee):
        jd = current_description()
        builders.add_section(jd, "other", "Committee", "It meets on Fridays.")
        section = jd.sections.get(heading="Committee")
        builders.change(jd, changes.ChangeSection(section.uid, {"audience": "restricted"}))
        make_current(jd)
        for address in (page(jd), f"{page(jd)}txt/"):
            response = employee.get(address, {"audience": "restricted"})
            content = b"".join(response).decode()
            assert "account" in content.lower()
            assert "committee" not in content.lower()


class TestNothingElse:
    def test_menu_has_only_the_catalog(self, employee):
        text = employee.get("/").text
        menu = text[text.index('aria-label="Main menu"') : text.index("</nav>")]
        assert re.findall(r'href="([^"]+)"', menu) == [LIST]
        for space in ("/descriptions/", "/library/", "/templates/", "/exports/", "/admin/"):
            assert f'"{space}' not in text

    @pytest.mark.slow
    def test_home_page_shows_new_current_versions(self, client_for):
        current_description("Jurist", department=builders.department("Legal"))
        current_description("Seller", department=builders.department("Sales"))
        current_description("Anyone")
        response = client_for("employee").get("/")
        text = response.text
        assert text.index("Anyone") < text.index("Seller") < text.index("Jurist")
        assert not find(response, id="own-departments")
        response = limited_to(client_for, "Legal").get("/")
        [own] = find(response, "section", aria_labelledby="own-departments")
        [rest] = find(response, "section", aria_labelledby="lately")
        assert "Legal" in words(find(own, "h2")[0])
        assert "Jurist" in words(own)
        assert "Anyone" in words(rest)
        assert "Anyone" not in words(own)
        assert "Jurist" not in words(rest)
        assert "Seller" not in response.text
