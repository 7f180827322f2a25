"""Tests of the level comparison page: compared texts, permissions, and selection."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from roles import permissions
from roles.drafts import changes
from roles.models import JobDescription, JobLevel
from roles.versions import effective_periods
from tests import builders
from tests.html import find, notes

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def level(name, position):
    JobLevel.objects.filter(pk=builders.level(name).pk).update(position=position)
    return builders.level(name)


def describe(title, at, *skills, owner=None, **facts):
    """Returns a job description of a level, with a section of skills."""
    levels = {"Entry level": 1, "Mid level": 2, "Senior level": 3}
    one = builders.description(owner, title, **facts)
    JobDescription.objects.filter(pk=one.pk).update(job_level=level(at, levels[at]))
    builders.add_section(one, "skills", "Skills", *skills)
    one.refresh_from_db()
    return one


def url(*chosen, **query):
    rest = "".join(f"&{name}={value}" for name, value in query.items())
    return f"/levels/?{'&'.join(f'jd={one.reference}' for one in chosen)}{rest}"


def words(html):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def heads(text):
    return [words(head) for head in re.findall(r'<th scope="col">(.*?)</th>', text, re.DOTALL)]


@pytest.fixture
def hr(client_for):
    return client_for("hr")


@pytest.fixture
def junior(hr):
    return describe("Junior clerk", "Entry level", "Clear writing", owner=hr.user)


@pytest.fixture
def senior(hr):
    return describe("Senior clerk", "Senior level", "Clear writing", "Coaching", owner=hr.user)


class TestComparison:
    def test_levels_are_side_by_side_lowest_first(self, hr, junior, senior):
        text = hr.get(url(senior, junior)).text
        assert [head.split(" clerk")[0] for head in heads(text)] == [
            "Entry level Junior",
            "Senior level Senior",
        ]
        assert "1 line shared by all levels" in text
        added = re.findall(r'class="any-break levels-new">(.*?)</li>', text, re.DOTALL)
        assert [words(one) for one in added] == ["Added: Coaching"]

    @pytest.mark.slow
    def test_compares_current_version_then_latest_then_draft(self, hr, junior, senior):
        third = describe("Clerk", "Mid level", owner=hr.user)
        for one in (junior, senior, senior):
            builders.version(one)
        version = junior.versions.get()
        effective_periods.make_effective(
            version=builders.approved(version), since=timezone.localdate(), by=hr.user
        )
        builders.version(junior)
        shown = heads(hr.get(url(junior, senior, third)).text)
        assert "Version 1, current since" in shown[0]
        assert "Draft" in shown[1]
        assert "Version 2 (latest)" in shown[2]
        shown = heads(hr.get(url(junior, senior, third, text="newest")).text)
        assert ["Version 2 (latest)" in head for head in shown] == [True, False, True]
        shown = heads(hr.get(url(junior, senior, third, text="draft")).text)
        assert all("Draft" in head for head in shown)
        assert hr.get(url(junior, senior, text="<b>")).status_code == 200

    def test_draft_is_hidden_if_there_is_a_version(self, hr, junior, senior):
        builders.version(senior)
        builders.add_line(senior, senior.sections.all()[0].uid, "Not agreed yet.")
        assert "Not agreed yet." not in hr.get(url(junior, senior)).text
        assert "Not agreed yet." in hr.get(url(junior, senior, text="draft")).text

    @pytest.mark.both_databases
    def test_inversions_are_shown_with_figures(self, hr, junior, senior):
        JobDescription.objects.filter(pk=junior.pk).update(years_from=6)
        JobDescription.objects.filter(pk=senior.pk).update(years_from=4)
        for one, ends in ((junior, (50_000, 80_000)), (senior, (60_000, 70_000))):
            pay = builders.add_section(one, "pay", "Pay")
            builders.change(one, changes.AddPay(pay, {"minimum": ends[0], "maximum": ends[1]}))
        page = hr.get(url(junior, senior))
        [result] = find(page, class_="levels-inversions")
        assert "note-warning" in result.get("class", "")
        shown = words(page.text)
        message = "Junior clerk (ACC-0001) {} ({}) than Senior clerk (ACC-0002) ({})."
        assert message.format("requires more years of experience", "6", "4") in shown
        figures = ("$50,000 – $80,000 per year", "$60,000 – $70,000 per year")
        assert message.format("pays more", *figures) in shown

    def test_no_inversions(self, hr, junior, senior):
        [result] = find(hr.get(url(junior, senior)), class_="levels-inversions")
        assert "note-good" in result.get("class", "")

    def test_html_is_escaped(self, hr, senior):
        other = describe("<b>Clerk</b>", "Entry level", "<script>alert(1)</script>", owner=hr.user)
        text = hr.get(url(other, senior)).text
        assert "<script>alert" not in text
        assert "<b>Clerk" not in text


class TestPermissions:
    def test_only_visible_job_descriptions(self, client_for, hr, junior, senior):
        manager = client_for("manager")
        junior.hiring_managers.add(manager.user)
        text = manager.get(url(junior, senior)).text
        assert "don’t have access to these job descriptions, or they don’t exist: ACC-0002." in text
        assert "Senior clerk" not in text
        assert not heads(text)
        senior.hiring_managers.add(manager.user)
        assert len(heads(manager.get(url(junior, senior)).text)) == 2

    @pytest.mark.both_databases
    def test_hidden_and_missing_get_the_same_message(self, client_for, senior, junior):
        manager = client_for("manager")
        junior.hiring_managers.add(manager.user)
        hidden = manager.get(url(junior, senior)).text
        absent = manager.get(f"/levels/?jd={junior.reference}&jd=ACC-9999").text
        pattern = "don’t have access to these job descriptions, or they don’t exist: {}."
        assert pattern.format(senior.reference) in hidden
        assert pattern.format("ACC-9999") in absent

    def test_pay_is_hidden_unless_visible_for_all(self, monkeypatch, hr, junior, senior):
        for one in (junior, senior):
            pay = builders.add_section(one, "pay", "Pay", "A bonus of a thousand.")
            builders.change(one, changes.AddPay(pay, {"minimum": 51_000, "maximum": 71_000}))
        own = [frozenset({"owner"}), frozenset()]
        page = hr.get(url(junior, senior))
        assert "$51,000" in page.text
        assert "Pay" in [term.text for term in find(page, "dt")]
        JobDescription.objects.filter(pk=senior.pk).update(owner=builders.user("hr"))

        def audience(_person, relations=()):
            return "restricted" if relations == own[0] else "internal"

        monkeypatch.setattr(permissions, "audience", audience)
        page = hr.get(url(junior, senior))
        assert "51,000" not in page.text
        assert "A bonus" not in page.text
        assert "Pay" not in [term.text for term in find(page, "dt")]

    def test_archived_can_be_compared(self, hr, junior, senior):
        JobDescription.objects.filter(pk=senior.pk).update(status="archived")
        assert len(heads(hr.get(url(junior, senior)).text)) == 2


class TestSelection:
    @pytest.mark.both_databases
    def test_families_with_two_job_descriptions_are_listed(self, hr, junior, senior):
        builders.description(hr.user, "Alone", job_family=builders.family("Legal", "LEG"))
        text = hr.get("/levels/").text
        assert f'href="/levels/?family={junior.job_family_id}"' in text
        assert "Legal" not in text

    def test_choices_are_sorted_by_level(self, hr, senior, junior):
        text = hr.get(f"/levels/?family={junior.job_family_id}").text
        assert text.index("Junior clerk") < text.index("Senior clerk")

    def test_one_job_description_offers_its_family(self, hr, junior, senior):
        text = hr.get(url(junior)).text
        assert "Select at least one more." in text
        assert f'value="{junior.reference}" id="jd-{junior.reference}" checked' in text
        assert "Senior clerk" in text
        assert f'href="{url(junior)}"' in hr.get(junior.get_absolute_url()).text

    def test_sending_no_selection_keeps_the_family(self, hr, junior, senior):
        address = f"/levels/?family={junior.job_family_id}"
        form = hr.get(address).text
        assert f'<input type="hidden" name="family" value="{junior.job_family_id}">' in form
        assert "Select at least two job descriptions." not in form
        text = hr.get(address + "&text=current").text
        assert "Select at least two job descriptions." in text
        assert "Senior clerk" in text

    @pytest.mark.slow
    def test_too_many_stay_selected(self, hr):
        six = [describe(f"Clerk {n}", "Mid level", owner=hr.user) for n in range(6)]
        text = hr.get(url(*six)).text
        assert "You selected 6. Select up to 5" in text
        assert text.count(" checked>") == 6
        assert not heads(text)

    def test_problem_is_shown_at_the_top(self, hr, junior, senior):
        """Above the comparison, not below it with the choices."""
        text = hr.get(url(junior, senior) + "&jd=ACC-9999").text
        place = text.index('id="levels-problem" role="alert"')
        assert text.count('id="levels-problem"') == 1
        assert text.index("<h1") < place < text.index('<table class="levels')
        assert 'aria-describedby="levels-problem"' in text[place:]

    def test_warns_about_different_families(self, hr, junior, senior):
        other = builders.family("Legal", "LEG")
        assert not notes(hr.get(url(junior, senior)), "warning")
        JobDescription.objects.filter(pk=senior.pk).update(job_family=other)
        page = hr.get(url(junior, senior))
        assert len(notes(page, "warning")) == 1
        assert len(heads(page.text)) == 2

    @pytest.mark.parametrize(
        "query",
        [
            "jd=",
            "jd=%00",
            "jd=x&jd=y",
            "family=x",
            "family=99999999999",
            "family=%C2%B2",
            "jd=" + "a" * 3000,
        ],
    )
    def test_invalid_queries_are_ignored(self, hr, junior, senior, query):
        assert hr.get(f"/levels/?{query}").status_code == 200

    def test_nothing_to_compare_yet(self, hr):
        page = hr.get("/levels/")
        assert len(find(page, class_="empty")) == 1
        assert not find(page, "input", name="jd")

    def test_list_links_to_the_comparison(self, hr, junior):
        assert f'formaction="{reverse("levels")}"' in hr.get("/descriptions/").text


@pytest.mark.slow
@pytest.mark.parametrize("text", ["current", "newest", "draft"])
def test_number_of_queries_is_constant(hr, text):
    five = [describe(f"Clerk {n}", "Mid level", "One", "Two", owner=hr.user) for n in range(5)]
    for n, one in enumerate(five):
        if n % 2 == 0:
            version = builders.version(one)
            if n == 0:
                effective_periods.make_effective(
                    version=builders.approved(version), since=timezone.localdate(), by=hr.user
                )
    counts = []
    for some in ((five[1], five[2], five[0]), five):
        hr.get(url(*some, text=text))
        with CaptureQueriesContext(connection) as captured:
            assert hr.get(url(*some, text=text)).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
