"""The fixed choices of lines about physical demands: how often, and the units of how much. And
`parsed`, which reads a demand that someone stated in a sentence.

Labels are English source texts; pass them through gettext to show them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from roles import limits

CATEGORY = "physical"  # of the lines, in vocabulary.LINE_CATEGORIES
FIELDS = ("amount", "unit", "how_often")  # of a line

# The share of the day that each word means is that of the Occupational Requirements Survey (U.S.
# Bureau of Labor Statistics) and of the Dictionary of Occupational Titles, appendix C (U.S.
# Department of Labor).
FREQUENCIES = {
    "never": "Never",
    "occasionally": "Occasionally (up to 1/3 of the day)",
    "frequently": "Frequently (1/3 to 2/3 of the day)",
    "constantly": "Constantly (over 2/3 of the day)",
}
UNITS = {  # for one, and for several
    "lb": ("lb", "lb"),
    "kg": ("kg", "kg"),
    "hours_shift": ("hour per shift", "hours per shift"),
    "hours_day": ("hour per day", "hours per day"),
    "hours": ("hour at a time", "hours at a time"),
    "minutes": ("minute at a time", "minutes at a time"),
    "times_hour": ("time per hour", "times per hour"),
    "times_shift": ("time per shift", "times per shift"),
    "in": ("in", "in"),
    "ft": ("ft", "ft"),
    "mi": ("mi", "mi"),
    "cm": ("cm", "cm"),
    "m": ("m", "m"),
    "km": ("km", "km"),
    "stairs": ("flight of stairs", "flights of stairs"),
}
UNITS_OF_SEVERAL = {code: several for code, (_one, several) in UNITS.items()}

# --- demands in a sentence

_LONGEST = 120  # characters of such a sentence
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_HOURS, _EACH = r"(?:hours?|hrs?\.?)", "(?:per|an?|each|every|of each)"
_UNIT_WORDS = {
    "lb": r"lbs?\.?|pounds?",
    "kg": r"kgs?\.?|kilos?|kilograms?",
    "hours_shift": rf"{_HOURS} {_EACH} (?:work )?shift",
    "hours_day": rf"{_HOURS} (?:{_EACH} (?:work ?)?day|daily)",
    "hours": rf"{_HOURS} at a time",
    "minutes": r"(?:minutes?|mins?\.?) at a time",
    "times_hour": f"times? {_EACH} hour",
    "times_shift": f"times? {_EACH} (?:work )?shift",
    "in": r"in\.?|inch(?:es)?",
    "ft": r"ft\.?|foot|feet",
    "mi": r"mi\.?|miles?",
    "cm": "cm|centimeters?",
    "m": "m|meters?",
    "km": "km|kilometers?",
    "stairs": "flights? of stairs",
}
_UNIT = "|".join(f"(?P<{code}>{words})" for code, words in _UNIT_WORDS.items())
_AMOUNT = (
    r"(?:(?:of|for|weighing) )?(?:up to )?"
    rf"(?P<number>\d{{1,5}}(?:\.\d\d?)?|{'|'.join(_NUMBERS)})[ -]?(?:{_UNIT})"
)
_OFTEN = rf"(?P<often>{'|'.join(FREQUENCIES)})(?: \([^()]* of the day\))?"
_BEFORE = (
    "(?:(?:you )?(?:must |will )?(?:be )?(?:able|required) to |(?:the )?ability to "
    "|you (?:must |will )?|must )?"
)
_THEN = r"[ ,:;(–—-]+"  # with the dashes that people type
_SENTENCES = [
    re.compile(rf"{_BEFORE}{sentence}\)?\.?", re.IGNORECASE)
    for sentence in (
        rf"{_OFTEN} (?P<what>.+?)(?:{_THEN}{_AMOUNT})?",
        rf"(?P<what>.+?){_THEN}{_AMOUNT}(?:{_THEN}{_OFTEN})?",
        rf"(?P<what>.+?){_THEN}{_OFTEN}(?:{_THEN}{_AMOUNT})?",
    )
]
_VERBS = re.compile(
    "(?:lift|carry|push|pull|stand|walk|climb|bend|stoop|kneel|crouch|crawl|reach|grasp|twist)"
    "(?:ing)?|move|moving|sit|sitting|squat|squatting|grip|gripping|balance|balancing|type|typing"
)
# What else the words of a demand can be. Without this list, "Walk customers through contracts" or
# "Lift the mood of the team" would be demands.
_OTHER_WORDS = re.compile(
    "an?|the|and|or|at|from|of|on|to|with|up|down|above|below|over|overhead|long|short|heavy|uneven"
    "|arms|hands|feet|head|knees|shoulders?|waist|height|level|floors?|ground|concrete|surfaces"
    "|distances|steps|stairs|ladders|desk|computer|keyboard|bags|box|boxes|cartons|carts|containers"
    "|equipment|items|loads|materials|objects|packages|pallets|stock|supplies|tools|weights"
)


@dataclass(frozen=True, slots=True)
class Demand:
    """A physical demand in parts. `unit` is a key of UNITS and `how_often` one of FREQUENCIES;
    each is empty where the sentence doesn't state it, but not both."""

    what: str
    amount: Decimal | None
    unit: str
    how_often: str


def parsed(text: str) -> Demand | None:
    """Returns the physical demand that an English sentence states, and nothing else; None for any
    other text. Words such as "at least" or "often" mean something else than the fields can say."""
    words = " ".join(text.split())
    for sentence in _SENTENCES if len(words) <= _LONGEST else ():
        found = sentence.fullmatch(words)
        if found is not None and _is_movement(found["what"]):
            amount = _number(found["number"])
            if amount is not None and amount > limits.DEMAND_AMOUNT_LIMIT:
                return None
            unit = next((code for code in _UNIT_WORDS if found[code]), "")
            what = found["what"][:1].upper() + found["what"][1:]
            return Demand(what, amount, unit, (found["often"] or "").lower())
    return None


def _is_movement(what: str) -> bool:
    first, *others = re.split(r"[ ,/]+", what.lower())
    return bool(_VERBS.fullmatch(first)) and all(
        _OTHER_WORDS.fullmatch(word) or _VERBS.fullmatch(word) for word in others
    )


def _number(typed: str | None) -> Decimal | None:
    if not typed:
        return None
    word = typed.lower()
    return Decimal(_NUMBERS.index(word) + 1 if word in _NUMBERS else word)
