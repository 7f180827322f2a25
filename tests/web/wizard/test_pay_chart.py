"""Pay in the wizard: the offered market figures, the chart, the issues beside a range, and amounts
as people type them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from roles.document import DocumentPayRange, DocumentPayReference
from roles.drafts import changes
from roles.exporters import pay_labels
from roles.models import JobDescription, JobLevel, Location
from roles.models import PayReference as Figure
from roles.quality import pay_periods
from roles.web.wizard import pay_chart, pay_step
from tests import builders, strategies

pytestmark = pytest.mark.any_database

HOURS = pay_periods.hours_a_year(None)


# --- the chart


def drawn(*pay: DocumentPayRange | DocumentPayReference) -> pay_chart.Chart:
    ranges = [item for item in pay if isinstance(item, DocumentPayRange)]
    figures = [item for item in pay if isinstance(item, DocumentPayReference)]
    result = pay_chart.chart(ranges, figures, HOURS)
    assert result is not None
    return result


def salary(low: str, high: str, **values: Any) -> DocumentPayRange:
    return DocumentPayRange("p", Decimal(low), Decimal(high), **values)


def market(amount: str = "", **values: Any) -> DocumentPayReference:
    values |= {name: Decimal(values[name]) for name in ("low", "high") if name in values}
    return DocumentPayReference(
        "Account manager", amount=Decimal(amount) if amount else None, **values
    )


def percent(text: str) -> Decimal:
    assert re.fullmatch(r"\d+\.\d\d%", text)
    return Decimal(text.removesuffix("%"))


def test_range_is_drawn_at_its_amounts() -> None:
    """On a scale of round amounts, with the span of the market behind it."""
    span = market(low="20000", high="80000")
    panel = drawn(salary("40000", "60000"), market("50000"), span).panels[0]
    assert [tick.label for tick in panel.ticks] == ["$20,000", "$40,000", "$60,000", "$80,000"]
    places = {tick.label: percent(tick.x) for tick in panel.ticks}
    (own,) = panel.ranges
    point, wide = panel.figures
    assert percent(own.left) == places["$40,000"]
    assert percent(own.left) + percent(own.width) == pytest.approx(
        places["$60,000"], abs=Decimal("0.02")
    )
    assert point.is_point
    assert percent(point.middle) == pytest.approx(Decimal(50), abs=Decimal("0.02"))
    assert not wide.is_point
    assert panel.market is not None
    assert (panel.market.left, panel.market.width) == (wide.left, wide.width)
    assert own.y < panel.market.y < panel.axis_y < panel.height


def test_amounts_are_converted_to_the_first_period() -> None:
    """With 2,080 hours and 12 months a year; labeled as stated, and converted in the table."""
    chart = drawn(
        salary("52000", "62400"),
        salary("25", "30", period="hour"),
        market("4500", period="month", statistic="median"),
    )
    first, hourly, monthly = chart.rows
    assert (first.left, first.width) == (hourly.left, hourly.width)
    assert hourly.figure == "$25 – $30 per hour"
    assert hourly.compared == "$52,000 – $62,400 per year"
    assert (monthly.figure, monthly.compared) == ("$4,500 per month", "$54,000 per year")
    assert (first.compared, chart.has_compared) == ("", True)
    assert chart.panels[0].unit == "USD per year"


def test_each_currency_has_its_own_axis() -> None:
    """A figure in a currency without a range is not drawn beside ranges."""
    chart = drawn(
        *(salary("50000", "60000"), salary("50000", "60000", currency="EUR")),
        *(market("55000", currency="EUR"), market("55000", currency="CHF")),
    )
    assert [panel.unit for panel in chart.panels] == ["USD per year", "EUR per year"]
    assert [(len(p.ranges), len(p.figures)) for p in chart.panels] == [(1, 0), (1, 1)]
    assert chart.panels[0].y + chart.panels[0].height < chart.panels[1].y
    assert chart.height == chart.panels[1].y + chart.panels[1].height


def test_figures_are_drawn_without_a_range() -> None:
    """They help to find a first range."""
    assert [row.kind for row in drawn(market("54000"), market("63000")).rows] == ["figure"] * 2


def test_nothing_to_draw() -> None:
    """No range and no figure, or figures without an amount."""
    assert pay_chart.chart([], [], HOURS) is None
    assert pay_chart.chart([], [market()], HOURS) is None


def test_every_mark_has_a_name_a_source_and_a_date() -> None:
    rows = drawn(
        salary("1", "2", location="Denver", level="senior", years_from=4),
        salary("1", "2"),
        market("2", location="Denver", statistic="average", source="Indeed", as_of="2022-07"),
        market(low="1", high="2", statistic="range"),
    ).rows
    assert [(row.name, row.source) for row in rows] == [
        ("Denver, senior, 4+ years", ""),
        ("Pay range 2", ""),
        ("Denver, average", "Indeed, July 2022"),
        ("Account manager, range", "Source not recorded"),
    ]


def test_long_names_are_shortened_in_the_drawing_only() -> None:
    """The table has them in full."""
    row = drawn(salary("1", "2", location="x" * 100), market("1", source="y" * 200)).rows
    assert row[0].label == "X" + "x" * 28 + "…"
    assert row[0].name == "X" + "x" * 99
    assert row[1].source == "y" * 200


def test_summary_describes_the_chart() -> None:
    """For screen readers."""
    words = drawn(
        salary("60000", "72000", location="Denver"),
        *(market("54840"), market(low="38000", high="83000")),
    ).summary
    assert words == (
        "In USD per year. Denver: $60,000 – $72,000. 2 market figures: $38,000 – $83,000 per year."
    )


@given(st.lists(strategies.pay_ranges), st.lists(strategies.pay_references))
@strategies.examples(80)
def test_every_mark_is_within_the_scale(
    ranges: list[DocumentPayRange], references: list[DocumentPayReference]
) -> None:
    """The scale has few ticks, in order."""
    chart = pay_chart.chart(ranges, references, HOURS)
    for panel in chart.panels if chart else ():
        ticks = [percent(tick.x) for tick in panel.ticks]
        assert ticks == sorted(set(ticks))
        assert 2 <= len(ticks) <= 6
        assert panel.ticks[0].label
        assert panel.ticks[-1].label
        for row in (*panel.ranges, *panel.figures):
            assert ticks[0] <= percent(row.left)
            assert percent(row.left) + percent(row.width) <= 100
            assert ticks[0] <= percent(row.middle) <= ticks[-1]


def test_both_ends_of_a_range_have_cents_or_neither() -> None:
    assert pay_labels.money_range(Decimal("25.00"), Decimal("27.50"), "USD") == "$25.00 – $27.50"
    assert (
        pay_labels.money_range(Decimal("25.00"), Decimal("27.00"), "CHF")
        == "CHF\u00a025 – CHF\u00a027"
    )


# --- matching figures


def offered(jd: JobDescription, uid: str) -> list[str]:
    jd = JobDescription.objects.get(pk=jd.pk)
    fitting, _further = pay_step.figures(jd, jd.sections.get(uid=uid))
    return [figure.code for figure in fitting]


@pytest.fixture
def jd(db: None) -> JobDescription:
    """A mid-level account manager (two to four years), with market figures."""
    figures: dict[str, dict[str, Any]] = {
        "all": {},
        "denver": {"location": "Denver"},
        "austin": {"location": "Austin"},
        "mid": {"level": "mid"},
        "senior": {"level": "Senior level"},
        "young": {"years_from": 0, "years_to": 2},
        "old": {"years_from": 5},
        "german": {"country": "DE"},
        "nurse": {"role": "Nurse"},
    }
    for code, values in figures.items():
        stated = {"role": "Account manager", "amount": 54000, "source": "Survey", **values}
        Figure.objects.create(code=code, **stated)
    return builders.description(title="Key account manager")


@pytest.mark.both_databases
def test_figures_match_title_location_level_and_years(jd: JobDescription) -> None:
    """Figures without a location, a level or years match all of them."""
    uid = builders.add_section(jd, "pay", "Pay")
    assert offered(jd, uid) == ["all", "mid", "young", "german"]
    jd.locations.set([Location.objects.create(city="Denver", region="Colorado", country="US")])
    assert offered(jd, uid) == ["all", "denver", "mid", "young"]
    JobDescription.objects.update(years_from=6, years_to=None, title="Senior account manager")
    assert offered(jd, uid) == ["all", "denver", "mid", "senior", "old"]


def test_figures_match_a_range_or_are_shown_already(jd: JobDescription) -> None:
    """A range for another location has the figures of that location."""
    uid = builders.add_section(jd, "pay", "Pay")
    shown = Figure.objects.get(code="nurse").pk
    builders.change(
        jd,
        changes.AddPay(uid, {"minimum": 1, "maximum": 2, "location": "Austin, TX"}),
        changes.AddPay(uid, {"minimum": 1, "maximum": 2, "level": "Senior level", "years_from": 8}),
        changes.ShowReferences(uid, (shown,)),
    )
    wanted = ["all", "austin", "mid", "senior", "young", "old", "german", "nurse"]
    assert offered(jd, uid) == wanted


def test_no_figures_match_another_title(jd: JobDescription) -> None:
    """All of them can still be chosen."""
    JobDescription.objects.update(title="Baker")
    uid = builders.add_section(jd, "pay", "Pay")
    jd = JobDescription.objects.get()
    fitting, further = pay_step.figures(jd, jd.sections.get(uid=uid))
    assert (fitting, len(further)) == ([], 9)


# --- the page, and the fragment for autosave


def step_page(client: Any, jd: JobDescription) -> str:
    return str(client.get(reverse("wizard_step", args=[jd.reference, "pay"])).content.decode())


def drawing(page: str) -> ElementTree.Element:
    """The chart of a page."""
    result = re.findall(r'<svg class="pay-chart".*?</svg>\s*</svg>', page, re.DOTALL)
    assert len(result) == 1
    return ElementTree.fromstring(result[0])  # noqa: S314  # generated by the test


@pytest.fixture
def paid(jd: JobDescription) -> JobDescription:
    """With a reasonable range, a wide one, and one far from the market."""
    uid = builders.add_section(jd, "pay", "Pay")
    for low, high, period in ((50000, 60000, "year"), (40000, 80000, "year"), (95, 99, "hour")):
        values = {"minimum": low, "maximum": high, "period": period}
        builders.change(jd, changes.AddPay(uid, values))
    return jd


def test_chart_has_a_name_a_description_and_a_table(client_for: Any, paid: JobDescription) -> None:
    """It has no style attribute, which the security policy forbids."""
    page = step_page(client_for(paid.owner), paid)
    svg = drawing(page)
    title, words = svg.findall("title") + svg.findall("desc")
    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == f"{title.get('id')} {words.get('id')}"
    assert title.text == "Pay: ranges and market figures"
    assert "Pay range 1: $50,000 – $60,000." in str(words.text)
    texts = {"".join(text.itertext()) for text in svg.iter("text")}
    assert {"$50,000 – $60,000", "$95 – $99 per hour", "4 market figures"} <= texts
    assert "Survey" not in texts  # single figures are in the table
    assert not any("style" in part.attrib for part in svg.iter())
    assert page.count('<table class="pay-table"') == 1
    assert "<td>$197,600 – $205,920 per year</td>" in page


def issues_of(page: str, uid: str) -> list[str]:
    box = re.search(rf'id="pay-{uid}-remarks".*?</div>', page, re.DOTALL)
    assert box is not None
    return re.findall(r"<span>(.*?)</span>", box[0])


@pytest.mark.both_databases
def test_issues_are_shown_beside_their_range(client_for: Any, paid: JobDescription) -> None:
    """They compare with the figures that the step lists, checked or not."""
    page = step_page(client_for(paid.owner), paid)
    sound, wide, off = paid.sections.get(kind="pay").pay_ranges.values_list("uid", flat=True)
    assert issues_of(page, sound) == []
    assert "more than 50% above the minimum" in issues_of(page, wide)[0]
    assert "above all market figures" in issues_of(page, off)[0]


def test_finish_compares_with_the_figures_in_the_document(
    client_for: Any, paid: JobDescription
) -> None:
    """A reader sees no others."""
    client = client_for(paid.owner)
    address = reverse("wizard_step", args=[paid.reference, "finish"])
    page = client.get(address).content.decode()
    assert "Pay range 2: The maximum is more than 50% above the minimum." in page
    assert "Pay range 3:" not in page
    figure = Figure.objects.get(code="all").pk
    builders.change(paid, changes.ShowReferences(paid.sections.get(kind="pay").uid, (figure,)))
    page = client.get(address).content.decode()
    assert "Pay range 3: The whole range is above all market figures shown here." in page


@pytest.mark.both_databases
def test_fragment_has_the_current_chart(client_for: Any, paid: JobDescription) -> None:
    """With the table and the issues, to be swapped in by id."""
    client = client_for(paid.owner)
    place = paid.sections.get(kind="pay")
    wide = place.pay_ranges.all()[1]
    builders.change(paid, changes.ChangePay(wide.uid, {"maximum": Decimal("58000.50")}))
    page = client.get(reverse("wizard_pay_chart", args=[paid.reference, place.uid]))
    text = page.content.decode()
    assert "$40,000.00 – $58,000.50" in "".join(drawing(text).itertext())
    assert issues_of(text, str(wide.uid)) == []
    assert f'id="pay-table-{place.uid}" hx-swap-oob="true"' in text


def test_fragment_needs_a_pay_section(client_for: Any, paid: JobDescription) -> None:
    """Of this job description."""
    client = client_for(paid.owner)
    other = builders.description(paid.owner)
    summary = paid.sections.get(kind="summary").uid
    uid = paid.sections.get(kind="pay").uid
    for reference, place in (
        (paid.reference, summary),
        (other.reference, uid),
        (paid.reference, "x"),
    ):
        response = client.get(reverse("wizard_pay_chart", args=[reference, place]))
        assert response.status_code == 404


def test_text_in_a_chart_is_escaped(client_for: Any, paid: JobDescription) -> None:
    """People type locations and sources."""
    uid = paid.sections.get(kind="pay").uid
    values = {"minimum": 1, "maximum": 1, "location": "<b>&"}
    builders.change(paid, changes.AddPay(uid, values))
    page = step_page(client_for(paid.owner), paid)
    assert "<b>&" not in page
    assert "<b>&" in "".join(drawing(page).itertext())


# --- the editor


def test_new_range_has_the_currency_and_period_of_the_last(
    client_for: Any, jd: JobDescription
) -> None:
    """Or those of another section, if this one has no range yet."""
    first = builders.add_section(jd, "pay", "Pay")
    second = builders.add_section(jd, "pay", "More pay")
    values = {"minimum": 20, "maximum": 25, "currency": "CHF", "period": "hour"}
    builders.change(jd, changes.AddPay(first, values))
    page = step_page(client_for(jd.owner), jd)
    for uid in (first, second):
        assert re.search(rf'name="newpay-{uid}-currency"[^>]*value="CHF"', page)
        period = re.search(rf'name="newpay-{uid}-period".*?</select>', page, re.DOTALL)
        assert period is not None
        assert '<option value="hour" selected>' in period[0]


@pytest.mark.slow
def test_new_range_is_folded_if_there_is_one(client_for: Any, jd: JobDescription) -> None:
    """And so are location, level and years if they are empty."""
    client = client_for(jd.owner)
    uid = builders.add_section(jd, "pay", "Pay")
    assert f'id="pay-new-{uid}-' not in step_page(client, jd)
    builders.change(jd, changes.AddPay(uid, {"minimum": 1, "maximum": 1}))
    page = step_page(client, jd)
    row = jd.sections.get(uid=uid).pay_ranges.get()
    assert f'id="pay-new-{uid}-1">' in page
    assert f'id="pay-{row.uid}-applies-to">' in page
    builders.change(jd, changes.ChangePay(str(row.uid), {"level": "Mid"}))
    assert f'id="pay-{row.uid}-applies-to" open>' in step_page(client, jd)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("minimum", "currency", "message"),
    [
        ("72.000", "USD", "72.000 is ambiguous"),
        ("€60,000", "CAD", "This amount is in €, but the currency is CAD."),
        ("CHF 60,000", "EUR", "This amount is in CHF, but the currency is EUR."),
    ],
)
def test_refused_new_range_stays_open_as_typed(
    client_for: Any, paid: JobDescription, minimum: str, currency: str, message: str
) -> None:
    """With the message, and nothing is changed."""
    uid = paid.sections.get(kind="pay").uid
    values = {"minimum": minimum, "maximum": "90,000", "currency": currency, "period": "year"}
    response = client_for(paid.owner).post(
        reverse("wizard_step", args=[paid.reference, "pay"]),
        {
            "action": f"pay-add:{uid}",
            "token": paid.edit_token,
            **{f"newpay-{uid}-{name}": value for name, value in values.items()},
            **dict.fromkeys((f"newpay-{uid}-{n}" for n in ("location", "level")), ""),
        },
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert message in page
    assert f'id="pay-new-{uid}-3" open>' in page
    assert f'value="{minimum}"' in page
    assert paid.sections.get(kind="pay").pay_ranges.count() == 3


def test_amounts_with_commas_are_not_a_change(client_for: Any, paid: JobDescription) -> None:
    """A page that is posted unchanged changes no row."""
    client = client_for(paid.owner)
    page = step_page(client, paid)
    row = paid.sections.get(kind="pay").pay_ranges.all()[0]
    fields = dict(re.findall(rf'name="(pay-{row.uid}-\w+)"[^>]*value="([^"]*)"', page))
    assert fields[f"pay-{row.uid}-minimum"] == "50,000"
    fields[f"pay-{row.uid}-period"] = "year"
    token = JobDescription.objects.get(pk=paid.pk).edit_token
    client.post(
        reverse("wizard_step", args=[paid.reference, "pay"]),
        {"action": "save", "token": token, **fields},
    )
    assert JobDescription.objects.get(pk=paid.pk).edit_token == token


@pytest.mark.both_databases
def test_levels_and_locations_are_suggested(client_for: Any, jd: JobDescription) -> None:
    """From the job, its levels, and the figures."""
    builders.add_section(jd, "pay", "Pay")
    jd.locations.set([Location.objects.create(city="Boulder")])
    page = step_page(client_for(jd.owner), jd)
    for word in ("Boulder", "Denver", "Austin", JobLevel.objects.all()[0].name):
        assert f'<option value="{word}"></option>' in page
