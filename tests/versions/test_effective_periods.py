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
def made() -> JobDescription:
    """A job description with three versions."""
    made = builders.description()
    for _ in range(3):
        builders.version(made)
    return made


@pytest.fixture
def long_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    """Versions saved from now on count as saved a hundred days ago."""
    then = timezone.now() - timedelta(days=100)

    def stamp(version: Version, add: bool) -> datetime:
        version.created_at = then
        return then

    monkeypatch.setattr(Version._meta.get_field("created_at"), "pre_save", stamp)


def make(made: JobDescription, number: int, offset: int = 0) -> EffectivePeriod:
    version = made.versions.get(number=number)
    return effective_periods.make_effective(
        version=builders.approved(version), since=day(offset), by=made.owner
    )


def numbers(made: JobDescription, *offsets: int) -> list[int | None]:
    """The numbers of the versions that hold on these days."""
    found = [effective_periods.current_on(made, day(offset)) for offset in offsets]
    return [version.number if version else None for version in found]


def shown(made: JobDescription) -> str:
    row: Any = JobDescription.objects.with_shown_status().get(pk=made.pk)
    return str(row.shown_status)


class TestMakeEffective:
    def test_current_from_that_day(self, made: JobDescription) -> None:
        assert numbers(made, 0) == [None]
        make(made, 2)
        assert numbers(made, -1, 0, 1, 9000) == [None, 2, 2, 2]
        event = Event.objects.filter(chain=made.reference).latest("number")
        assert event.verb == "version.effective"
        assert event.what["since"] == day(0).isoformat()
        assert event.what["supersedes"] is None
        assert list(Event.objects.broken()) == []

    def test_previous_version_is_superseded_on_that_day(
        self, long_ago: None, made: JobDescription
    ) -> None:
        make(made, 1, -20)
        make(made, 2, -5)
        assert numbers(made, -21, -20, -6, -5, 0) == [None, 1, 1, 2, 2]
        event = Event.objects.filter(chain=made.reference).latest("number")
        assert event.what["supersedes"] == 1

    def test_future_date_changes_nothing_until_then(self, made: JobDescription) -> None:
        make(made, 1)
        make(made, 2, 10)
        assert numbers(made, 0, 9, 10, 11) == [1, 1, 2, 2]

    def test_replaces_one_that_started_the_same_day(self, made: JobDescription) -> None:
        make(made, 1)
        make(made, 2)
        assert numbers(made, -1, 0, 1) == [None, 2, 2]
        assert EffectivePeriod.objects.count() == 1

    def test_replaced_plan_leaves_no_gap(self, made: JobDescription) -> None:
        make(made, 1)
        make(made, 2, 10)
        make(made, 3, 20)
        assert numbers(made, 0, 10, 19, 20) == [1, 1, 1, 3]
        assert Event.objects.latest("pk").what["withdraws"] == 2

    def test_plan_can_be_moved(self, made: JobDescription) -> None:
        make(made, 2, 10)
        make(made, 2, 5)
        assert numbers(made, 0, 4, 5) == [None, None, 2]
        make(made, 2, 15)
        assert numbers(made, 14, 15) == [None, 2]
        with pytest.raises(drafts.ActionRefused, match="already scheduled"):
            make(made, 2, 15)

    def test_current_version_can_stay_without_the_plan(
        self, long_ago: None, made: JobDescription
    ) -> None:
        make(made, 1, -30)
        make(made, 2, 10)
        row = make(made, 1)
        assert row.since == day(-30)
        assert numbers(made, -30, 0, 10, 500) == [1, 1, 1, 1]

    def test_current_version_is_refused(self, made: JobDescription) -> None:
        make(made, 1)
        for offset in (0, 3):
            with pytest.raises(drafts.ActionRefused, match="already current"):
                make(made, 1, offset)
        assert Event.objects.filter(verb="version.effective").count() == 1

    def test_earlier_version_can_become_current_again(
        self, long_ago: None, made: JobDescription
    ) -> None:
        make(made, 1, -20)
        make(made, 2, -10)
        make(made, 1)
        assert numbers(made, -15, -10, -1, 0) == [1, 2, 2, 1]

    def test_not_before_it_was_saved(self, made: JobDescription) -> None:
        with pytest.raises(drafts.ActionRefused, match="was saved on"):
            make(made, 1, -1)
        assert not EffectivePeriod.objects.exists()

    def test_not_before_the_current_version_started(
        self, long_ago: None, made: JobDescription
    ) -> None:
        make(made, 1, -5)
        with pytest.raises(drafts.ActionRefused, match="Version 1 has been current since"):
            make(made, 2, -6)
        assert numbers(made, -6, -5) == [None, 1]

    def test_not_with_blank_placeholders(self) -> None:
        made = builders.description()
        builders.add_line(made, made.sections.all()[0].uid, "Lead [Team] for [X] years.")
        builders.version(made)
        with pytest.raises(drafts.ActionRefused, match=r"\[Team\], \[X\]"):
            make(made, 1)

    def test_restored_version_can_become_current(self, made: JobDescription) -> None:
        builders.add_line(made, made.sections.all()[0].uid, "Regretted.")
        builders.version(made)
        first = made.versions.get(number=1)
        made.refresh_from_db()
        token = made.edit_token
        versions.restore(description=made, version=first, by=made.owner, token=token)
        again = builders.version(made)
        assert again.sha256 == first.sha256
        make(made, 4)
        make(made, again.number, 3)
        assert numbers(made, 0, 3) == [4, 5]


