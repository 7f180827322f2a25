"""Placeholders as other systems and people write them."""

from __future__ import annotations

import time

import pytest

from roles import foreign_placeholders

FOUND = [
    ("Join {{company_name}} today", "Join [company name] today"),
    ("Join {{ Company Name }} today", "Join [Company Name] today"),
    ("Report to {manager}", "Report to [manager]"),
    ("Report to ${manager_title}", "Report to [manager title]"),
    ("Work at %COMPANY_NAME%", "Work at [COMPANY NAME]"),
    ("Work for <Company Name>.", "Work for [Company Name]."),
    ("Join <team>", "Join [team]"),
    ("Join <<Company>> or <<team name>>", "Join [Company] or [team name]"),
    ("Insert team name here", "[team name]"),
    ("Manage XXXX accounts", "Manage [X] accounts"),
    ("XX+ years of sales", "[X]+ years of sales"),
    ("Up to xx% travel", "Up to [X]% travel"),
    ("Pay: $XX,XXX a year", "Pay: [X] a year"),
    ("Manage xxxx accounts", "Manage [X] accounts"),
    ("Pay: $XX to $YY", "Pay: [X] to [Y]"),
    ("Start on XX/XX/XXXX", "Start on [X]"),
    ("Supervise ____ people", "Supervise [text to fill in] people"),
    ("Location: TBD", "Location: [to be decided]"),
    ("Location: tbc, pay T.B.D.", "Location: [to be decided], pay [to be decided]"),
    ("Level ???", "Level [to be decided]"),
    ("Lorem ipsum dolor sit amet", "[text] dolor sit amet"),
    ("{{a}} and {{b}}", "[a] and [b]"),
]
NOT_FOUND = [
    "Templates in C++ such as C<D> and List<String>",
    "Keep stock < 20 and > 5",
    "a < b > c, x<y>z",
    "Shift left: a << b, c >> d, cat <<EOF >> file",
    "As described in [1]",
    "As described in [Company Name]",
    "The TBDX protocol, and OTBD",
    "Size XXL, Super Bowl LX, 10x growth, XX chromosomes",
    "Write <div> and <span class='x'> by hand",
    "snake_case, __init__ and dunder__names",
    "What? Really?? Yes",
    "The set {1, 2} and f{x}",
    "100% and 50% of time",
    "$5,000 and ${5}",
    "Insert the card and stay here",
    "Size xxxl and $Y",
    "Boxes, X-rays, Xerox, MAX, xx large",
]


@pytest.mark.parametrize(("text", "converted"), FOUND)
def test_it_is_found_and_converted(text: str, converted: str) -> None:
    assert foreign_placeholders.find(text)
    assert foreign_placeholders.converted(text) == converted
    assert not foreign_placeholders.find(converted)


@pytest.mark.parametrize("text", NOT_FOUND)
def test_other_text_is_none(text: str) -> None:
    assert foreign_placeholders.find(text) == []


@pytest.mark.parametrize(
    "piece", ["{{a ", "<ab ", "insert a ", "X", "x", "<<ab ", "_", "?", "%AAA", "${a"]
)
def test_finding_takes_linear_time(piece: str) -> None:
    start = time.process_time()
    foreign_placeholders.find((piece * 100_000)[:100_000])
    assert time.process_time() - start < 2
