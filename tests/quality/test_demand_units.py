"""A physical demand has an amount and its unit, or neither."""

from __future__ import annotations

from decimal import Decimal

import pytest

from roles.document import Document
from roles.quality.demand_units import demand_units
from tests import samples


@pytest.mark.parametrize(
    ("amount", "unit", "why"),
    [
        (None, "", ""),
        (Decimal("50"), "lb", ""),
        (Decimal("0"), "lb", ""),
        (Decimal("50"), "", "“Lift” has an amount without a unit."),
        (Decimal("0"), "", "“Lift” has an amount without a unit."),
        (None, "kg", "“Lift” has a unit without an amount."),
    ],
)
def test_an_amount_and_its_unit(amount: Decimal | None, unit: str, why: str) -> None:
    line = samples.line("Lift", category="physical", amount=amount, unit=unit)
    section = samples.section("conditions", "Physical demands", line)
    found = list(demand_units(samples.numbered(Document("Clerk", sections=(section,)))))
    assert [issue.why for issue in found] == ([why] if why else [])
    assert all(issue.action.key == "go_to_line" for issue in found)
