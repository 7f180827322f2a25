"""Physical demands and shifts in the wizard, without JavaScript: typed, refused, kept, shown."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from roles.models import JobDescription, Line
from tests import builders
from tests.html import find, words
from tests.pages import Page, open_page

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def client(client_for: Any) -> Any:
    return client_for("hr")


@pytest.fixture
def jd(client: Any) -> JobDescription:
    """A draft of the signed-in person with a physical demand."""
    jd = builders.description(client.user)
    builders.add_section(jd, "conditions", "Physical demands", "Lift")
    return JobDescription.objects.get(pk=jd.pk)


def url(jd: JobDescription, step: str = "conditions") -> str:
    return reverse("wizard_step", args=[jd.reference, step])


def lift(jd: JobDescription) -> Line:
    return Line.objects.get(description=jd, text="Lift")


def typed(client: Any, jd: JobDescription, **values: str) -> Page:
    page = open_page(client, url(jd))
    for name, value in values.items():
        page.data[f"line-{lift(jd).uid}-{name}"] = [value]
    return page.press("save")


@pytest.mark.slow
def test_a_demand_is_typed_and_previewed(client: Any, jd: JobDescription) -> None:
    typed(client, jd, amount="50", unit="lb", how_often="frequently")
    found = lift(jd)
    assert (found.amount, found.unit, found.how_often) == (Decimal("50"), "lb", "frequently")
    [table] = find(client.get(url(jd)), "table", class_="jd-demands")
    assert "50 lb" in words(table)
    assert open_page(client, url(jd)).data[f"line-{found.uid}-amount"] == ["50"]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("50", "50"),
        ("22.5", "22.5"),
        ("22,5", "22.5"),
        ("2½", "2.5"),
        ("½", "0.5"),
        ("1,000", "1000"),
        ("12,500.5", "12500.5"),
        ("0,500", "0.5"),
        ("٥٠", "50"),
        (" 50 ", "50"),
        ("0", "0"),
        ("", None),
    ],
)
def test_an_amount_is_read_as_people_type_it(
    client: Any, jd: JobDescription, text: str, amount: str | None
) -> None:
    typed(client, jd, amount=text)
    assert lift(jd).amount == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize(
    "text", ["heavy", "50 lb", "-5", "100000", "1.255", "1.2.3", "1e3", "NaN", ",", "9" * 400]
)
def test_a_bad_amount_is_kept_with_a_message(client: Any, jd: JobDescription, text: str) -> None:
    page = typed(client, jd, amount=text, how_often="never")
    assert lift(jd).amount is None
    assert lift(jd).how_often == ""
    assert page.data[f"line-{lift(jd).uid}-amount"] == [text]
    assert find(page.response, class_="is-stale")


@pytest.mark.parametrize(
    ("name", "value"), [("unit", "stone"), ("how_often", "daily"), ("unit", "x" * 500)]
)
def test_an_unknown_choice_is_refused(
    client: Any, jd: JobDescription, name: str, value: str
) -> None:
    typed(client, jd, **{name: value})
    assert getattr(lift(jd), name) == ""


def test_the_category_is_in_the_row(client: Any, jd: JobDescription) -> None:
    """With the fields of a demand: the style sheet hides them from other lines."""
    uid = jd.sections.get(kind="conditions").uid
    builders.add_line(jd, uid, "Travel", category="travel")
    travel = f"line-{jd.lines.get(text='Travel').uid}"
    page = open_page(client, url(jd))
    assert page.data[f"{travel}-category"] == ["travel"]
    page.data[f"{travel}-category"] = ["physical"]
    page.data[f"{travel}-how_often"] = ["occasionally"]
    page.press("save")
    found = jd.lines.get(text="Travel")
    assert (found.category, found.how_often) == ("physical", "occasionally")


@pytest.mark.parametrize("values", [{}, {"how_often": "never"}, {"unit": "kg"}])
def test_lines_elsewhere_have_the_fields_if_they_state_something(
    client: Any, jd: JobDescription, values: dict[str, str]
) -> None:
    line = jd.lines.get(section__kind="responsibilities")
    Line.objects.filter(pk=line.pk).update(**values)
    page = open_page(client, url(jd, "responsibilities"))
    assert (f"line-{line.uid}-how_often" in page.data) == bool(values)


# --- shifts


@pytest.mark.slow
def test_shifts_are_chosen_and_taken_back(client: Any, jd: JobDescription) -> None:
    page = open_page(client, url(jd, "details"))
    page.data["facts-shifts"] = ["night", "on_call"]
    page = page.press("save")
    jd.refresh_from_db()
    assert jd.shifts == ["night", "on_call"]
    page = open_page(client, url(jd, "details"))
    assert page.data["facts-shifts"] == ["night", "on_call"]
    del page.data["facts-shifts"]
    page.press("save")
    jd.refresh_from_db()
    assert jd.shifts == []


@pytest.mark.slow
def test_an_unknown_shift_is_refused(client: Any, jd: JobDescription) -> None:
    page = open_page(client, url(jd, "details"))
    page.data["facts-shifts"] = ["graveyard"]
    page.press("save")
    jd.refresh_from_db()
    assert jd.shifts == []
