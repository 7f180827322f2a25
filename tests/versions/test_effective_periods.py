"""Which version holds when: each on its days, one at a time, and what the public is shown."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from roles import drafts, versions
from roles.drafts import lifecycle
from roles.models import EffectivePeriod, Event, JobDescription, Version
from roles.versions import effective_periods, publication
from tests import builders
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def day(offset: int) -> date:
    """So many days from today."""
    return timezone.localdate() + timedelta(days=offset)


@pytest.fixture
def jd() -> JobDescription:
    """A job description with three versions."""
    jd = builders.description()
    for _ in range(3):
        builders.version(jd)
    return jd


@pytest.fixture
def long_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    """Versions saved from now on count as saved a hundred days ago."""
    then = timezone.now() - timedelta(days=100)

    def stamp(version: Version, add: bool) -> datetime:
        version.created_at = then
        return then

    monkeypatch.setattr(Version._meta.get_field("created_at"), "pre_save", stamp)


def make(jd: JobDescription, number: int, offset: int = 0) -> EffectivePeriod:
    version = jd.versions.get(number=number)
    return effective_periods.make_effective(
        version=builders.approved(version), since=day(offset), by=jd.owner
    )


def numbers(jd: JobDescription, *offsets: int) -> list[int | None]:
    """The numbers of the versions that hold on these days."""
    periods = [effective_periods.current_on(jd, day(offset)) for offset in offsets]
    return [version.number if version else None for version in periods]


def shown(jd: JobDescription) -> str:
    row: Any = JobDescription.objects.with_shown_status().get(pk=jd.pk)
    return str(row.shown_status)


class TestMakeEffective:
    def test_is_current_from_its_day(self, jd: JobDescription) -> None:
        assert numbers(jd, 0) == [None]
        make(jd, 2)
        assert numbers(jd, -1, 0, 1, 9000) == [None, 2, 2, 2]
        event = Event.objects.filter(chain=jd.reference).latest("number")
        assert event.verb == "version.effective"
        assert event.what["since"] == day(0).isoformat()
        assert event.what["supersedes"] is None
        assert list(Event.objects.broken()) == []

    def test_previous_version_is_superseded_that_day(
        self, long_ago: None, jd: JobDescription
    ) -> None:
        make(jd, 1, -20)
        make(jd, 2, -5)
        assert numbers(jd, -21, -20, -6, -5, 0) == [None, 1, 1, 2, 2]
        event = Event.objects.filter(chain=jd.reference).latest("number")
        assert event.what["supersedes"] == 1

    def test_future_date_changes_nothing_until_then(self, jd: JobDescription) -> None:
        make(jd, 1)
        make(jd, 2, 10)
        assert numbers(jd, 0, 9, 10, 11) == [1, 1, 2, 2]

    def test_replaces_version_of_the_same_day(self, jd: JobDescription) -> None:
        make(jd, 1)
        make(jd, 2)
        assert numbers(jd, -1, 0, 1) == [None, 2, 2]
        assert EffectivePeriod.objects.count() == 1

    def test_replaced_plan_leaves_no_gap(self, jd: JobDescription) -> None:
        make(jd, 1)
        make(jd, 2, 10)
        make(jd, 3, 20)
        assert numbers(jd, 0, 10, 19, 20) == [1, 1, 1, 3]
        assert Event.objects.latest("pk").what["withdraws"] == 2

    def test_plan_can_be_moved(self, jd: JobDescription) -> None:
        make(jd, 2, 10)
        make(jd, 2, 5)
        assert numbers(jd, 0, 4, 5) == [None, None, 2]
        make(jd, 2, 15)
        assert numbers(jd, 14, 15) == [None, 2]
        with pytest.raises(drafts.ActionRefused, match="already scheduled"):
            make(jd, 2, 15)

    def test_current_version_can_stay_without_the_plan(
        self, long_ago: None, jd: JobDescription
    ) -> None:
        make(jd, 1, -30)
        make(jd, 2, 10)
        row = make(jd, 1)
        assert row.since == day(-30)
        assert numbers(jd, -30, 0, 10, 500) == [1, 1, 1, 1]

    def test_current_version_is_refused(self, jd: JobDescription) -> None:
        make(jd, 1)
        for offset in (0, 3):
            with pytest.raises(drafts.ActionRefused, match="already current"):
                make(jd, 1, offset)
        assert Event.objects.filter(verb="version.effective").count() == 1

    def test_earlier_version_can_become_current_again(
        self, long_ago: None, jd: JobDescription
    ) -> None:
        make(jd, 1, -20)
        make(jd, 2, -10)
        make(jd, 1)
        assert numbers(jd, -15, -10, -1, 0) == [1, 2, 2, 1]

    def test_not_before_it_was_saved(self, jd: JobDescription) -> None:
        with pytest.raises(drafts.ActionRefused, match="was saved on"):
            make(jd, 1, -1)
        assert not EffectivePeriod.objects.exists()

    def test_not_before_the_current_version_started(
        self, long_ago: None, jd: JobDescription
    ) -> None:
        make(jd, 1, -5)
        with pytest.raises(drafts.ActionRefused, match="Version 1 has been current since"):
            make(jd, 2, -6)
        assert numbers(jd, -6, -5) == [None, 1]

    def test_not_with_blank_placeholders(self) -> None:
        jd = builders.description()
        builders.add_line(jd, jd.sections.all()[0].uid, "Lead [Team] for [X] years.")
        builders.version(jd)
        with pytest.raises(drafts.ActionRefused, match=r"\[Team\], \[X\]"):
            make(jd, 1)

    def test_restored_version_can_become_current(self, jd: JobDescription) -> None:
        builders.add_line(jd, jd.sections.all()[0].uid, "Regretted.")
        builders.version(jd)
        first = jd.versions.get(number=1)
        jd.refresh_from_db()
        token = jd.edit_token
        versions.restore(description=jd, version=first, by=jd.owner, token=token)
        again = builders.version(jd)
        assert again.sha256 == first.sha256
        make(jd, 4)
        make(jd, again.number, 3)
        assert numbers(jd, 0, 3) == [4, 5]


class TestArchive:
    def test_archiving_ends_current_and_planned(self, long_ago: None, jd: JobDescription) -> None:
        make(jd, 1, -5)
        make(jd, 2, 5)
        lifecycle.archive(description=jd, by=jd.owner)
        assert numbers(jd, -5, -1, 0, 5) == [1, 1, None, None]
        assert shown(jd) == "archived"

    def test_no_version_is_current_while_archived(self, jd: JobDescription) -> None:
        lifecycle.archive(description=jd, by=jd.owner)
        with pytest.raises(drafts.ActionRefused, match="archived"):
            make(jd, 1)

    def test_no_version_is_current_after_restoring(
        self, long_ago: None, jd: JobDescription
    ) -> None:
        make(jd, 1, -10)
        lifecycle.archive(description=jd, by=jd.owner)
        EffectivePeriod.objects.update(until=day(-6))  # as if that had been six days ago
        lifecycle.unarchive(description=jd, by=jd.owner)
        assert shown(jd) == "draft"
        make(jd, 1, -2)
        assert numbers(jd, -7, -6, -3, -2, 0) == [1, None, None, 1, 1]
        assert shown(jd) == "current"

    def test_archiving_on_the_same_day_leaves_no_gap(
        self, long_ago: None, jd: JobDescription
    ) -> None:
        make(jd, 1, -10)
        lifecycle.archive(description=jd, by=jd.owner)
        lifecycle.unarchive(description=jd, by=jd.owner)
        make(jd, 1)
        assert numbers(jd, -1, 0, 1) == [1, 1, 1]
        assert EffectivePeriod.objects.get().since == day(-10)


class TestShownStatus:
    def test_status_depends_on_the_day(self, jd: JobDescription) -> None:
        assert shown(jd) == "draft"
        make(jd, 1, 3)
        assert shown(jd) == "draft"
        make(jd, 1)
        assert shown(jd) == "current"

    def test_status_of_each_version(self, long_ago: None, jd: JobDescription) -> None:
        make(jd, 1, -20)
        make(jd, 2, -5)
        make(jd, 3, 5)
        statuses = effective_periods.statuses(jd, day(0)).values()
        states = {status.number: (status.state, status.day) for status in statuses}
        assert states == {
            1: ("superseded", day(-5)),
            2: ("current", day(-5)),
            3: ("planned", day(5)),
        }
        lifecycle.archive(description=jd, by=jd.owner)
        statuses = effective_periods.statuses(jd, day(0)).values()
        assert {s.number: s.state for s in statuses} == {1: "superseded", 2: "ended"}


@pytest.mark.slow
@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("offsets", [(0, 0), (0, 4), (4, 4)])
def test_concurrent_changes_leave_one_current(offsets: tuple[int, int]) -> None:
    """Anyone who comes second decides; no day has two versions, none after has none."""
    jd = builders.description()
    builders.version(jd)
    builders.version(jd)
    for _ in range(5):
        EffectivePeriod.objects.all().delete()
        outcomes: list[Any] = at_once(
            lambda: make(jd, 1, offsets[0]), lambda: make(jd, 2, offsets[1])
        )
        assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
        assert EffectivePeriod.objects.filter(until=None).count() == 1
        for offset in (0, 3, 4, 9):
            assert jd.effective_periods.on(day(offset)).count() <= 1
        assert numbers(jd, 9) != [None]
    assert list(Event.objects.broken()) == []


class TestPublish:
    def publish(self, jd: JobDescription, **values: Any) -> JobDescription:
        wanted = {"is_public": True, "date_posted": None, "valid_through": None, **values}
        return publication.publish(description=jd, by=jd.owner, **wanted)

    def test_is_public_and_open_on_its_days(self, jd: JobDescription) -> None:
        done = self.publish(jd, date_posted=day(-1), valid_through=day(1))
        assert done.is_public
        is_open = [done.posting(day(offset)) is not None for offset in (-2, -1, 0, 1, 2)]
        assert is_open == [False, True, True, True, False]
        event = Event.objects.filter(chain=jd.reference).latest("number")
        assert event.verb == "description.published"
        assert event.what["valid_through"] == day(1).isoformat()

    def test_public_page_is_removed(self, jd: JobDescription) -> None:
        self.publish(jd)
        assert not self.publish(jd, is_public=False).is_public
        assert Event.objects.latest("pk").verb == "description.unpublished"

    @pytest.mark.parametrize("days", [(0, None), (None, 0), (1, 0)])
    def test_one_date_without_the_other_is_refused(
        self, jd: JobDescription, days: tuple[int | None, int | None]
    ) -> None:
        first, last = (None if offset is None else day(offset) for offset in days)
        with pytest.raises(drafts.ActionRefused):
            self.publish(jd, date_posted=first, valid_through=last)
        assert not Event.objects.filter(verb="description.published").exists()

    def test_archived_is_refused_and_archiving_unpublishes(self, jd: JobDescription) -> None:
        self.publish(jd, date_posted=day(0), valid_through=day(9))
        lifecycle.archive(description=jd, by=jd.owner)
        jd.refresh_from_db()
        assert (jd.is_public, jd.date_posted, jd.valid_through) == (False, None, None)
        with pytest.raises(drafts.ActionRefused, match="archived"):
            self.publish(jd)

    def test_confidential_has_no_public_page(self, jd: JobDescription) -> None:
        JobDescription.objects.update(confidential=True)
        with pytest.raises(drafts.ActionRefused, match="confidential"):
            self.publish(jd)

    def test_public_cannot_become_confidential(self, jd: JobDescription) -> None:
        self.publish(jd)
        with pytest.raises(drafts.ActionRefused, match="public page"):
            lifecycle.assign_people(
                description=jd,
                owner=jd.owner,
                hiring_managers=(),
                confidential=True,
                review_by=None,
                by=jd.owner,
            )
        jd.refresh_from_db()
        assert not jd.confidential