class TestArchive:
    def test_archiving_ends_current_and_planned(self, long_ago: None, made: JobDescription) -> None:
        make(made, 1, -5)
        make(made, 2, 5)
        lifecycle.archive(description=made, by=made.owner)
        assert numbers(made, -5, -1, 0, 5) == [1, 1, None, None]
        assert shown(made) == "archived"

    def test_no_version_is_current_while_archived(self, made: JobDescription) -> None:
        lifecycle.archive(description=made, by=made.owner)
        with pytest.raises(drafts.ActionRefused, match="archived"):
            make(made, 1)

    def test_no_version_is_current_after_restoring(
        self, long_ago: None, made: JobDescription
    ) -> None:
        make(made, 1, -10)
        lifecycle.archive(description=made, by=made.owner)
        EffectivePeriod.objects.update(until=day(-6))  # as if that had been six days ago
        lifecycle.unarchive(description=made, by=made.owner)
        assert shown(made) == "draft"
        make(made, 1, -2)
        assert numbers(made, -7, -6, -3, -2, 0) == [1, None, None, 1, 1]
        assert shown(made) == "current"

    def test_archiving_on_the_same_day_leaves_no_gap(
        self, long_ago: None, made: JobDescription
    ) -> None:
        make(made, 1, -10)
        lifecycle.archive(description=made, by=made.owner)
        lifecycle.unarchive(description=made, by=made.owner)
        make(made, 1)
        assert numbers(made, -1, 0, 1) == [1, 1, 1]
        assert EffectivePeriod.objects.get().since == day(-10)


class TestShownStatus:
    def test_status_depends_on_the_day(self, made: JobDescription) -> None:
        assert shown(made) == "draft"
        make(made, 1, 3)
        assert shown(made) == "draft"
        make(made, 1)
        assert shown(made) == "current"

    def test_status_of_each_version(self, long_ago: None, made: JobDescription) -> None:
        make(made, 1, -20)
        make(made, 2, -5)
        make(made, 3, 5)
        found = effective_periods.statuses(made, day(0)).values()
        said = {status.number: (status.state, status.day) for status in found}
        assert said == {
            1: ("superseded", day(-5)),
            2: ("current", day(-5)),
            3: ("planned", day(5)),
        }
        lifecycle.archive(description=made, by=made.owner)
        found = effective_periods.statuses(made, day(0)).values()
        assert {s.number: s.state for s in found} == {1: "superseded", 2: "ended"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("offsets", [(0, 0), (0, 4), (4, 4)])
def test_concurrent_changes_leave_one_current(offsets: tuple[int, int]) -> None:
    """Anyone who comes second decides; no day has two versions, none after has none."""
    made = builders.description()
    builders.version(made)
    builders.version(made)
    for _ in range(5):
        EffectivePeriod.objects.all().delete()
        outcomes: list[Any] = at_once(
            lambda: make(made, 1, offsets[0]), lambda: make(made, 2, offsets[1])
        )
        assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
        assert EffectivePeriod.objects.filter(until=None).count() == 1
        for offset in (0, 3, 4, 9):
            assert made.effective_periods.on(day(offset)).count() <= 1
        assert numbers(made, 9) != [None]
    assert list(Event.objects.broken()) == []


class TestPublish:
    def publish(self, made: JobDescription, **values: Any) -> JobDescription:
        wanted = {"is_public": True, "date_posted": None, "valid_through": None, **values}
        return publication.publish(description=made, by=made.owner, **wanted)

    def test_is_public_and_open_on_its_days(self, made: JobDescription) -> None:
        done = self.publish(made, date_posted=day(-1), valid_through=day(1))
        assert done.is_public
        found = [done.posting(day(offset)) is not None for offset in (-2, -1, 0, 1, 2)]
        assert found == [False, True, True, True, False]
        event = Event.objects.filter(chain=made.reference).latest("number")
        assert event.verb == "description.published"
        assert event.what["valid_through"] == day(1).isoformat()

    def test_public_page_is_removed(self, made: JobDescription) -> None:
        self.publish(made)
        assert not self.publish(made, is_public=False).is_public
        assert Event.objects.latest("pk").verb == "description.unpublished"

    @pytest.mark.parametrize("days", [(0, None), (None, 0), (1, 0)])
    def test_one_date_without_the_other_is_refused(
        self, made: JobDescription, days: tuple[int | None, int | None]
    ) -> None:
        first, last = (None if offset is None else day(offset) for offset in days)
        with pytest.raises(drafts.ActionRefused):
            self.publish(made, date_posted=first, valid_through=last)
        assert not Event.objects.filter(verb="description.published").exists()

    def test_archived_is_refused_and_archiving_unpublishes(self, made: JobDescription) -> None:
        self.publish(made, date_posted=day(0), valid_through=day(9))
        lifecycle.archive(description=made, by=made.owner)
        made.refresh_from_db()
        assert (made.is_public, made.date_posted, made.valid_through) == (False, None, None)
        with pytest.raises(drafts.ActionRefused, match="archived"):
            self.publish(made)

    def test_confidential_has_no_public_page(self, made: JobDescription) -> None:
        JobDescription.objects.update(confidential=True)
        with pytest.raises(drafts.ActionRefused, match="confidential"):
            self.publish(made)

    def test_public_cannot_become_confidential(self, made: JobDescription) -> None:
        self.publish(made)
        with pytest.raises(drafts.ActionRefused, match="public page"):
            lifecycle.assign_people(
                description=made,
                owner=made.owner,
                hiring_managers=(),
                confidential=True,
                review_by=None,
                by=made.owner,
            )
        made.refresh_from_db()
        assert not made.confidential
