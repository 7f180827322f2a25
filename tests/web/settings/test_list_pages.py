"""The pages of the organization's lists."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from roles.models import (
    Department,
    Event,
    JobFamily,
    JobLevel,
    Location,
    PayGrade,
    PayReference,
    PlaceholderAnswer,
)
from roles.organization import list_rows
from roles.organization.list_rows import LISTS
from roles.web.settings.list_registry import PAGES
from roles.web.shared.settings_navigation import SECTIONS
from tests import builders
from tests.html import find, messages

pytestmark = pytest.mark.django_db

TYPED: dict[str, dict[str, str]] = {
    "departments": {"name": " Finance "},
    "locations": {"city": "Berlin", "country": "DE", "region": "Berlin"},
    "families": {"name": "Research", "prefix": "res"},
    "levels": {"name": "Lead", "track": "people", "years_from": "5", "years_to": ""},
    "pay-grades": {"name": "G7"},
    "categories": {"name": "Safety"},
    "custom-facts": {"label": "Union", "audience": "internal"},
    "placeholders": {"placeholder": "[Industry]", "value": "Energy"},
    "market-figures": {
        **{"role": "Nurse", "country": "US", "amount": "60,000", "currency": "usd"},
        **{"period": "year", "statistic": "median", "as_of": "2026-02"},
    },
}


@pytest.fixture
def client(client_for: Any) -> Any:
    return client_for("admin")


def url(page: str, *arguments: object) -> str:
    return reverse(f"settings_{page}", args=arguments)


def filled(client: Any, address: str) -> dict[str, str]:
    form = client.get(address).context["form"]
    return {bound.name: bound.value() for bound in form if bound.value() not in (None, False)}


def test_every_list_has_a_page_and_a_link() -> None:
    assert PAGES.keys() == LISTS.keys() == TYPED.keys()
    linked = {section.argument for section in SECTIONS if section.url_name == "settings_list"}
    assert linked == LISTS.keys()
    for name, page in PAGES.items():
        assert set(LISTS[name].fields) <= page.form.base_fields.keys()


@pytest.mark.parametrize("name", PAGES)
def test_a_row_is_added_changed_and_deleted(client: Any, name: str) -> None:
    of = PAGES[name]
    assert str(of.words.none) in client.get(url("list", name)).text
    response = client.post(url("row_add", name), TYPED[name], follow=True)
    assert str(of.words.added) in messages(response)
    row = LISTS[name].rows().get()
    assert of.name(row) in response.text
    address = url("row", name, row.pk)
    assert client.post(address, filled(client, address)).status_code == 302
    identity = LISTS[name].identity[0]
    changed = {**filled(client, address), identity: "Renamed"}
    assert client.post(address, changed).status_code == 302
    row.refresh_from_db()
    assert getattr(row, identity).lower() == "renamed"
    assert "can’t be deleted" not in client.get(url("row_delete", name, row.pk)).text
    response = client.post(url("row_delete", name, row.pk), follow=True)
    assert str(of.words.deleted) in messages(response)
    assert not LISTS[name].rows().exists()


@pytest.mark.parametrize(
    ("name", "values", "message"),
    [
        ("departments", {"name": ""}, "Enter the name."),
        ("departments", {"name": "x" * 101}, "Use at most 100 characters"),
        ("locations", {"country": ""}, "Choose the country."),
        ("locations", {"country": "XX"}, "Select a valid choice"),
        ("families", {"prefix": "A1"}, "two to six capital letters"),
        ("levels", {"years_from": "9", "years_to": "2"}, "can’t be below"),
        ("levels", {"years_to": "99"}, "less than or equal to 60"),
        ("placeholders", {"placeholder": "[ ]"}, "words between the brackets"),
        ("placeholders", {"value": ""}, "Enter the value, or keep the brackets."),
        ("market-figures", {"amount": ""}, "Enter an amount, or a lowest"),
        ("market-figures", {"amount": "a lot"}, "Enter a number"),
        ("market-figures", {"currency": "XYZ"}, "isn’t a currency code"),
        ("market-figures", {"as_of": "soon"}, "Enter a date as"),
        ("market-figures", {"low": "9", "high": "2"}, "can’t be below the lowest"),
    ],
)
def test_errors_are_beside_the_fields(
    client: Any, name: str, values: dict[str, str], message: str
) -> None:
    typed = TYPED[name] | values
    response = client.post(url("row_add", name), typed)
    assert response.status_code == 422
    assert message in response.text
    form = response.context["form"]
    assert not form.non_field_errors()
    for field, value in typed.items():
        assert form[field].value() == value
    assert not LISTS[name].rows().exists()


def test_a_row_that_is_there_is_refused_beside_its_name(client: Any) -> None:
    builders.department("Sales")
    response = client.post(url("row_add", "departments"), {"name": "sales"})
    assert response.status_code == 422
    assert "already in the list" in str(response.context["form"].errors["name"])


def test_the_later_of_two_people_is_asked(client: Any, client_for: Any) -> None:
    family = builders.family()
    address = url("row", "families", family.pk)
    mine, theirs = filled(client, address), filled(client_for("admin"), address)
    client_for("admin").post(address, {**theirs, "name": "Theirs", "prefix": "THE"})
    response = client.post(address, {**mine, "name": "Mine"})
    assert response.status_code == 409
    assert "Someone else changed these settings" in response.text
    assert response.context["form"].others == [("Name", "Theirs"), ("Reference prefix", "THE")]
    assert find(response, "input", name="name", value="Mine")
    family.refresh_from_db()
    assert family.name == "Theirs"
    base = response.context["form"]["base"].value()
    assert client.post(address, {**mine, "name": "Mine", "base": base}).status_code == 302
    family.refresh_from_db()
    assert (family.name, family.prefix) == ("Mine", "ACC")


def test_a_form_submitted_twice_adds_one_row(client: Any) -> None:
    for _ in range(2):
        client.post(url("row_add", "departments"), {"name": "Finance", "nonce": "n"})
    assert Department.objects.count() == 1
    assert Event.objects.filter(verb="department.added").count() == 1


def test_a_row_in_use_says_where(client: Any) -> None:
    sales = builders.department()
    builders.description(department=sales)
    assert "1 job description" in client.get(url("list", "departments")).text
    address = url("row_delete", "departments", sales.pk)
    assert "used in 1 job description" in client.get(address).text
    response = client.post(address, follow=True)
    assert "“Sales” is used in 1 job description, so it can’t be deleted." in messages(response)
    assert Department.objects.exists()


def test_buttons_move_a_row(client: Any) -> None:
    levels = [JobLevel.objects.create(code=c, name=c, position=n) for n, c in enumerate("ab")]
    move = url("row_move", "levels", levels[1].pk)
    client.post(move, {"direction": "up"})
    assert [level.name for level in JobLevel.objects.all()] == ["b", "a"]
    for direction in ("sideways", ""):
        assert client.post(move, {"direction": direction}).status_code == 302
    builders.department()
    client.post(url("row_move", "departments", Department.objects.get().pk), {"direction": "up"})
    assert not Event.objects.filter(verb="department.moved").exists()


def test_a_long_list_is_searched(client: Any) -> None:
    Location.objects.bulk_create(Location(city=f"City {n}", country="US") for n in range(120))
    assert 'type="search"' in client.get(url("list", "locations")).text
    text = client.get(url("list", "locations"), {"q": "city 77"}).text
    assert "City 77" in text
    assert "City 78" not in text
    assert "No entries match" in client.get(url("list", "locations"), {"q": "moon\0"}).text


@pytest.mark.parametrize("name", ["moon", "Departments"])
def test_an_unknown_list_is_not_found(client: Any, name: str) -> None:
    assert client.get(url("list", name)).status_code == 404
    assert client.get(url("row_add", name)).status_code == 404
    assert client.get(url("row", name, 1)).status_code == 404


def test_values_of_a_job_description_are_not_shown(client: Any) -> None:
    answer = PlaceholderAnswer.objects.create(
        description=builders.description(), placeholder="city", value="Rome"
    )
    assert "Rome" not in client.get(url("list", "placeholders")).text
    assert client.get(url("row", "placeholders", answer.pk)).status_code == 404


def test_placeholders_have_one_value_for_all_spellings(client: Any) -> None:
    client.post(url("row_add", "placeholders"), {"placeholder": "[Company]", "value": "Acme"})
    assert PlaceholderAnswer.objects.get().placeholder == "company name"
    response = client.post(
        url("row_add", "placeholders"), {"placeholder": "organization", "value": "Other"}
    )
    assert "already in the list" in response.text


def test_a_country_that_is_no_longer_offered_stays(client: Any) -> None:
    place = Location.objects.create(city="Pristina", country="XK")
    address = url("row", "locations", place.pk)
    assert client.post(address, {**filled(client, address), "city": "Prishtina"}).status_code == 302
    place.refresh_from_db()
    assert (place.city, place.country) == ("Prishtina", "XK")


def test_regions_of_a_country_are_suggested(client: Any) -> None:
    assert "Colorado" in client.get(reverse("regions"), {"country": "US"}).text
    assert "option" not in client.get(reverse("regions"), {"country": "moon"}).text
    place = Location.objects.create(city="Denver", country="US")
    assert '<option value="Colorado">' in client.get(url("row", "locations", place.pk)).text


def test_pay_figures_of_the_starter_library_become_the_organizations_own(client: Any) -> None:
    figure = PayReference.objects.create(code="f", role="Nurse", amount=1)
    address = url("row", "market-figures", figure.pk)
    response = client.post(address, {**filled(client, address), "amount": "€2"})
    assert "This amount is in €, but the currency is USD." in response.text
    figure.refresh_from_db()
    assert (int(figure.amount or 0), figure.edited) == (1, False)
    client.post(address, {**filled(client, address), "amount": "$2k"})
    figure.refresh_from_db()
    assert (int(figure.amount or 0), figure.edited) == (2000, True)


def test_a_family_added_by_code_is_offered_at_once(client: Any) -> None:
    client.post(url("row_add", "families"), TYPED["families"])
    family = JobFamily.objects.get()
    assert (family.code, family.prefix) == ("research", "RES")
    row = list_rows.add(list_name="pay-grades", values={"name": "G1"}, by=client.user)
    assert row == PayGrade.objects.get()
