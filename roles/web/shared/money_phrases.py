"""The words and signs that people write around an amount: currencies, thousands, pay periods, and
bounds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from roles import vocabulary

_DOLLARS = (
    *("USD", "CAD", "AUD", "NZD", "HKD", "SGD", "TWD", "MXN", "ARS", "CLP", "COP", "UYU", "DOP"),
    *("BBD", "BMD", "BND", "BSD", "BZD", "CVE", "FJD", "GYD", "JMD", "KYD", "LRD", "NAD", "SBD"),
    *("SRD", "TTD", "XCD"),
)
_POUNDS = ("GBP", "EGP", "FKP", "GIP", "LBP", "SDG", "SHP", "SSP", "SYP")
_RUPEES = ("INR", "LKR", "MUR", "NPR", "PKR", "SCR")
_CROWNS = ("SEK", "NOK", "DKK", "ISK")
_FRANCS = ("CHF", "XAF", "XOF", "XPF", "RWF", "BIF", "DJF", "GNF", "KMF", "CDF")
# Signs and names of currencies, with the currencies that use them where they are paid.
_CURRENCIES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("$", "dollar", "dollars"), _DOLLARS),
    **dict.fromkeys(("us$", "u.s.$", "$us", "$ us"), ("USD",)),
    **dict.fromkeys(("ca$", "c$", "can$", "$ca", "$ ca"), ("CAD",)),
    **dict.fromkeys(("a$", "au$"), ("AUD",)),
    **dict.fromkeys(("mx$", "mex$"), ("MXN",)),
    **dict.fromkeys(("s$", "sg$"), ("SGD",)),
    **{"nz$": ("NZD",), "hk$": ("HKD",), "nt$": ("TWD",), "r$": ("BRL",), "tt$": ("TTD",)},
    **{"ar$": ("ARS",), "clp$": ("CLP",), "col$": ("COP",), "j$": ("JMD",), "ec$": ("XCD",)},
    **dict.fromkeys(("€", "euro", "euros"), ("EUR",)),
    **dict.fromkeys(("£", "pound", "pounds"), _POUNDS),
    **dict.fromkeys(("rupee", "rupees", "rs", "rs.", "₨"), _RUPEES),
    **dict.fromkeys(("kr", "kr.", "kronor", "kroner"), _CROWNS),
    **dict.fromkeys(("fr", "fr.", "sfr", "sfr.", "franken", "francs"), _FRANCS),
    **dict.fromkeys(("¥", "元", "圓"), ("JPY", "CNY", "TWD")),
    **dict.fromkeys(("円", "yen"), ("JPY",)),
    **dict.fromkeys(("cn¥", "rmb", "yuan"), ("CNY",)),
    **dict.fromkeys(("₩", "원", "won"), ("KRW",)),
    **dict.fromkeys(("zł", "zl", "złotych"), ("PLN",)),
    **dict.fromkeys(("kč", "kc"), ("CZK",)),
    **dict.fromkeys(("₽", "руб", "руб.", "р."), ("RUB",)),
    **dict.fromkeys(("₴", "грн", "грн."), ("UAH",)),
    **dict.fromkeys(("₺", "tl"), ("TRY",)),
    **dict.fromkeys(("lei", "leu"), ("RON", "MDL")),
    **dict.fromkeys(("лв", "лв."), ("BGN",)),
    **{
        "₹": ("INR",),
        "ft": ("HUF",),
        "₪": ("ILS",),
        "฿": ("THB",),
        "₫": ("VND",),
        "₱": ("PHP",),
        "₦": ("NGN",),
    },
    **{"₸": ("KZT",), "₼": ("AZN",), "₾": ("GEL",), "₵": ("GHS",), "gh₵": ("GHS",), "৳": ("BDT",)},
    **{"rm": ("MYR",), "rp": ("IDR",), "rp.": ("IDR",), "s/": ("PEN",), "s/.": ("PEN",)},
    **{"r": ("ZAR",), "ksh": ("KES",), "dh": ("AED", "MAD"), "دج": ("DZD",), "﷼": ("IRR",)},
}
_TIMES = {
    **dict.fromkeys(("k", "thousand", "tsd", "tsd."), 1000),
    **dict.fromkeys(("lakh", "lakhs", "lac", "lacs"), 100_000),
    **dict.fromkeys(("crore", "crores", "cr"), 10_000_000),
    **dict.fromkeys(("million", "mio", "mio."), 1_000_000),
    **dict.fromkeys(("万", "萬", "만"), 10_000),
}
_PERIODS = {
    "year": ("year", "yr", "annum", "jahr", "an", "año", "ano", "anno"),
    "month": ("month", "mo", "monat", "mois", "mes", "mês", "mese"),
    "week": ("week", "wk", "woche", "semaine", "semana", "settimana"),
    "day": ("day", "tag", "jour", "día", "dia", "giorno"),
    "hour": ("hour", "hr", "h", "stunde", "heure", "hora", "ora"),
}
_EACH = ("per ", "a ", "an ", "/", "/ ", "pro ", "par ", "por ")
_ALONE = {
    **dict.fromkeys(("annually", "yearly", "p.a.", "pa", "lpa"), "year"),
    **{"monthly": "month", "weekly": "week", "daily": "day", "hourly": "hour"},
}
_BOUNDS = {
    **dict.fromkeys(("from", "at least", "starting at", "min", "min.", "minimum"), "from"),
    **dict.fromkeys(("ab", "von", "à partir de", "desde", "da", "de", "between"), "from"),
    **dict.fromkeys(("+", "≥", ">=", "and up", "or more"), "from"),
    **dict.fromkeys(("up to", "at most", "max", "max.", "maximum", "no more than"), "to"),
    **dict.fromkeys(("bis", "bis zu", "jusqu'à", "hasta", "até", "fino a", "≤", "<="), "to"),
}


@dataclass(frozen=True, slots=True)
class MoneyPhrase:
    """A phrase found beside an amount. `kind` is currency, times, period, or bound; `value` the
    currencies' codes, the factor, the period, or "from" or "to"."""

    kind: str
    value: Any
    text: str


