"""The pages on which a version is made effective and a job description published, and what
the lists and pages say of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import formats, timezone

from roles.models import EffectivePeriod, Event, JobDescription
from roles.versions import effective_periods, publication
from tests import builders
from tests.html import find, messages, notes, words
from tests.pages import open_page

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def day(offset=0):
    return timezone.localdate() + timedelta(days=offset)


def day_text(offset=0):
    """A day as the pages write it."""
    return formats.date_format(day(offset), "DATE_FORMAT")


def url(jd, number=1):
    return reverse("version_make_current", args=[jd.reference, number])


def make(jd, number=1, offset=0):
    version = jd.versions.get(number=number)
    return effective_periods.make_effective(
        version=builders.approved(version), since=day(offset), by=jd.owner
    )


@pytest.fixture
def owner(client_for):
    return client_for("hr")


@pytest.fixture
def jd(owner):
    jd = builders.description(owner.user)
    builders.approved(builders.version(jd))
    builders.approved(builders.version(jd))
    return jd


class TestMakeEffective:
    def test_today_is_the_default(self, owner, jd):
        page = open_page(owner, url(jd))
        assert page.typed("since") == day().isoformat()
        done = page.send()
        assert day_text() in messages(done)
        row = EffectivePeriod.objects.get()
        assert (row.version.number, row.since, row.by) == (1, day(), owner.user)

    def test_a_future_date_is_scheduled(self, owner, jd):
        done = open_page(owner, url(jd)).send(since=day(3).isoformat())
        assert day_text(3) in messages(done)
        page = owner.get(jd.get_absolute_url())
        [planned] = find(page, class_="status-planned")
        assert day_text(3) in words(planned)
        assert find(page, class_="status-draft")

    def test_shows_consequences(self, owner, jd):
        make(jd, 1)
        make(jd, 2, 5)
        builders.approved(builders.version(jd))
        text = owner.get(url(jd, 3)).text
        assert f"It replaces version 1, current since {day_text()}." in text
        assert f"Version 2 is no longer scheduled for {day_text(5)}." in text

    @pytest.mark.parametrize(
        "typed", ["", "soon", "2026-02-30", "x" * 300, "0000-00-00", "2206-11-22"]
    )
    def test_invalid_date_shows_error_and_is_kept(self, owner, jd, typed):
        page = open_page(owner, url(jd)).send(since=typed)
        assert page.response.status_code == 422
        assert 'id="id_since_error"' in page.text
        assert page.typed("since") == typed
        assert not EffectivePeriod.objects.exists()

    def test_refusal_is_shown_at_the_field(self, owner, jd):
        page = open_page(owner, url(jd)).send(since=day(-9).isoformat())
        assert page.response.status_code == 422
        assert (
            f"This version was saved on {day_text()}"
            in page.text.partition('id="id_since_error"')[2]
        )
        assert page.typed("since") == day(-9).isoformat()

    def test_submitting_twice_takes_effect_once(self, owner, jd):
        page = open_page(owner, url(jd))
        page.send()
        page.send()
        assert Event.objects.filter(verb="version.effective").count() == 1

    def test_blank_placeholders_are_refused_with_reason(self, owner, jd):
        builders.add_line(jd, jd.sections.all()[0].uid, "Lead [Team].")
        builders.version(jd)
        text = owner.get(url(jd, 3)).text
        assert "[Team]" in text
        assert 'name="since"' not in text
        version = owner.get(reverse("version", args=[jd.reference, 3])).text
        assert url(jd, 3) not in version
        assert owner.post(url(jd, 3), {"since": day().isoformat()}).status_code == 422
        assert not EffectivePeriod.objects.exists()

    def test_unapproved_version_is_refused_with_reason(self, owner, jd):
        builders.version(jd)
        assert "This version isn’t approved." in owner.get(url(jd, 3)).text
        assert url(jd, 3) not in owner.get(reverse("version", args=[jd.reference, 3])).text
        page = owner.post(url(jd, 3), {"since": day().isoformat()})
        assert page.status_code == 422
        assert not EffectivePeriod.objects.exists()

    def test_archived_is_refused_with_reason(self, owner, jd):
        JobDescription.objects.update(status="archived")
        assert "is archived" in owner.get(url(jd)).text
        assert owner.post(url(jd), {"since": day().isoformat()}).status_code == 422

    def test_only_the_owner_and_administrators_are_offered_it(self, client_for, jd):
        page = reverse("version", args=[jd.reference, 1])
        assert url(jd) in client_for(jd.owner).get(page).text
        assert url(jd) in client_for("admin").get(page).text
        assert url(jd) not in client_for("hr").get(page).text
        assert client_for("hr").get(url(jd)).status_code == 403


class TestWhatIsSaid:
    @pytest.mark.both_databases
    def test_each_version_shows_its_status(self, owner, jd):
        make(jd, 1)
        EffectivePeriod.objects.update(since=day(-4))
        make(jd, 2)
        text = owner.get(jd.get_absolute_url()).text
        assert f"Current since {day_text()}" in text
        assert f"Previous, replaced on {day_text()}" in text
        assert f"</a> has been current since {day_text()}." in text
        older = owner.get(reverse("version", args=[jd.reference, 1])).text
        assert f"Previous, replaced on {day_text()}" in older

    def test_shows_that_no_version_is_current(self, owner, jd):
        assert "No version is current." in owner.get(jd.get_absolute_url()).text

    @pytest.mark.slow
    @pytest.mark.both_databases
    def test_list_filters_by_shown_status(self, owner, jd):
        other = builders.description(owner.user, "Still a draft")
        make(jd)

        def listed(query):
            page = owner.get(f"/descriptions/?{query}").context["page"]
            return [description.reference for description in page]

        assert listed("status=current") == [jd.reference]
        assert listed("status=draft") == [other.reference]
        assert listed("sort=status") == [other.reference, jd.reference]
        assert listed("sort=-status") == [jd.reference, other.reference]
        assert 'class="status status-current"' in owner.get("/descriptions/").text

    @pytest.mark.slow
    def test_home_pages_show_it(self, client_for, owner, jd):
        manager = builders.user("manager")
        jd.hiring_managers.add(manager)
        for client in (owner, client_for(manager)):
            assert 'class="status status-current"' not in client.get("/").text
        make(jd)
        for client in (owner, client_for(manager)):
            assert 'class="status status-current"' in client.get("/").text


class TestPublish:
    def url(self, jd):
        return reverse("description_publish", args=[jd.reference])

    def test_is_public_and_open(self, owner, jd):
        make(jd)
        days = {"date_posted": day().isoformat(), "valid_through": day(9).isoformat()}
        done = open_page(owner, self.url(jd)).send(is_public="on", **days)
        assert messages(done)
        jd.refresh_from_db()
        assert (jd.is_public, jd.date_posted, jd.valid_through) == (True, day(), day(9))
        assert f"Open for applications from {day_text()} through {day_text(9)}." in done.text
        again = open_page(owner, self.url(jd))
        assert (again.typed("is_public"), again.typed("valid_through")) == (
            "on",
            days["valid_through"],
        )

    def test_public_page_is_removed(self, owner, jd):
        publication.publish(
            description=jd, is_public=True, date_posted=None, valid_through=None, by=owner.user
        )
        page = open_page(owner, self.url(jd))
        del page.data["is_public"]
        assert messages(page.send())
        assert not JobDescription.objects.get(pk=jd.pk).is_public

    @pytest.mark.parametrize(
        ("typed", "wrong"),
        [
            ({"date_posted": 1}, "valid_through"),
            ({"valid_through": 1}, "date_posted"),
            ({"date_posted": 2, "valid_through": 1}, "valid_through"),
            ({"date_posted": "tomorrow", "valid_through": 1}, "date_posted"),
            ({"date_posted": -9, "valid_through": -1}, "valid_through"),
            ({"date_posted": 0, "valid_through": 6 * 366}, "valid_through"),
            ({"date_posted": 0, "valid_through": "9999-12-31"}, "valid_through"),
            ({"date_posted": 6 * 366, "valid_through": 9}, "date_posted"),
        ],
    )
    def test_errors_are_shown_and_input_is_kept(self, owner, jd, typed, wrong):
        """Numbers are days from today on."""
        typed = {n: day(d).isoformat() if isinstance(d, int) else d for n, d in typed.items()}
        page = open_page(owner, self.url(jd)).send(is_public="on", **typed)
        assert page.response.status_code == 422
        assert page.text.count('class="field-errors"') == 1
        assert f'id="id_{wrong}_error"' in page.text
        assert {name: page.typed(name) for name in typed} == typed
        assert page.typed("is_public") == "on"
        assert not JobDescription.objects.get(pk=jd.pk).is_public

    def test_a_period_can_end_today(self, owner, jd):
        days = {"date_posted": day(-9).isoformat(), "valid_through": day().isoformat()}
        assert open_page(owner, self.url(jd)).send(**days).response.status_code == 200
        assert JobDescription.objects.get(pk=jd.pk).valid_through == day()

    def test_public_page_can_be_removed_after_the_last_day(self, owner, jd):
        """The period that is over may stay as it was, and is told as what was."""
        make(jd)
        first, last = day(-9), day(-1)
        publication.publish(
            description=jd, is_public=True, date_posted=first, valid_through=last, by=owner.user
        )
        shown = owner.get(jd.get_absolute_url()).text
        assert f"Applications were open from {day_text(-9)} through {day_text(-1)}." in shown
        page = open_page(owner, self.url(jd))
        del page.data["is_public"]
        assert messages(page.send())
        assert JobDescription.objects.get(pk=jd.pk).valid_through == last

    def test_obstacles_are_shown(self, owner, jd):
        [note] = notes(owner.get(self.url(jd)), "warning")
        assert "No version is current today." in words(note)
        assert "Your organization has no name yet." in words(note)
        builders.organization(name="Northwind")
        make(jd)
        assert not notes(owner.get(self.url(jd)))

    @pytest.mark.both_databases
    def test_obstacle_for_a_page_without_public_sections(self, owner, jd):
        jd.sections.update(audience="internal")
        builders.version(jd)
        make(jd, 3)
        assert "Version 3 has no public sections" in owner.get(self.url(jd)).text

    def test_confidential_is_refused(self, owner, jd):
        JobDescription.objects.update(confidential=True)
        page = open_page(owner, self.url(jd))
        assert "confidential" in words(notes(page, "warning")[0])
        assert page.send(is_public="on").response.status_code == 422

    def test_public_cannot_become_confidential(self, owner, jd):
        publication.publish(
            description=jd, is_public=True, date_posted=None, valid_through=None, by=owner.user
        )
        people = open_page(owner, reverse("description_people", args=[jd.reference]))
        page = people.send(confidential="on")
        assert page.response.status_code == 422
        assert 'id="id_confidential_error"' in page.text
