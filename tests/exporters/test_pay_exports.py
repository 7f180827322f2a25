"""Pay, employment types and hours in the formats: bounds, periods, currencies, market figures."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from roles import comparison
from roles.document import Document, DocumentPayRange, DocumentPayReference, DocumentPlace, Fact
from roles.exporters import (
    FORMATS,
    change_messages,
    document_json,
    fact_labels,
    jsonld,
    pay_labels,
    pay_tables,
)
from roles.importers import document_limits
from tests import samples
from tests.exporters.test_jsonld import EDITION, vacancy

TEXTS = ("md", "txt", "html")


def pay(low: str = "", high: str = "", **values: Any) -> DocumentPayRange:
    minimum, maximum = (Decimal(amount) if amount else None for amount in (low, high))
    return DocumentPayRange(values.pop("uid", "p1"), minimum, maximum, **values)


def figure(amount: str = "60000", **values: Any) -> DocumentPayReference:
    stated = {"source": "Survey", **values}
    return DocumentPayReference("Account manager", amount=Decimal(amount), **stated)


def document(
    *ranges: DocumentPayRange, figures: tuple[DocumentPayReference, ...] = (), language: str = "en"
) -> Document:
    section = samples.section("pay", "Pay", pay_ranges=ranges, pay_references=figures)
    return Document("Nurse", language=language, sections=(section,))


def printed(value: Document, name: str) -> str:
    return FORMATS[name].render(value, samples.version()).decode().replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("pay_range", "words"),
    [
        (pay("50000"), "From $50,000"),
        (pay("", "60000"), "Up to $60,000"),
        (pay("50000", "50000"), "$50,000"),
        (pay("18.5", period="hour"), "From $18.50"),
        (pay("50000", "60000"), "$50,000 – $60,000"),
        (pay("400", "450", period="day"), "$400 – $450"),
        (pay("50000", currency="SEK"), "From SEK 50,000"),
    ],
)
def test_bounds_and_fixed_amounts_are_printed(pay_range: DocumentPayRange, words: str) -> None:
    """A fixed amount once, in every format."""
    assert pay_labels.pay_range(pay_range).replace("\u00a0", " ") == words
    for name in TEXTS:
        text = printed(document(pay_range), name).replace("\\", "")
        assert words in text
        if pay_range.minimum == pay_range.maximum:
            assert text.count(words) == 1


@pytest.mark.parametrize(
    ("period", "words"),
    [("day", "per day"), ("week", "per week"), ("month", "per month"), ("hour", "per hour")],
)
def test_periods_are_printed_and_advertised(period: str, words: str) -> None:
    value = document(pay("400", "450", period=period))
    assert all(words in printed(value, name) for name in TEXTS)
    assert salary(pay("400", "450", period=period))["value"]["unitText"] == period.upper()


def salary(*ranges: DocumentPayRange) -> Any:
    section = samples.section("pay", "Pay", pay_ranges=ranges)
    value = vacancy(sections=(*vacancy().sections[:1], section))
    return json.loads(jsonld.render(value, EDITION)).get("baseSalary")


@pytest.mark.parametrize(
    ("ranges", "value"),
    [
        ([pay("50000")], {"minValue": 50000}),
        ([pay("", "60000")], {"maxValue": 60000}),
        ([pay("50000", "50000")], {"value": 50000}),
        ([pay("50000", "60000"), pay("55000", uid="p2")], {"minValue": 50000}),
        ([pay("50000", "60000"), pay("", "70000", uid="p2")], {"maxValue": 70000}),
    ],
)
def test_bounds_are_advertised(ranges: list[DocumentPayRange], value: dict[str, int]) -> None:
    """A bound that one of the ranges leaves open isn't claimed for all."""
    expected = {"@type": "QuantitativeValue", **value, "unitText": "YEAR"}
    assert salary(*ranges)["value"] == expected


def test_ranges_without_a_common_bound_are_not_advertised() -> None:
    assert salary(pay("50000"), pay("", "40000", uid="p2")) is None


