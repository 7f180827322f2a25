"""One change of many job descriptions."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from roles.drafts.bulk_change import BulkChange, change_many
from roles.models import Event
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return builders.user("hr")


def test_facts_and_people_change_in_each(author):
    kept, left, added = (builders.user("manager") for _ in range(3))
    jds = [builders.description(author, hiring_managers=(kept, left)) for _ in range(2)]
    day = timezone.localdate() + timedelta(days=30)
    change = BulkChange(
        {"department": builders.department("Depot"), "job_family": None},
        added_managers=frozenset([added]),
        removed_managers=frozenset([left]),
        review_by=day,
    )
    assert change_many(descriptions=jds, change=change, by=author) == []
    for jd in jds:
        jd.refresh_from_db()
        assert (str(jd.department), jd.job_family, jd.review_by) == ("Depot", None, day)
        assert {*jd.hiring_managers.all()} == {kept, added}
        verbs = Event.objects.filter(chain=jd.reference).values_list("verb", flat=True)
        assert list(verbs)[-2:] == ["draft.changed", "people.assigned"]
    assert not list(Event.objects.broken())


def test_one_that_refuses_is_left_as_it_is(author):
    archived = builders.description(author, status="archived")
    other = builders.description(author)
    change = BulkChange({"department": builders.department("Depot")}, review_by=date(2030, 1, 1))
    [refused] = change_many(descriptions=[archived, other], change=change, by=author)
    assert refused.description == archived
    archived.refresh_from_db()
    other.refresh_from_db()
    assert (archived.department, archived.review_by) == (None, None)
    assert str(other.department) == "Depot"


def test_restored_ones_can_change_at_once(author):
    archived = builders.description(author, status="archived")
    change = BulkChange({"department": builders.department("Depot")}, restores=True)
    assert change_many(descriptions=[archived], change=change, by=author) == []
    archived.refresh_from_db()
    assert (archived.status, str(archived.department)) == ("draft", "Depot")


def test_archiving(author):
    jds = [builders.description(author), builders.description(author, status="archived")]
    assert change_many(descriptions=jds, change=BulkChange(archives=True), by=author) == []
    for jd in jds:
        jd.refresh_from_db()
        assert jd.status == "archived"


def test_what_is_so_already_records_nothing(author):
    depot = builders.department("Depot")
    jd = builders.description(author, department=depot)
    before = Event.objects.count()
    change_many(descriptions=[jd], change=BulkChange({"department": depot}), by=author)
    assert Event.objects.count() == before


def test_review_date_is_removed(author):
    jd = builders.description(author, review_by=date(2030, 1, 1))
    change_many(descriptions=[jd], change=BulkChange(removes_review_date=True), by=author)
    jd.refresh_from_db()
    assert jd.review_by is None
