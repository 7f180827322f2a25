"""Pay and hours as people of all countries type them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from hypothesis import given

from roles.web.shared import money
from roles.web.shared.typed_numbers import HoursField
from roles.web.wizard.pay_form import PayForm
from tests import strategies


def pay_form(*typed: str, offered: dict[str, str] | None = None) -> PayForm:
    """The form with a minimum, maximum, currency and period, of which the last can be left out."""
    values = dict(zip(("minimum", "maximum", "currency", "period"), typed, strict=False))
    fields = {"minimum": "", "maximum": "", "currency": "", "period": "year", **values}
    return PayForm(MultiValueDict({name: [value] for name, value in fields.items()}), offered)


def read(*typed: str) -> tuple[Decimal | None, Decimal | None, str]:
    form = pay_form(*typed)
    assert form.is_valid(), form.errors
    return tuple(form.cleaned_data[name] for name in ("minimum", "maximum", "currency"))


def errors(*typed: str) -> str:
    form = pay_form(*typed)
    assert not form.is_valid()
    return " ".join(f"{name}: {text}" for name, texts in form.errors.items() for text in texts)


# --- one amount


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        *(("72,000", "72000"), ("72 000", "72000"), ("72000.00", "72000"), ("$72,000", "72000")),
        *(("72\u00a0000", "72000"), ("72\u202f000", "72000"), ("72'000", "72000")),
        *(("$72k", "72000"), ("72.5 K", "72500"), (" 72.000,00 ", "72000"), ("0", "0")),
        *(("USD 72,000", "72000"), ("72,000 USD", "72000"), ("€ 1.234.567,5", "1234567.5")),
        *(("1,234,567.89", "1234567.89"), ("25.50", "25.5"), (".5", "0.5"), ("72000", "72000")),
        *(("1,30,000", "130000"), ("1,00,000", "100000"), ("1,00,00,000.50", "10000000.5")),
        *(("$25 an hour", "25"), ("72,000 a year", "72000"), ("72,000.", "72000")),
    ],
)
def test_amounts_in_usual_notations_are_accepted(typed: str, amount: str) -> None:
    """With commas, spaces, a currency, or in thousands."""
    assert money.MoneyField().clean(typed) == Decimal(amount)


@pytest.mark.parametrize(
    ("typed", "amount", "currency"),
    [
        *(("₹12,00,000", "1200000", "INR"), ("Rs. 45,000 INR", "45000", "INR")),
        *(("12 lakh INR", "1200000", "INR"), ("₹1.2 crore", "12000000", "INR")),
        *(("25,50 €", "25.50", "EUR"), ("€25,50", "25.50", "EUR"), ("45.000 €", "45000", "EUR")),
        *(("5.000,- €", "5000", "EUR"), ("1.234.567 €", "1234567", "EUR")),
        *(
            ("72,000 eur", "72000", "EUR"),
            ("45 k€", "45000", "EUR"),
            ("72 000 euros", "72000", "EUR"),
        ),
        *(
            ("US$72,000", "72000", "USD"),
            ("$72,000 USD", "72000", "USD"),
            ("72 000 $ US", "72000", "USD"),
        ),
        *(
            ("R$ 5.000,00", "5000", "BRL"),
            ("R$ 5.000", "5000", "BRL"),
            ("CA$80,000", "80000", "CAD"),
        ),
        *(
            ("50 000 SEK", "50000", "SEK"),
            ("8 000 zł", "8000", "PLN"),
            ("8 000,50 zł", "8000.5", "PLN"),
        ),
        *(
            ("CHF 5'000", "5000", "CHF"),
            ("CHF 5’000.–", "5000", "CHF"),
            ("25,50 CHF", "25.5", "CHF"),
        ),
        *(("12 345 678,90 Kč", "12345678.9", "CZK"), ("450 000 Ft", "450000", "HUF")),
        *(
            ("£30k", "30000", "GBP"),
            ("₩50,000,000", "50000000", "KRW"),
            ("25万円", "250000", "JPY"),
        ),
        *(("７２，０００円", "72000", "JPY"), ("￡３０，０００", "30000", "GBP")),
        *(
            ("٧٢٬٠٠٠ AED", "72000", "AED"),
            ("७२,००० INR", "72000", "INR"),
            ("\u200f₪ 12,000", "12000", "ILS"),
        ),
        *(
            ("S/ 3,500", "3500", "PEN"),
            ("RM 4,500", "4500", "MYR"),
            ("Rp 5.000.000", "5000000", "IDR"),
        ),
    ],
)
def test_amount_of_any_country_fills_in_its_currency(
    typed: str, amount: str, currency: str
) -> None:
    assert read(typed) == (Decimal(amount), None, currency)
    assert read(typed, "", currency) == (Decimal(amount), None, currency)


@pytest.mark.parametrize(
    ("typed", "currency", "amount"),
    [
        *(("50 000 kr", "SEK", "50000"), ("500,- kr", "NOK", "500"), ("25,50", "EUR", "25.5")),
        *(("45.000", "EUR", "45000"), ("25,50", "CAD", "25.5"), ("¥5,000,000", "JPY", "5000000")),
        *(("$72,000", "CAD", "72000"), ("£500", "EGP", "500"), ("Fr. 5'000.50", "CHF", "5000.5")),
        *(("12,00,000", "INR", "1200000"), ("5 000,50", "MAD", "5000.5"), ("100", "usd", "100")),
    ],
)
def test_amount_is_read_as_in_the_chosen_currency(typed: str, currency: str, amount: str) -> None:
    assert read(typed, "", currency) == (Decimal(amount), None, currency.upper())


@pytest.mark.parametrize(
    ("typed", "currency"),
    [
        *(("72.000", "USD"), ("72,00", "USD"), ("1.234.567", "USD"), ("7200,00", "GBP")),
        *(("72.000", "CHF"), ("72.000", "CAD"), ("0,500", "USD"), ("1,250k", "USD")),
        *(("1,2,3", "USD"), ("72,0000", "EUR"), ("1.30.000", "INR"), ("72.000", "")),
    ],
)
def test_ambiguous_amounts_are_refused(typed: str, currency: str) -> None:
    """Where the currency's countries write both, or never so. The message shows the format."""
    assert "is ambiguous. Use commas for thousands" in errors(typed, "", currency)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "This field is required."),
        *(("60,000-72,000", "clear the other field"), ("72,000 apples", "Enter a number.")),
        *(("$", "This field is required."), ("k", "Enter a number."), ("-5k", "greater than")),
        *(("72,000.505", "no more than 2 decimal"), ("9" * 5000, "no more than 12 digits")),
        *(("99999999999k", "no more than 12 digits"), ("-72,000", "greater than or equal to 0")),
        *(("1e5", "Enter a number."), ("nan", "Enter a number."), ("1_000", "Enter a number.")),
        *(("5²", "Enter a number."), ("1 to " + "k" * 5000, "Enter a number.")),
    ],
)
def test_invalid_amounts_are_refused(typed: str, message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        money.MoneyField().clean(typed)
    assert message in " ".join(refused.value.messages)


@given(strategies.amounts)
def test_displayed_amount_is_parsed_to_the_same_value(amount: Decimal) -> None:
    """To the cent, so that an unchanged row is not saved."""
    assert money.MoneyField(max_digits=40).clean(money.written(amount)) == amount


# --- ranges and bounds


@pytest.mark.parametrize(
    "typed",
    [
        *("45k–60k", "45,000 - 60,000", "45 to 60k", "45-60k", "45k–60", "$45K-$60K", "45k~60k"),
        *("USD 45,000 to USD 60,000", "between 45k and 60k", "from 45k to 60k", "45 000 – 60 000"),
        *("45,000—60,000 USD", "$45,000 to $60,000 per year"),
    ],
)
def test_range_typed_into_one_field_fills_both(typed: str) -> None:
    expected = (Decimal(45000), Decimal(60000), "USD")
    assert read(typed) == expected
    assert read("", typed) == expected


def test_range_in_another_language_fills_both() -> None:
    assert read("de 30.000 a 40.000 €") == (Decimal(30000), Decimal(40000), "EUR")
    assert read("von 45.000 bis 60.000 EUR") == (Decimal(45000), Decimal(60000), "EUR")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        *(
            ("from $50,000", (50000, None)),
            ("$50,000+", (50000, None)),
            ("ab 50 000", (50000, None)),
        ),
        *(("up to $60,000", (None, 60000)), ("max. 60k", (None, 60000)), ("≤ 60k", (None, 60000))),
    ],
)
def test_bound_typed_into_either_field_is_the_right_one(typed: str, expected: Any) -> None:
    assert read(typed)[:2] == expected
    assert read("", typed)[:2] == expected


