"""The fixed choices of lines about physical demands: how often, and the units of how much.

Labels are English source texts; pass them through gettext to show them.
"""

from __future__ import annotations

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
