"""The page that changes the selected job descriptions."""

from datetime import date

import pytest
from django.urls import reverse

from tests import builders
from tests.html import find, links, messages

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
DAY = date(2031, 1, 1)


def address(*jds):
    return reverse("change_selected") + "?" + "&".join(f"jd={jd.reference}" for jd in jds)


def posted(**values):
    blank = {"department": "", "job_family": "", "review_by": "", "status": ""}
    return {**blank, **values}


def test_the_list_leads_to_it(client_for):
    builders.description()
    page = client_for("hr").get("/descriptions/")
    assert find(page, "button", formaction=reverse("change_selected"))


def test_changes_are_made_and_counted(client_for):
    client = client_for("hr")
    jds = [builders.description(), builders.description()]
    depot = builders.department("Depot")
    page = client.post(address(*jds), posted(department=depot.pk), follow=True)
    assert "2 job descriptions changed." in messages(page)
    for jd in jds:
        jd.refresh_from_db()
        assert jd.department == depot


@pytest.mark.parametrize(
    ("before", "values", "after"),
    [
        pytest.param({}, {"status": "archive"}, {"status": "archived"}, id="archive"),
        pytest.param(
            {"status": "archived"}, {"status": "restore"}, {"status": "draft"}, id="restore"
        ),
        pytest.param({}, {"review_by": "2031-01-01"}, {"review_by": DAY}, id="set a review date"),
        pytest.param(
            {"review_by": DAY},
            {"removes_review_date": "on"},
            {"review_by": None},
            id="remove the review date",
        ),
        pytest.param({}, {"job_family": "Care"}, {"job_family": "Care"}, id="change the family"),
        pytest.param({}, {"job_family": "remove"}, {"job_family": None}, id="remove the family"),
    ],
)
def test_each_change_is_made_in_each(client_for, before, values, after):
    care = builders.family("Care", "CAR")
    jds = [builders.description(**before) for _ in range(2)]
    sent = {name: care.pk if value == "Care" else value for name, value in values.items()}
    page = client_for("hr").post(address(*jds), posted(**sent), follow=True)
    assert "2 job descriptions changed." in messages(page)
    for jd in jds:
        jd.refresh_from_db()
        found = {name: getattr(jd, name) for name in after}
        assert found == {name: care if value == "Care" else value for name, value in after.items()}


def test_hiring_managers_are_added_and_removed(client_for):
    kept, left, added = (builders.user("manager") for _ in range(3))
    jds = [builders.description(hiring_managers=(kept, left)) for _ in range(2)]
    values = posted(added_managers=[added.pk], removed_managers=[left.pk])
    page = client_for("hr").post(address(*jds), values, follow=True)
    assert "2 job descriptions changed." in messages(page)
    for jd in jds:
        assert {*jd.hiring_managers.all()} == {kept, added}


def test_it_says_which_stay_as_they_are(client_for):
    archived, other = builders.description(status="archived"), builders.description()
    data = posted(department=builders.department().pk)
    page = client_for("hr").post(address(archived, other), data, follow=True)
    assert "1 job description changed." in messages(page)
    assert archived.reference in messages(page)
    assert other.reference not in messages(page)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, None),
        ({"review_by": "2031-01-01", "removes_review_date": "on"}, "review_by"),
        ({"review_by": "tomorrow"}, "review_by"),
        ({"review_by": "9999-01-01"}, "review_by"),
        ({"department": "0"}, "department"),
        ({"department": "9" * 30}, "department"),
        ({"status": "deleted"}, "status"),
        ({"added_managers": "9" * 30}, "added_managers"),
    ],
)
def test_bad_input_changes_nothing_and_is_kept(client_for, values, field):
    jd = builders.description()
    page = client_for("hr").post(address(jd), posted(**values))
    assert page.status_code == 422
    form = page.context["form"]
    assert list(form.errors) == [field or "__all__"]
    jd.refresh_from_db()
    assert (jd.department, jd.review_by, jd.status) == (None, None, "draft")


@pytest.mark.both_databases
def test_one_person_is_not_added_and_removed(client_for):
    manager = builders.user("manager")
    jd = builders.description(hiring_managers=(manager,))
    data = posted(added_managers=[manager.pk], removed_managers=[manager.pk])
    page = client_for("hr").post(address(jd), data)
    assert "removed_managers" in page.context["form"].errors


def test_others_are_left_out(client_for):
    secret = builders.description(confidential=True)
    jd = builders.description()
    client = client_for("hr")
    page = client.get(address(secret, jd))
    assert page.context["count"] == 1
    assert secret.reference not in page.text
    client.post(address(secret, jd), posted(status="archive"))
    secret.refresh_from_db()
    assert secret.status == "draft"


def test_nothing_selected(client_for):
    page = client_for("hr").get(reverse("change_selected"))
    assert reverse("descriptions") in links(page)
    assert not find(page, "select", name="department")


def test_only_departments_that_the_person_sees_are_offered(client_for):
    """The job descriptions would be out of sight in any other."""
    client, own, other = client_for("hr"), builders.department("Own"), builders.department("Other")
    client.user.departments.add(own)
    jd = builders.description(department=own)
    page = client.post(address(jd), posted(department=other.pk))
    assert page.status_code == 422
    assert "department" in page.context["form"].errors
    assert client.post(address(jd), posted(department=own.pk)).status_code == 302