def test_one_bound_or_a_fixed_amount_is_enough() -> None:
    assert read("50,000") == (Decimal(50000), None, "USD")
    assert read("", "60,000") == (None, Decimal(60000), "USD")
    assert read("60,000", "60,000") == (Decimal(60000), Decimal(60000), "USD")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (("", ""), "minimum: Enter a minimum, a maximum, or both."),
        (("60k-45k", ""), "maximum: The maximum can’t be below the minimum."),
        (("2024-25", ""), "maximum: The maximum can’t be below the minimum."),
        (("45k-60k", "70k"), "minimum: Enter one amount here, or clear the other field"),
        (("up to 60k", "70k"), "minimum: Enter one amount here, or clear the other field"),
        (("45k", "from 60k"), "maximum: Enter one amount here, or clear the other field"),
        (("€60,000", "", "USD"), "This amount is in €, but the currency is USD."),
        (
            ("60,000", "72,000 eur", "USD"),
            "maximum: This amount is in EUR, but the currency is USD.",
        ),
        (("US$60,000", "", "CAD"), "This amount is in US$, but the currency is CAD."),
        (("50 000 kr", "", "EUR"), "This amount is in kr, but the currency is EUR."),
        (("50 000 kr", ""), "currency: Several currencies use “kr”."),
        (("¥5,000", ""), "currency: Several currencies use “¥”."),
        (
            ("$25 an hour", "", "USD", "year"),
            "This amount is per hour, but the period is per year.",
        ),
        (("72.000", "90,000", "USD"), "minimum: 72.000 is ambiguous."),
    ],
)
def test_contradictions_are_refused_beside_their_field(
    typed: tuple[str, ...], message: str
) -> None:
    assert message in errors(*typed)