@pytest.mark.parametrize("code", ["ABC", "DEM", "", "usd"])
def test_pay_in_an_unknown_currency_is_not_advertised(code: str) -> None:
    """Older documents can have one. The other ranges are advertised."""
    assert not salary(pay("1", "2", currency=code))
    both = salary(pay("1", "2", currency=code), pay("3", "4", currency="EUR", uid="p2"))
    assert (both["currency"], both["value"]["minValue"]) == ("EUR", 3)


def test_each_currency_is_advertised() -> None:
    """Several places in one currency are one span, per period of the first."""
    ranges = (
        pay("120000", "150000", location="Austin"),
        pay("130000", "160000", location="Denver", uid="p2"),
        pay("70000", "90000", currency="EUR", location="Berlin", uid="p3"),
        pay("500", "600", currency="EUR", period="day", uid="p4"),
    )
    found = salary(*ranges)
    assert [(one["currency"], one["value"]["unitText"]) for one in found] == [
        *(("USD", "YEAR"), ("EUR", "YEAR"))
    ]
    assert found[0]["value"] | {"minValue": 120000, "maxValue": 160000} == found[0]["value"]
    for name in TEXTS:
        text = printed(document(*ranges), name)
        assert all(place in text for place in ("Austin", "Denver", "Berlin"))
        assert "€70,000 – €90,000" in text


# --- facts


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (("full_time",), "FULL_TIME"),
        (("full_time", "part_time"), ["FULL_TIME", "PART_TIME"]),
        (("temporary", "seasonal"), "TEMPORARY"),
        (("full_time", "contract", "internship"), ["FULL_TIME", "CONTRACTOR", "INTERN"]),
        ((), None),
    ],
)
def test_employment_types_are_advertised_as_a_list(ours: tuple[str, ...], theirs: Any) -> None:
    facts = (*vacancy().facts[:5], Fact("employment_type", ours))
    posting = json.loads(jsonld.render(vacancy(facts=facts), EDITION))
    assert posting.get("employmentType") == theirs


def test_all_employment_types_are_printed() -> None:
    facts = (Fact("employment_type", ("full_time", "part_time")),)
    section = samples.section("facts", "Details", facts=("employment_type",), style="table")
    value = Document("Nurse", facts=facts, sections=(section,))
    for name in TEXTS:
        text = printed(value, name).replace("\\", "")
        assert "Full-time" in text
        assert "Part-time" in text


@pytest.mark.parametrize(
    ("stored", "language", "shown"),
    [
        *(("36", "en", "36"), ("36.0", "en", "36"), ("18.75", "en", "18.75"), ("100", "en", "100")),
        *(("37.5", "de", "37,5"), ("37.5", "fr", "37,5"), ("[X]", "en", "[X]")),
    ],
)
def test_hours_are_printed_in_the_language(stored: str, language: str, shown: str) -> None:
    with override(language):
        assert fact_labels.fact_values(Fact("weekly_hours", (stored,))) == [shown]


@pytest.mark.parametrize(("hours", "words"), [("18.75", "18.75"), ("36", "36"), ("36.0", "36")])
def test_hours_are_advertised(hours: str, words: str) -> None:
    facts = (*vacancy().facts[:5], Fact("weekly_hours", (hours,)))
    posting = json.loads(jsonld.render(vacancy(facts=facts), EDITION))
    assert posting["workHours"] == f"{words} hours a week"


# --- market figures


def test_market_figures_print_only_the_columns_that_differ() -> None:
    """What all of them share is said once, above the table."""
    figures = (figure(location="Denver"), figure("70000", location="Austin"))
    for name in TEXTS:
        text = printed(document(figures=figures), name)
        assert text.count("Account manager") == 1
        assert text.count("Survey") == 1
        assert "Denver" in text
        assert "Austin" in text
    table = pay_tables.references(document(figures=figures).sections[0])
    assert (table["shared"], table["source"]) == (["Account manager"], "Survey")
    assert [name for name in table if name.startswith("has_") and table[name]] == ["has_location"]


def test_market_figures_that_differ_in_nothing_but_the_amount() -> None:
    figures = (figure(level="Senior"), figure("70000", level="Senior"), figure("1", level="Senior"))
    text = printed(document(figures=figures), "txt")
    assert "Market references: Account manager, Senior. Source: Survey" in text
    assert text.count("Senior") == 1


