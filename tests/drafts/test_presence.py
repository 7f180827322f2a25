"""Who has a draft open."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from roles.drafts import lifecycle, presence
from roles.models import DraftPresence, JobDescription, User
from roles.people import erasure, offboarding
from roles.tasks import background
from tests import builders
from tests.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def jd() -> JobDescription:
    return builders.description(builders.user("hr", first_name="Ann"))


@pytest.fixture
def robin() -> User:
    return builders.user("hr", first_name="Robin", last_name="Hale")


def places(jd: JobDescription, user: User, step: str = "details", **values: Any) -> dict[str, str]:
    """Where the others are, for a person who is at that step."""
    others = presence.record(description=jd, user=user, step=step, **values)
    return {row.user.username: f"{row.step}/{row.section}" for row in others}


def pass_seconds(seconds: float) -> None:
    for row in DraftPresence.objects.all():
        row.seen_at -= timedelta(seconds=seconds)
        row.save()


def written(jd: JobDescription, user: User, **values: Any) -> bool:
    with CaptureQueriesContext(connection) as captured:
        presence.record(description=jd, user=user, **values)
    return any(query["sql"].startswith("INSERT") for query in captured)


def test_each_sees_the_other_and_not_themselves(jd: JobDescription, robin: User) -> None:
    assert places(jd, robin, "responsibilities") == {}
    assert places(jd, jd.owner, "pay", section="s1") == {robin.username: "responsibilities/"}
    assert places(jd, robin, "responsibilities") == {jd.owner.username: "pay/s1"}
    assert places(builders.description(), robin) == {}  # another draft


def test_others_are_in_the_order_of_their_names(jd: JobDescription, robin: User) -> None:
    for name in ("Zoe", "Bea", "Kim"):
        places(jd, builders.user("hr", first_name=name))
    others = presence.record(description=jd, user=robin, step="details")
    assert [row.user.first_name for row in others] == ["Bea", "Kim", "Zoe"]


@pytest.mark.parametrize(("seconds", "is_seen"), [(0, True), (50, True), (61, False)])
def test_who_left_is_forgotten_after_a_minute(
    jd: JobDescription, robin: User, seconds: int, is_seen: bool
) -> None:
    places(jd, robin)
    pass_seconds(seconds)
    assert (robin.username in places(jd, jd.owner)) == is_seen


def test_polls_write_at_most_every_fifteen_seconds(jd: JobDescription, robin: User) -> None:
    assert written(jd, robin, step="details", section="")
    assert not written(jd, robin, step="details", section="s1")
    pass_seconds(10)
    assert not written(jd, robin, step="details", section="s1")
    pass_seconds(6)
    assert written(jd, robin, step="details", section="s1")
    assert places(jd, jd.owner) == {robin.username: "details/s1"}


def test_opening_another_step_is_written_at_once(jd: JobDescription, robin: User) -> None:
    assert written(jd, robin, step="details")
    assert not written(jd, robin, step="details")  # loaded again
    assert written(jd, robin, step="pay")
    assert places(jd, jd.owner) == {robin.username: "pay/"}


def test_loading_the_same_step_again_keeps_the_section(jd: JobDescription, robin: User) -> None:
    places(jd, robin, "pay", section="s1")
    pass_seconds(20)
    places(jd, robin, "pay")
    assert places(jd, jd.owner) == {robin.username: "pay/s1"}
    places(jd, robin, "summary")
    assert places(jd, jd.owner) == {robin.username: "summary/"}


def test_two_tabs_of_one_person_are_one(jd: JobDescription, robin: User) -> None:
    for step in ("details", "pay", "details", "pay"):
        places(jd, robin, step)
    assert places(jd, jd.owner) == {robin.username: "pay/"}
    assert DraftPresence.objects.filter(user=robin).count() == 1


def test_someone_who_comes_back_replaces_the_expired_row(jd: JobDescription, robin: User) -> None:
    places(jd, robin)
    pass_seconds(3600)
    places(jd, robin, "pay")
    assert places(jd, jd.owner) == {robin.username: "pay/"}


def test_expired_rows_are_deleted_in_the_background(jd: JobDescription, robin: User) -> None:
    places(jd, robin)
    pass_seconds(61)
    places(jd, jd.owner)
    background.run_tasks()
    assert [row.user for row in DraftPresence.objects.all()] == [jd.owner]
    with CaptureQueriesContext(connection) as captured:
        presence.remove_expired()
    assert [query["sql"][:6] for query in captured] == ["SELECT"]


def test_deactivating_an_account_ends_its_presence(jd: JobDescription, robin: User) -> None:
    places(jd, robin)
    offboarding.deactivate(account=robin, by=builders.user("admin"))
    assert places(jd, jd.owner) == {}
    assert not DraftPresence.objects.filter(user=robin).exists()


def test_erasing_an_account_ends_its_presence(jd: JobDescription, robin: User) -> None:
    admin = builders.user("admin")
    offboarding.deactivate(account=robin, by=admin)
    DraftPresence.objects.create(description=jd, user=robin, step="pay", seen_at=timezone.now())
    assert places(jd, jd.owner) == {}  # even while the row exists
    erasure.erase(account=robin, by=admin)
    assert not DraftPresence.objects.filter(user=robin).exists()


def test_deleting_a_draft_that_someone_has_open(jd: JobDescription, robin: User) -> None:
    places(jd, robin)
    lifecycle.delete_draft(description=jd, by=jd.owner)
    assert not DraftPresence.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_draft_that_is_deleted_at_that_moment(jd: JobDescription, robin: User) -> None:
    lifecycle.delete_draft(description=JobDescription.objects.get(pk=jd.pk), by=jd.owner)
    assert presence.record(description=jd, user=robin, step="pay") == []
    assert not DraftPresence.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_make_one_row(jd: JobDescription, robin: User) -> None:
    at_once(lambda: places(jd, robin, "details"), lambda: places(jd, robin, "pay"))
    assert DraftPresence.objects.filter(user=robin).count() == 1
