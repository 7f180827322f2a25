"""Pay as text in the active language: amounts, ranges, market figures, and their sources."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils import formats
from django.utils.translation import get_language, gettext

from roles import vocabulary
from roles.document import DocumentPayRange, DocumentPayReference
from roles.exporters.localized import day

# Currencies with a symbol; others are shown with their code.
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩", "ILS": "₪"}
_SIGN_FIRST = {"en", "ja", "zh", "ko", "he"}


def money(amount: Decimal, currency: str, *, with_cents: bool = False) -> str:
    """Returns an amount with its currency and grouped digits. Cents are included if there are any,
    or on request."""
    cents = 2 if with_cents or amount != amount.to_integral_value() else 0
    number = formats.number_format(amount, cents, use_l10n=True, force_grouping=True)
    sign = _SIGNS.get(currency)
    if (get_language() or "en").split("-")[0] in _SIGN_FIRST:
        return f"{sign}{number}" if sign else f"{currency}\N{NO-BREAK SPACE}{number}"
    return f"{number}\N{NO-BREAK SPACE}{sign or currency}"


def money_range(low: Decimal | None, high: Decimal | None, currency: str) -> str:
    """Returns a range, with cents for both ends or neither; one amount if they are the same. With
    one bound, it's the lowest or highest amount; empty without any."""
    if low is None and high is None:
        return ""
    if high is None or low is None:
        word = gettext("Up to %s") if low is None else gettext("From %s")
        return word % money(high if low is None else low, currency)  # type: ignore[arg-type]
    if low == high:
        return money(low, currency)
    cents = any(amount != amount.to_integral_value() for amount in (low, high))
    ends = (money(amount, currency, with_cents=cents) for amount in (low, high))
    return " \N{EN DASH} ".join(ends)


def period(code: str) -> str:
    return gettext(vocabulary.PERIODS[code]) if code in vocabulary.PERIODS else code


def pay_range(pay: DocumentPayRange) -> str:
    return money_range(pay.minimum, pay.maximum, pay.currency)


def pay_figure(reference: DocumentPayReference) -> str:
    """Returns a market figure: amount or range, period, and statistic."""
    parts = []
    if reference.amount is not None:
        parts.append(money(reference.amount, reference.currency))
    if reference.low is not None and reference.high is not None:
        span = money_range(reference.low, reference.high, reference.currency)
        parts.append(f"({span})" if parts else span)
    elif (bound := reference.low if reference.low is not None else reference.high) is not None:
        word = gettext("from %s") if reference.low is not None else gettext("up to %s")
        parts.append(word % money(bound, reference.currency))
    figure = " ".join([*parts, period(reference.period)])
    if reference.statistic in vocabulary.STATISTICS and reference.statistic != "range":
        return f"{figure}, {gettext(vocabulary.STATISTICS[reference.statistic])}"
    return figure


def pay_source(reference: DocumentPayReference) -> str:
    """Returns the source and date of the figure."""
    source = reference.source or gettext("Source not recorded")
    return ", ".join(part for part in (source, as_of(reference.as_of)) if part)


def as_of(text: str) -> str:
    """Returns a date (YYYY, YYYY-MM, or YYYY-MM-DD) in words."""
    try:
        if len(text) == 7:
            return formats.date_format(date.fromisoformat(f"{text}-01"), "YEAR_MONTH_FORMAT")
        return day(date.fromisoformat(text)) if len(text) == 10 else text
    except ValueError:
        return text
