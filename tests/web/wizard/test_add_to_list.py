"""Adding a family, department, or location from the wizard."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.urls import reverse

from roles.models import Department, Event, JobFamily, JobLevel, Location, PayGrade
from tests import builders
from tests.html import find
from tests.pages import open_page

pytestmark = pytest.mark.django_db

FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def jd() -> Any:
    return builders.description()


@pytest.fixture
def client(client_for: Any, jd: Any) -> Any:
    return client_for(jd.owner)


def add_url(jd: Any, name: str) -> str:
    return reverse("wizard_add", args=[jd.reference, name])


def details(jd: Any) -> str:
    return reverse("wizard_step", args=[jd.reference, "details"])


def test_the_dialog_adds_a_row_and_says_which(client: Any, jd: Any) -> None:
    response = client.get(add_url(jd, "departments"), headers=FRAGMENT)
    assert "<html" not in response.text
    assert find(response, "input", name="name")
    response = client.post(add_url(jd, "departments"), {"name": "Finance"}, headers=FRAGMENT)
    assert response.status_code == 204
    row = Department.objects.get(name="Finance")
    assert json.loads(response["HX-Trigger"]) == {
        "list-added": {"list": "departments", "value": str(row.pk), "label": "Finance"}
    }
    jd.refresh_from_db()
    assert jd.department is None  # the page chooses it, and saves it with the facts
    event = Event.objects.latest("pk")
    assert (event.verb, event.actor) == ("department.added", jd.owner.username)


def test_errors_stay_in_the_dialog(client: Any, jd: Any) -> None:
    builders.department("Sales")
    for name, message in (("", "Enter the name."), ("sales", "already in the list")):
        response = client.post(add_url(jd, "departments"), {"name": name}, headers=FRAGMENT)
        assert response.status_code == 422
        assert message in response.text
        assert find(response, "input", name="name", value=name) or not name


@pytest.mark.slow
def test_without_scripts_the_page_is_saved_and_the_row_chosen(client: Any, jd: Any) -> None:
    page = open_page(client, details(jd))
    form = page.press("list-add:locations", **{"facts-reports_to": "Head of sales"})
    jd.refresh_from_db()
    assert jd.reports_to == "Head of sales"
    assert form.url == add_url(jd, "locations")
    kept = Location.objects.create(city="Denver", country="US")
    jd.locations.add(kept)
    typed = {"city": "Berlin", "country": "DE", "region": ""}
    response = client.post(add_url(jd, "locations"), typed)
    assert response["Location"] == details(jd)
    assert {place.city for place in jd.locations.all()} == {"Denver", "Berlin"}


@pytest.mark.parametrize(
    ("name", "field", "typed"),
    [
        ("families", "job_family", {"name": "Research", "prefix": "res"}),
        ("departments", "department", {"name": "Finance"}),
    ],
)
def test_a_new_row_is_chosen_in_the_draft(
    client: Any, jd: Any, name: str, field: str, typed: dict[str, str]
) -> None:
    token = jd.edit_token
    for _ in range(2):
        client.post(add_url(jd, name), {**typed, "nonce": "n"})
    jd.refresh_from_db()
    assert str(getattr(jd, field)) == typed["name"]
    assert jd.edit_token == token + 1


def test_the_start_page_keeps_what_was_typed(client: Any) -> None:
    add = reverse("start_add", args=["families"])
    query = {"title": "Nurse", "level": "", "source": "blank", "nonce": "n", "family": "9"}
    response = client.get(add, query)
    assert "nonce" not in response["Location"]
    address = response["Location"]
    assert find(client.get(address), "a", href="/descriptions/new/?title=Nurse&level=&source=blank")
    response = client.post(address, {"name": "Care", "prefix": "CAR"})
    family = JobFamily.objects.get(name="Care")
    page = client.get(response["Location"])
    assert page.context["form"]["title"].value() == "Nurse"
    assert page.context["form"]["family"].value() == str(family.pk)
    assert page.context["chosen"] == "blank"


def test_only_the_lists_of_the_page_can_be_added_to(client: Any, jd: Any) -> None:
    assert client.get(reverse("start_add", args=["departments"])).status_code == 404
    for name in ("levels", "pay-grades", "moon"):
        assert client.get(add_url(jd, name)).status_code == 404
        assert client.post(add_url(jd, name), {"name": "x"}).status_code == 404


@pytest.mark.slow
def test_administrators_can_switch_it_off(client: Any, client_for: Any, jd: Any) -> None:
    start = reverse("description_new")
    assert "data-add-to-list" in client.get(start).text
    assert client.get(details(jd)).text.count("data-add-to-list") == 3
    builders.organization(hr_adds_to_lists=False)
    for page in (start, details(jd)):
        assert "data-add-to-list" not in client.get(page).text
        assert "data-add-to-list" in client_for("admin").get(page).text
    for address in (add_url(jd, "families"), reverse("start_add", args=["families"])):
        assert client.post(address, {"name": "Care", "prefix": "CAR"}).status_code == 403
    assert not JobFamily.objects.filter(name="Care").exists()


def test_people_limited_to_departments_add_no_others(client: Any, jd: Any) -> None:
    jd.owner.departments.add(builders.department())
    assert client.get(details(jd)).text.count("data-add-to-list") == 2
    assert client.post(add_url(jd, "departments"), {"name": "Legal"}).status_code == 403


# --- what the lists offer


@pytest.mark.slow
def test_pay_grades_are_offered_and_old_ones_stay(client: Any, jd: Any) -> None:
    page = client.get(details(jd))
    assert find(page, "input", name="facts-pay_grade")
    for position, name in enumerate(("G2", "G1")):
        PayGrade.objects.create(name=name, position=position)
    jd.pay_grade = "Band 9"
    jd.save()
    page = open_page(client, details(jd))
    [field] = find(page, "select", name="facts-pay_grade")
    assert [option.get("value") for option in field.iter("option")] == ["", "G2", "G1", "Band 9"]
    page.press("save", **{"facts-reports_to": "CEO"})
    jd.refresh_from_db()
    assert (jd.pay_grade, jd.reports_to) == ("Band 9", "CEO")
    open_page(client, details(jd)).press("save", **{"facts-pay_grade": "G1"})
    jd.refresh_from_db()
    assert jd.pay_grade == "G1"
    page = open_page(client, details(jd)).press("save", **{"facts-pay_grade": "Band 9"})
    assert page.response.status_code == 422


def test_levels_are_by_track_if_there_are_several(client: Any) -> None:
    JobLevel.objects.create(code="senior", name="Senior")
    page = client.get(reverse("description_new"))
    assert not find(page, "optgroup")
    JobLevel.objects.create(code="lead", name="Lead", track="people")
    page = client.get(reverse("description_new"))
    groups = {
        group.get("label"): [option.text for option in group] for group in find(page, "optgroup")
    }
    assert groups == {"Individual": ["Mid level", "Senior"], "People": ["Lead"]}
