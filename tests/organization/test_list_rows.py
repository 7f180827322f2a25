"""The lists of the organization: adding, changing, moving, and deleting their rows."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from roles import drafts, organization
from roles.drafts import changes
from roles.models import (
    CustomFact,
    Department,
    Event,
    JobDescription,
    JobFamily,
    JobLevel,
    Location,
    PayGrade,
    PayReference,
    PlaceholderAnswer,
    ResponsibilityCategory,
    User,
)
from roles.organization import list_rows, list_uses
from roles.organization.list_rows import LISTS
from tests import builders

pytestmark = pytest.mark.django_db

FIGURE: dict[str, Any] = dict.fromkeys(LISTS["market-figures"].fields, "") | {
    **dict.fromkeys(("years_from", "years_to", "low", "high")),
    "role": "Nurse",
    "amount": 60_000,
    "currency": "USD",
    "period": "year",
    "statistic": "average",
}
VALUES: dict[str, dict[str, Any]] = {
    "departments": {"name": "Finance"},
    "locations": {"city": "Berlin", "region": "", "country": "DE"},
    "families": {"name": "Research", "prefix": "RES"},
    "levels": {"name": "Lead", "track": "people", "years_from": 5, "years_to": 9},
    "pay-grades": {"name": "G7"},
    "categories": {"name": "Safety"},
    "custom-facts": {"label": "Union", "audience": "internal"},
    "placeholders": {"placeholder": "industry", "value": "Energy", "plain": False},
    "market-figures": FIGURE,
}


@pytest.fixture
def admin() -> User:
    return builders.user("admin")


def add(admin: User, name: str, /, **values: Any) -> Any:
    row = list_rows.add(list_name=name, values=VALUES[name] | values, by=admin)
    row.refresh_from_db()
    return row


def change(admin: User, name: str, row: Any, base: str = "", /, **values: Any) -> None:
    base = base or organization.state_of(row, LISTS[name].fields)
    stored = {field: getattr(row, field) for field in LISTS[name].fields}
    list_rows.change(list_name=name, row=row, values=stored | values, base=base, by=admin)
    row.refresh_from_db()


def last_verb() -> str:
    return Event.objects.latest("pk").verb


def test_every_list_has_values_here() -> None:
    assert VALUES.keys() == LISTS.keys()


@pytest.mark.parametrize("name", LISTS)
def test_a_row_is_added_changed_and_deleted(admin: User, name: str) -> None:
    of = LISTS[name]
    row = add(admin, name)
    model = row._meta.model_name
    assert last_verb() == f"{model}.added"
    assert row in of.rows()
    identity = of.identity[0]
    change(admin, name, row, **{identity: "other"})
    event = Event.objects.latest("pk")
    assert (event.verb, event.what["fields"]) == (f"{model}.changed", [identity])
    list_rows.delete(list_name=name, row=row, by=admin)
    assert last_verb() == f"{model}.deleted"
    assert not of.rows().exists()
    assert not list(Event.objects.broken())


@pytest.mark.parametrize("name", LISTS)
def test_the_same_row_twice_is_refused(admin: User, name: str) -> None:
    add(admin, name)
    with pytest.raises(ValidationError, match="already in the list"):
        add(admin, name)
    assert LISTS[name].rows().count() == 1


def test_names_differ_in_more_than_case_and_accents(admin: User) -> None:
    add(admin, "departments", name="Málaga  sales")
    with pytest.raises(ValidationError, match="already"):
        add(admin, "departments", name="malaga Sales")


@pytest.mark.parametrize(
    ("name", "label"), [("categories", "growth"), ("custom-facts", "Pay Grade")]
)
def test_built_in_entries_are_refused(admin: User, name: str, label: str) -> None:
    with pytest.raises(ValidationError, match="already"):
        add(admin, name, **{LISTS[name].identity[0]: label})


def test_codes_are_made_from_names_and_stay(admin: User) -> None:
    first = add(admin, "families", name="Überbau & Söhne")
    second = add(admin, "families", name="Überbau Söhne")
    third = add(admin, "families", name="研究")
    assert (first.code, second.code) == ("uberbau-sohne", "uberbau-sohne-2")
    assert third.code == "jobfamily"
    change(admin, "families", first, name="Other")
    assert first.code == "uberbau-sohne"
    # A built-in fact has the code "department"; the label is another one.
    assert add(admin, "custom-facts", label="Department!").code == "department-2"


def test_saving_an_unchanged_row_records_nothing(admin: User) -> None:
    row = add(admin, "departments")
    count = Event.objects.count()
    change(admin, "departments", row)
    assert Event.objects.count() == count


def test_the_later_of_two_changes_is_refused(admin: User) -> None:
    row = add(admin, "departments")
    base = organization.state_of(row, LISTS["departments"].fields)
    change(admin, "departments", row, name="Accounting")
    with pytest.raises(organization.StaleSettings):
        change(admin, "departments", row, base, name="Money")
    assert Department.objects.get().name == "Accounting"


def test_a_row_deleted_by_someone_else_cannot_be_changed(admin: User) -> None:
    row = add(admin, "departments")
    list_rows.delete(list_name="departments", row=Department.objects.get(), by=admin)
    with pytest.raises(ValidationError, match="deleted"):
        change(admin, "departments", row, name="Money")
    list_rows.delete(list_name="departments", row=row, by=admin)  # does nothing


def test_rows_move_one_place(admin: User) -> None:
    rows = [add(admin, "pay-grades", name=name) for name in ("A", "B", "C")]

    def order() -> str:
        return "".join(PayGrade.objects.values_list("name", flat=True))

    list_rows.move(list_name="pay-grades", row=rows[2], steps=-1, by=admin)
    assert order() == "ACB"
    assert last_verb() == "paygrade.moved"
    count = Event.objects.count()
    list_rows.move(list_name="pay-grades", row=rows[0], steps=-1, by=admin)  # is the first
    assert (order(), Event.objects.count()) == ("ACB", count)
    list_rows.move(list_name="pay-grades", row=rows[0], steps=1, by=admin)
    assert order() == "CAB"


# --- uses


def uses(name: str, row: Any) -> list[str]:
    return list_uses.count(LISTS[name].uses, [row])[row.pk]


def test_rows_in_use_cannot_be_deleted(admin: User) -> None:
    family, level, sales = builders.family(), builders.level(), builders.department()
    place = Location.objects.create(city="Denver")
    grade, category = add(admin, "pay-grades"), add(admin, "categories")
    fact = add(admin, "custom-facts")
    jd = builders.description(department=sales, pay_grade="G7", custom_facts={fact.code: "yes"})
    jd.locations.add(place)
    builders.user("hr").departments.add(sales)
    builders.snippet(families=[family], levels=[level], category=category.code)
    builders.template(family=family)
    expected = {
        "families": (family, ["1 job description", "1 snippet", "1 template"]),
        "levels": (level, ["1 job description", "1 snippet"]),
        "departments": (sales, ["1 job description", "1 account"]),
        "locations": (place, ["1 job description"]),
        "pay-grades": (grade, ["1 job description"]),
        "categories": (category, ["1 snippet"]),
        "custom-facts": (fact, ["1 job description"]),
    }
    for name, (row, words) in expected.items():
        assert uses(name, row) == words, name
        with pytest.raises(ValidationError, match=r"used in 1 (job description|snippet)"):
            list_rows.delete(list_name=name, row=row, by=admin)
        assert LISTS[name].rows().filter(pk=row.pk).exists()


def test_figures_that_a_draft_shows_are_in_use(admin: User) -> None:
    figure = add(admin, "market-figures")
    jd = builders.description()
    uid = builders.add_section(jd, "pay", "Pay")
    builders.change(jd, changes.ShowReferences(uid, (figure.pk,)))
    assert uses("market-figures", figure) == ["1 job description"]


def test_an_emptied_custom_fact_is_not_in_use(admin: User) -> None:
    fact = add(admin, "custom-facts")
    builders.description(custom_facts={fact.code: "", "gone": "x"})
    assert uses("custom-facts", fact) == []
    list_rows.delete(list_name="custom-facts", row=fact, by=admin)
    assert not CustomFact.objects.exists()


# --- renames


def test_a_level_is_renamed_in_pay_ranges_and_figures(admin: User) -> None:
    level = builders.level("Mid level")
    jd = builders.description()
    uid = builders.add_section(jd, "pay", "Pay")
    builders.change(jd, changes.AddPay(uid, {"minimum": 1, "level": "Mid level"}))
    version = builders.version(jd)
    figure = PayReference.objects.create(code="f", role="X", amount=1, level="Mid level")
    other = PayReference.objects.create(code="g", role="X", amount=1, level="Mid")
    change(admin, "levels", level, name="Intermediate")
    assert jd.sections.get(uid=uid).pay_ranges.get().level == "Intermediate"
    figure.refresh_from_db()
    other.refresh_from_db()
    assert (figure.level, figure.edited) == ("Intermediate", True)
    assert (other.level, other.edited) == ("Mid", False)
    version.refresh_from_db()
    assert "Mid level" in version.text


def test_a_city_is_renamed_in_pay_ranges_and_figures(admin: User) -> None:
    place = Location.objects.create(city="Bombay", country="IN")
    jd = builders.description()
    uid = builders.add_section(jd, "pay", "Pay")
    builders.change(jd, changes.AddPay(uid, {"minimum": 1, "location": "Bombay"}))
    change(admin, "locations", place, city="Mumbai")
    assert jd.sections.get(uid=uid).pay_ranges.get().location == "Mumbai"


def test_a_pay_grade_is_renamed_in_drafts(admin: User) -> None:
    grade = add(admin, "pay-grades")
    jd, other = builders.description(pay_grade="G7"), builders.description(pay_grade="G70")
    change(admin, "pay-grades", grade, name="Grade 7")
    grades = JobDescription.objects.filter(pk__in=[jd.pk, other.pk]).order_by("pk")
    assert list(grades.values_list("pay_grade", flat=True)) == ["Grade 7", "G70"]


def test_a_renamed_pay_grade_does_not_conflict_with_an_open_page(admin: User) -> None:
    grade = add(admin, "pay-grades")
    jd = builders.description(pay_grade="G7")
    token = jd.edit_token
    change(admin, "pay-grades", grade, name="Grade 7")
    facts = changes.ChangeFacts({"reports_to": "CEO"})
    drafts.apply(description=jd, by=jd.owner, token=token, changes=[facts])
    jd.refresh_from_db()
    assert (jd.pay_grade, jd.reports_to) == ("Grade 7", "CEO")


# --- bad values


@pytest.mark.parametrize(
    ("name", "values", "field"),
    [
        ("departments", {"name": ""}, "name"),
        ("departments", {"name": "a\x00b"}, "name"),
        ("departments", {"name": "x" * 101}, "name"),
        ("families", {"prefix": "a1"}, "prefix"),
        ("locations", {"country": "Germany"}, "country"),
        ("levels", {"years_from": 9, "years_to": 2}, "years_to"),
        ("levels", {"track": "both"}, "track"),
        ("pay-grades", {"name": "x" * 31}, "name"),
        ("custom-facts", {"audience": "everyone"}, "audience"),
        ("market-figures", {"amount": None}, "amount"),
        ("market-figures", {"low": 9, "high": 2}, "high"),
        ("market-figures", {"currency": "XYZ"}, "currency"),
        ("market-figures", {"as_of": "yesterday"}, "as_of"),
    ],
)
def test_invalid_values_are_refused_by_field(
    admin: User, name: str, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        add(admin, name, **values)
    assert field in refused.value.message_dict
    assert not LISTS[name].rows().exists()
    assert not Event.objects.exists()


def test_values_of_a_job_description_are_not_in_the_list() -> None:
    jd = builders.description()
    PlaceholderAnswer.objects.create(description=jd, placeholder="city", value="Rome")
    assert not LISTS["placeholders"].rows().exists()


def test_levels_have_a_track_and_an_order(admin: User) -> None:
    add(admin, "levels", name="Senior", track="individual")
    add(admin, "levels", name="Lead")
    assert list(JobLevel.objects.values_list("name", "track", "position")) == [
        ("Senior", "individual", 1),
        ("Lead", "people", 2),
    ]
    assert ResponsibilityCategory.objects.count() == JobFamily.objects.count() == 0