def read_phrases(text: str) -> list[MoneyPhrase] | None:
    """Returns the phrases that the text consists of; None if it has anything else."""
    known, pattern = _known()
    text = text.strip().lower()
    found: list[MoneyPhrase] = []
    at = 0
    while at < len(text):
        match = pattern.match(text, at)
        if match is None:
            return None
        found += [MoneyPhrase(kind, value, match[1]) for kind, value in known[match[1]]]
        at = match.end()
    return found


@lru_cache(maxsize=1)
def _known() -> tuple[dict[str, list[tuple[str, Any]]], re.Pattern[str]]:
    known: dict[str, list[tuple[str, Any]]] = {}
    for phrase, kind, value in _all():
        known.setdefault(phrase, []).append((kind, value))
    known["lpa"] = [("times", 100_000), ("period", "year")]  # lakhs per annum
    longest_first = sorted(known, key=len, reverse=True)
    pattern = "|".join(re.escape(phrase) for phrase in longest_first)
    # A phrase ends where its letters end, but a single letter can have a currency after it: k€.
    return known, re.compile(rf"({pattern})(?:(?<![^\W\d_]{{2}})|(?![^\W\d_]))[ ,]*")


def _all() -> Iterator[tuple[str, str, Any]]:
    for code in vocabulary.currencies():
        yield code.lower(), "currency", (code,)
    for phrase, codes in _CURRENCIES.items():
        yield phrase, "currency", codes
    for phrase, factor in _TIMES.items():
        yield phrase, "times", factor
    for code, words in _PERIODS.items():
        for word in words:
            yield from ((f"{each}{word}", "period", code) for each in _EACH)
    for phrase, code in _ALONE.items():
        yield phrase, "period", code
    for phrase, bound in _BOUNDS.items():
        yield phrase, "bound", bound
