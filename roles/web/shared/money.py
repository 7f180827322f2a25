"""Amounts of money as people write them in any country: `72,000`, `€ 25,50`, `₹12,00,000`,
`R$ 5.000,00`, `50 000 kr`, `CHF 5'000.-`, `45k`, `45 to 60k`, `$25 an hour`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from roles import vocabulary
from roles.web.shared import money_phrases, typed_numbers
from roles.web.shared.money_phrases import MoneyPhrase

_USUAL = {"USD", "GBP"}  # of the currencies that share $ and £
LENGTH_LIMIT = 100  # characters of an amount with all that people write around it
_BETWEEN = r"(?: *- *| (?:to|and|bis|und|à|et|a|y|e) )"
_RANGE = re.compile(rf"(\D*\d[^-]*?){_BETWEEN}(\D*\d.*)")
_AMOUNT = re.compile(r"(\D*)(\d(?:[\d.,' ]*\d)?)\.?(\D*)")
_FIRST = r"[1-9]\d{0,2}"
_CENTS = r"(?:\.\d*)?"
# Notations with one meaning: the pattern, and the mark before the cents.
_CLEAR = [
    (re.compile(rf"\d+{_CENTS}"), "."),
    (re.compile(rf"{_FIRST}(?:,\d{{3}})+{_CENTS}"), "."),
    (re.compile(rf"[1-9]\d?(?:,\d\d)+,\d{{3}}{_CENTS}"), "."),  # lakhs and crores
    (re.compile(rf"{_FIRST}(?:[ ']\d{{3}})+{_CENTS}"), "."),
    (re.compile(rf"{_FIRST}(?:[ '.]\d{{3}})+,\d{{1,2}}"), ","),
]
# Notations that are clear only where the currency's country writes cents after a comma.
_WITH_COMMA = [
    (re.compile(r"\d+,\d{1,2}"), ","),
    (re.compile(rf"{_FIRST}(?:\.\d{{3}}){{2,}}"), ","),
]
_THOUSANDS = re.compile(rf"{_FIRST}\.\d{{3}}")  # 72.000, clear where no one writes cents so
_SMALL = re.compile(r"\d+(?:[.,]\d{1,2})?")  # before "k"


@dataclass(frozen=True, slots=True)
class TypedAmount:
    """One amount as typed: the plain digits, and the phrases around it."""

    number: str
    is_negative: bool
    phrases: list[MoneyPhrase]

    def values(self, kind: str) -> list[Any]:
        """Returns the values of the phrases of one kind."""
        return [phrase.value for phrase in self.phrases if phrase.kind == kind]

    @property
    def times(self) -> int:
        """What the digits are multiplied with: 1000 for `45k`."""
        return next(iter(self.values("times")), 1)

    @property
    def currencies(self) -> set[str] | None:
        """The currencies that its signs can mean; None if it has no sign."""
        found = [set(codes) for codes in self.values("currency")]
        return set.intersection(*found) if found else None

    @property
    def sign(self) -> str:
        """The signs and codes, as they are usually written."""
        words = [phrase.text for phrase in self.phrases if phrase.kind == "currency"]
        codes = {word for word in words if word.upper() in vocabulary.currencies()}
        return " ".join(w.upper() if "$" in w or w in codes else w for w in words)


def read_amount(text: str) -> TypedAmount | None:
    """Returns the parts of a single amount; None if the text is anything else."""
    plain = _plain(text)
    found = _AMOUNT.fullmatch(plain)
    if len(plain) > LENGTH_LIMIT or found is None:
        return TypedAmount(plain, False, []) if plain.isdecimal() else None
    before, number, after = found.groups()
    before = before.rstrip()
    if re.search(r"(?:^|[^\w]) ?\.$", before):  # .50
        before, number = before[:-1], f"0.{number}"
    is_negative = before.endswith("-") or before.startswith("-")
    phrases = [money_phrases.read_phrases(part) for part in (before.strip("- "), after)]
    if None in phrases:
        return None
    return TypedAmount(number, is_negative, [p for part in phrases if part for p in part])


def bounds(text: str) -> tuple[str, str] | None:
    """Returns the texts of the lower and the upper amount of a range, such as `45k–60k`, or of one
    bound with an empty text for the other, such as `from 45k`. None for any other text."""
    plain = _plain(text)
    if len(plain) > LENGTH_LIMIT:
        return None
    if found := _RANGE.fullmatch(plain):
        low, high = read_amount(found[1]), read_amount(found[2])
        if low is None or high is None:
            return None
        return found[1] + _missing_times(low, high), found[2] + _missing_times(high, low)
    amount = read_amount(plain)
    stated = amount.values("bound") if amount else []
    if not stated:
        return None
    return (plain, "") if stated[0] == "from" else ("", plain)


def _missing_times(one: TypedAmount, other: TypedAmount) -> str:
    """Returns the " k" that `one` leaves to the other end of its range: 45 to 60k, 45k–60."""
    factors = [phrase.text for phrase in other.phrases if phrase.kind == "times"]
    is_small = re.fullmatch(r"\d{1,3}(?:[.,]\d{1,2})?", one.number)
    return f" {factors[0]}" if factors and one.times == 1 and is_small else ""


def currency_of(*texts: str) -> tuple[str, str]:
    """Returns the currency that is stated in amounts, and its sign: the first that has one. The
    currency is empty if there is no sign, or if several currencies share it."""
    for text in texts:
        amount = read_amount(text)
        if amount and amount.currencies is not None:
            codes = amount.currencies
            usual = codes & _USUAL or codes
            return next(iter(usual)) if len(usual) == 1 else "", amount.sign
    return "", ""


def mismatches(amount: TypedAmount, currency: str | None, period: str | None) -> Iterator[str]:
    """Yields a message if an amount states another currency or period than the chosen one."""
    if currency and amount.currencies is not None and currency not in amount.currencies:
        message = gettext("This amount is in %(sign)s, but the currency is %(currency)s.")
        yield message % {"sign": amount.sign, "currency": currency}
    if period and (other := next((p for p in amount.values("period") if p != period), None)):
        words = {"typed": other, "chosen": period}
        message = gettext("This amount is %(typed)s, but the period is %(chosen)s.")
        yield message % {k: gettext(vocabulary.PERIODS[v]) for k, v in words.items()}


def is_sign(text: str) -> bool:
    """Returns whether the text is the sign or code of a currency, without an amount."""
    phrases = money_phrases.read_phrases(text)
    return bool(phrases) and all(phrase.kind == "currency" for phrase in phrases or [])


def currency_code(text: str) -> str:
    """Returns the code of a currency typed as code, sign or name; else the text in capitals."""
    phrases = money_phrases.read_phrases(_plain(text)) or []
    codes = {code for phrase in phrases if phrase.kind == "currency" for code in phrase.value}
    return next(iter(codes)) if len(codes) == 1 else text.strip().upper()


def written(amount: Decimal | None) -> str:
    """Returns an amount as text that MoneyField accepts, such as 72,000 or 25.50."""
    return "" if amount is None else f"{amount:,.2f}".removesuffix(".00")


def _plain(text: str) -> str:
    """Returns the text with plain digits and separators; `5.000,-` has its cents."""
    return re.sub(r"(?<=\d)([.,])-+(?! ?\d)", r"\g<1>00", typed_numbers.plain(text))


@lru_cache(maxsize=200)
def cents_marks(currency: str) -> frozenset[str]:
    """Returns the marks before cents in the official languages of the currency's country, which the
    first two letters of its code name; a point for others."""
    from babel import Locale, UnknownLocaleError
    from babel.languages import get_official_languages

    country = "DE" if currency == "EUR" else currency[:2]
    marks = set()
    for language in get_official_languages(country, de_facto=True):
        try:
            symbols = Locale.parse(f"{language}_{country}").number_symbols
        except (UnknownLocaleError, ValueError):
            continue
        marks.add(symbols.get("latn", {}).get("decimal", "."))
    return frozenset(marks & {".", ","}) or frozenset(".")


class MoneyField(forms.DecimalField):
    """Accepts one amount with what people write around it. `currency` is the currency that it is
    in, if that is known. Ambiguous amounts are invalid."""

    default_error_messages = {
        "two_readings": gettext_lazy(
            "%(typed)s is ambiguous. Use commas for thousands and a point for cents,"
            " such as 72,000.50."
        ),
        "range": gettext_lazy("Enter one amount here, or clear the other field to enter a range."),
    }

    def __init__(self, *, currency: str = "", **kwargs: Any) -> None:
        super().__init__(**{"min_value": 0, "max_digits": 12, "decimal_places": 2, **kwargs})
        self.currency = currency

    def to_python(self, value: Any) -> Any:
        text = _plain(str(value or ""))
        if not text or is_sign(text):
            return None
        if _RANGE.fullmatch(text) and bounds(text):
            raise ValidationError(self.error_messages["range"], code="range")
        amount = read_amount(text)
        if amount is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        number = self._number(amount)
        return -number if amount.is_negative else number

    def _number(self, amount: TypedAmount) -> Decimal:
        marks = self._cents_marks(amount)
        if amount.times != 1:
            if not _SMALL.fullmatch(amount.number):
                raise self._ambiguous(amount)
            return Decimal(amount.number.replace(",", ".")) * amount.times
        notations = _CLEAR
        if _THOUSANDS.fullmatch(amount.number):
            notations = [(_THOUSANDS, ",")] if marks == {","} else []
        elif "," in marks:
            notations = [*_CLEAR, *_WITH_COMMA]
        for pattern, mark in notations:
            if pattern.fullmatch(amount.number):
                whole, _mark, cents = amount.number.partition(mark)
                digits = re.sub(r"\D", "", whole)
                return Decimal(f"{digits}.{cents}" if cents else digits)
        raise self._ambiguous(amount)

    def _cents_marks(self, amount: TypedAmount) -> set[str]:
        codes = amount.currencies
        if codes is None or self.currency in codes:
            codes = {self.currency}
        return set().union(*(cents_marks(code) for code in codes & _USUAL or codes))

    def _ambiguous(self, amount: TypedAmount) -> ValidationError:
        message = self.error_messages["two_readings"]
        params = {"typed": amount.number[:30]}
        return ValidationError(message, code="two_readings", params=params)