@pytest.mark.parametrize(
    ("typed", "offered", "expected"),
    [
        (("$19.50 to $23 an hour", "", ""), ("", "year"), ("USD", "hour")),
        (("$25 an hour", "", "USD"), ("USD", "year"), ("USD", "hour")),
        (("€75.000", "90.000", "USD"), ("USD", "year"), ("EUR", "year")),
        (("75.000", "90.000 €", "USD", "month"), ("USD", "month"), ("EUR", "month")),
        (("£500 per day", "", "EUR"), ("EUR", "year"), ("GBP", "day")),
        (("$80,000", "", "CAD"), ("CAD", "year"), ("CAD", "year")),
        (("60,000", "", "EUR", "month"), ("EUR", "month"), ("EUR", "month")),
    ],
)
def test_stated_currency_and_period_replace_the_offered_ones(
    typed: tuple[str, ...], offered: tuple[str, str], expected: tuple[str, str]
) -> None:
    form = pay_form(*typed, offered=dict(zip(("currency", "period"), offered, strict=True)))
    assert form.is_valid(), form.errors
    assert (form.cleaned_data["currency"], form.cleaned_data["period"]) == expected


def test_currency_and_period_that_someone_chose_are_not_replaced() -> None:
    form = pay_form(
        "€25 an hour", "", "CAD", "month", offered={"currency": "USD", "period": "year"}
    )
    assert {"This amount is in €, but the currency is CAD."} < set(form.errors["minimum"])


@pytest.mark.parametrize("code", ["ABC", "US", "DEM", "12", "U$D", "DM"])
def test_codes_that_are_no_currency_are_refused(code: str) -> None:
    assert f"“{code}” isn’t a currency code" in errors("100", "", code)


@pytest.mark.parametrize(
    ("typed", "code"),
    [("usd", "USD"), (" eur", "EUR"), ("€", "EUR"), ("xof", "XOF"), ("Chf", "CHF"), ("", "USD")],
)
def test_currency_is_read_in_any_case_and_as_a_sign(typed: str, code: str) -> None:
    assert read("100", "", typed)[2] == code


@pytest.mark.parametrize("period", ["year", "month", "week", "day", "hour"])
def test_every_period_can_be_chosen(period: str) -> None:
    form = pay_form("100", "200", "EUR", period)
    assert form.is_valid()
    assert form.cleaned_data["period"] == period


# --- hours


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        *(("18.75", "18.75"), ("37,5", "37.5"), ("36", "36"), ("36.0", "36"), ("40 hours", "40")),
        *(
            ("37½", "37.5"),
            ("37:30", "37.5"),
            ("３７，５", "37.5"),
            ("٣٧٫٥", "37.5"),
            ("100", "100"),
        ),
        *(("38,5 Std.", "38.5"), (" 40h ", "40"), ("0.25", "0.25"), ("168", "168")),
    ],
)
def test_weekly_hours_as_people_type_them(typed: str, hours: str) -> None:
    assert hours_field().clean(typed) == Decimal(hours)


@pytest.mark.parametrize("typed", ["169", "-1", "abc", "37.555", "1e1", "nan", "37:75", "about 40"])
def test_other_hours_are_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        hours_field().clean(typed)


@pytest.mark.parametrize(
    ("stored", "shown"), [("36.00", "36"), ("18.75", "18.75"), ("37.50", "37.5"), ("100.00", "100")]
)
def test_hours_are_shown_without_trailing_zeros(stored: str, shown: str) -> None:
    field = hours_field()
    assert field.prepare_value(Decimal(stored)) == shown
    assert not field.has_changed(Decimal(stored), shown)


def hours_field() -> HoursField:
    return HoursField(max_digits=5, decimal_places=2, min_value=0, max_value=168)
