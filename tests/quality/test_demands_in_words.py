"""A physical demand in a sentence is a hint, if its line has free fields."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from roles import quality
from roles.document import Document
from roles.quality.demands_in_words import demands_in_words
from roles.quality.issue import IssueAction
from tests import samples

TEXT = "Lift up to 50 lb, frequently"


@pytest.mark.parametrize(
    ("kind", "values", "is_hint"),
    [
        ("conditions", {}, True),
        ("conditions", {"category": "physical"}, True),
        ("conditions", {"category": "travel"}, False),
        ("conditions", {"form": "paragraph"}, False),
        ("conditions", {"category": "physical", "amount": Decimal(50), "unit": "lb"}, False),
        ("conditions", {"category": "physical", "how_often": "never"}, False),
        ("responsibilities", {}, False),
    ],
)
def test_a_demand_in_words_is_a_hint(kind: str, values: dict[str, Any], is_hint: bool) -> None:
    section = samples.section(kind, "Heading", samples.line(TEXT, **values))
    document = samples.numbered(Document("Clerk", sections=(section,)))
    found = list(demands_in_words(document))
    assert [issue.is_hint for issue in found] == ([True] if is_hint else [])
    action = IssueAction("convert_demand", (document.sections[0].lines[0].uid,))
    assert all(issue.action == action for issue in found)


def test_hints_come_last() -> None:
    """All other issues are about something wrong."""
    section = samples.section("conditions", "", samples.line(TEXT), samples.line("Join [team]"))
    hints = [issue.is_hint for issue in quality.issues(Document("Clerk", sections=(section,)))]
    assert hints[-1]
    assert sum(hints) == 1
    assert len(hints) > 3


def test_other_lines_are_no_hint() -> None:
    texts = ("Lift the mood of the team", "Stand in for the manager", "Travel frequently")
    section = samples.section("conditions", "Heading", *map(samples.line, texts))
    assert not list(demands_in_words(samples.numbered(Document("Clerk", sections=(section,)))))
