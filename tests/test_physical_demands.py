"""Sentences that state a physical demand, and those that don't."""

from __future__ import annotations

from decimal import Decimal

import pytest

from roles import physical_demands
from roles.physical_demands import Demand, parsed


@pytest.mark.parametrize(
    ("text", "what", "amount", "unit", "how_often"),
    [
        ("Lift up to 50 lb, frequently", "Lift", "50", "lb", "frequently"),
        ("Stand, 6 hours a shift", "Stand", "6", "hours_shift", ""),
        ("Walk constantly", "Walk", None, "", "constantly"),
        ("Walk constantly.", "Walk", None, "", "constantly"),
        ("Must be able to lift 50 pounds.", "Lift", "50", "lb", ""),
        ("Ability to lift and carry 22.5 kg", "Lift and carry", "22.5", "kg", ""),
        (
            "You lift boxes of up to 40 lbs. (occasionally)",
            "Lift boxes",
            "40",
            "lb",
            "occasionally",
        ),
        ("Frequently lift objects weighing up to 25 lb", "Lift objects", "25", "lb", "frequently"),
        ("Lifting: frequently, up to 30 lbs", "Lifting", "30", "lb", "frequently"),
        ("Push/pull 100 lb occasionally", "Push/pull", "100", "lb", "occasionally"),
        ("Standing – six hours per shift", "Standing", "6", "hours_shift", ""),
        ("Sit at a desk for 7 hours per day", "Sit at a desk", "7", "hours_day", ""),
        ("Sit for 2 hours at a time, frequently", "Sit", "2", "hours", "frequently"),
        ("Kneel for 15 minutes at a time", "Kneel", "15", "minutes", ""),
        ("Bend at the waist, 10 times an hour", "Bend at the waist", "10", "times_hour", ""),
        ("Climb 3 flights of stairs", "Climb", "3", "stairs", ""),
        ("Climb ladders occasionally", "Climb ladders", None, "", "occasionally"),
        ("Walk up to 2 miles", "Walk", "2", "mi", ""),
        ("Bend, kneel, and crouch frequently", "Bend, kneel, and crouch", None, "", "frequently"),
        ("Crawl: never", "Crawl", None, "", "never"),
        (
            "Reach overhead, frequently (1/3 to 2/3 of the day)",
            "Reach overhead",
            None,
            "",
            "frequently",
        ),
    ],
)
def test_a_demand_is_read(
    text: str, what: str, amount: str | None, unit: str, how_often: str
) -> None:
    assert parsed(text) == Demand(what, Decimal(amount) if amount else None, unit, how_often)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Lift",
        "Lift the mood of the team",
        "Lift the mood of the team constantly",
        "Stand in for the manager",
        "Stand in for the manager occasionally",
        "Stand up to difficult customers, frequently",
        "Walk customers through contracts frequently",
        "Carry a quota of 50 accounts",
        "Reach 50 customers a day",
        "Push for results constantly",
        "Travel frequently",
        "Lift at least 50 lb",
        "Lift more than 50 lb, occasionally",
        "Lift 10 to 25 lb, frequently",
        "Lift 50 lb frequently and 25 lb constantly",
        "Lift up to 50 lb with help from a colleague",
        "Lift up to [X] lb, frequently",
        "Lift up to 999999 lb",
        "Walk often",
        "Stand, 6 hours",
        "Walk 2 miles a day",
        "Heavy lifting",
        "50 lb",
        "Walk, " * 1_000 + "constantly",
    ],
)
def test_other_sentences_are_untouched(text: str) -> None:
    assert parsed(text) is None


def test_every_unit_has_its_words() -> None:
    assert physical_demands._UNIT_WORDS.keys() == physical_demands.UNITS.keys()