def test_one_market_figure_has_all_its_columns() -> None:
    table = pay_tables.references(document(figures=(figure(location="Denver"),)).sections[0])
    assert table["has_role"]
    assert table["has_location"]
    assert table["has_source"]
    assert not table["shared"]


def test_figures_render_in_every_format() -> None:
    figures = (figure(), figure("70000"))
    for name in ("docx", "pdf"):
        assert FORMATS[name].render(document(pay("1"), figures=figures), samples.version())


@pytest.mark.parametrize("source", ["", "  "])
def test_figure_without_a_source_is_not_public(source: str) -> None:
    """People who see internal parts do, and reviewers who are asked to read the section."""
    value = document(figures=(figure("61111", source=source), figure("62222")))
    uid = value.sections[0].uid
    for name in TEXTS:
        public = printed(value.for_audience("public"), name)
        assert "61,111" not in public
        assert "62,222" in public
        assert "61,111" in printed(value.for_audience("internal"), name)
    assert value.for_audience("public", (uid,)) == value


# --- changes, files and limits


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (pay("50000"), pay("52000"), "Pay raised: From $50,000 → From $52,000"),
        (pay("", "60000"), pay("", "55000"), "Pay lowered: Up to $60,000 → Up to $55,000"),
        (pay("50000"), pay("50000", "60000"), "From $50,000 → $50,000 – $60,000"),
        (pay("50000", "60000"), pay("", "60000"), "$50,000 – $60,000 → Up to $60,000"),
        (pay("50000"), pay("", "50000"), "From $50,000 → Up to $50,000"),
    ],
)
def test_changed_bounds_are_summarized(
    old: DocumentPayRange, new: DocumentPayRange, words: str
) -> None:
    compared = comparison.compare(document(old), document(new))
    assert words in " ".join(change_messages.sentences(compared))


def test_old_documents_load_and_keep_their_hash() -> None:
    """With both bounds, and with a currency that isn't one."""
    value = document(pay("50000", "60000", currency="ABC"))
    plain = value.to_dict()
    assert plain["sections"][0]["pay_ranges"][0] == {
        **{"uid": "p1", "minimum": "50000.00", "maximum": "60000.00", "currency": "ABC"}
    }
    assert Document.from_dict(plain).canonical_json() == value.canonical_json()


def test_one_bound_survives_a_file() -> None:
    value = document(pay("50000"))
    data = document_json.render(value, samples.version())
    assert Document.from_dict(json.loads(data)["document"]) == value


@pytest.mark.parametrize(
    ("pay_range", "message"),
    [
        (pay(), "it has no amount"),
        (pay("2", "1"), "the maximum can’t be below the minimum"),
        (pay("1", currency="ABC"), "this isn’t a currency code"),
        (pay("1", currency="US"), "this isn’t a currency code"),
        (pay("1", period="shift"), "“shift” isn’t a known value"),
    ],
)
def test_limits_of_imported_pay(pay_range: DocumentPayRange, message: str) -> None:
    uid = "0123456789ab"
    section = samples.section("pay", "Pay", pay_ranges=(replace(pay_range, uid=uid),))
    assert message in document_limits.problem(
        Document("Nurse", sections=(replace(section, uid=uid),))
    )


@pytest.mark.parametrize(
    ("fact", "is_valid"),
    [
        (Fact("weekly_hours", ("18.75",)), True),
        (Fact("weekly_hours", ("36",)), True),
        (Fact("weekly_hours", ("36.0",)), False),
        (Fact("weekly_hours", ("18.755",)), False),
        (Fact("weekly_hours", ("168.01",)), False),
        (Fact("employment_type", ("full_time", "part_time")), True),
        (Fact("employment_type", ("full_time", "full_time")), False),
        (Fact("employment_type", ("full_time", "nightly")), False),
        (Fact("locations", places=(DocumentPlace("Denver"),)), True),
    ],
)
def test_limits_of_imported_facts(fact: Fact, is_valid: bool) -> None:
    assert (document_limits.problem(Document("Nurse", facts=(fact,))) == "") == is_valid
