"""The pay chart: ranges and market figures as marks on one axis for each currency.

Horizontal positions are in percent and vertical ones in pixels, so that one drawing fits every
width without shrinking its text. The template only draws the values of these classes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from roles import vocabulary
from roles.document import Bounds, DocumentPayRange, DocumentPayReference
from roles.exporters import fact_labels, pay_labels
from roles.quality import pay_periods
from roles.web.wizard import pay_chart_axis

LABEL_LIMIT = 30  # characters that fit beside the figure on a phone
HEAD, AXIS, GAP = 22, 26, 16  # heights: the unit above, the labels of the axis, between two panels
ROW_HEIGHT = 44


@dataclass(frozen=True)
class ChartRow:
    """One range or market figure: its mark, and the values for the table."""

    kind: str  # range | figure
    name: str
    figure: str  # as stated, with its period if the axis has another
    stated: str  # with its period
    compared: str  # converted to the period of the axis, if it has another
    source: str
    left: str
    width: str
    middle: str
    is_point: bool
    y: int = 0  # of a range; the figures share a row

    @property
    def label(self) -> str:
        return _short(self.name, LABEL_LIMIT)


@dataclass(frozen=True)
class ChartMarket:
    """All market figures of a panel: one row with their span."""

    y: int
    label: str
    figure: str
    left: str
    width: str


@dataclass(frozen=True)
class ChartPanel:
    """The ranges and figures in one currency, on one axis."""

    unit: str
    y: int
    height: int
    ranges: tuple[ChartRow, ...]
    figures: tuple[ChartRow, ...]
    ticks: tuple[pay_chart_axis.Tick, ...]
    market: ChartMarket | None
    summary: str

    @property
    def axis_y(self) -> int:
        """The position of the axis, from the panel's top."""
        return self.height - AXIS


@dataclass(frozen=True)
class Chart:
    panels: tuple[ChartPanel, ...]
    hours: Decimal  # of a year, with which other periods are compared

    @property
    def height(self) -> int:
        return sum(panel.height + GAP for panel in self.panels) - GAP

    @property
    def summary(self) -> str:
        """The drawing in words, for screen readers."""
        return " ".join(panel.summary for panel in self.panels)

    @property
    def rows(self) -> list[ChartRow]:
        return [row for panel in self.panels for row in (*panel.ranges, *panel.figures)]

    @property
    def has_compared(self) -> bool:
        return any(row.compared for row in self.rows)


def chart(
    ranges: Sequence[DocumentPayRange], references: Iterable[DocumentPayReference], hours: Decimal
) -> Chart | None:
    """The ranges of a section, in order, with the span of the figures in their currencies below.
    Figures alone if there is no range, None if there is nothing to draw. `hours` are per year."""
    named: list[tuple[str, DocumentPayRange | DocumentPayReference]] = [
        *((range_name(pay, number), pay) for number, pay in enumerate(ranges, 1)),
        *((figure_name(reference), reference) for reference in references),
    ]
    panels: list[ChartPanel] = []
    y = 0
    own = named[: len(ranges)] or named
    for currency in dict.fromkeys(pay.currency for _name, pay in own):
        drawn = [(name, pay) for name, pay in named if pay.currency == currency]
        panel = _panel(drawn, y, hours)
        if panel is not None:
            panels.append(panel)
            y += panel.height + GAP
    return Chart(tuple(panels), hours) if panels else None


def range_name(pay: DocumentPayRange, number: int) -> str:
    """The location, level and years of a range, or its number."""
    return _basis(pay) or _("Pay range %d") % number


def figure_name(reference: DocumentPayReference) -> str:
    """The location, level and years of a market figure, and its statistic."""
    name = _basis(reference) or reference.role
    statistic = vocabulary.STATISTICS.get(reference.statistic)
    return f"{name}, {_(statistic)}" if statistic else name


def _basis(pay: DocumentPayRange | DocumentPayReference) -> str:
    years = fact_labels.years(pay.years_from, pay.years_to)
    text = ", ".join(part for part in (pay.location, pay.level, years) if part)
    return text[:1].upper() + text[1:]


def _panel(
    named: Sequence[tuple[str, DocumentPayRange | DocumentPayReference]], y: int, hours: Decimal
) -> ChartPanel | None:
    """The ranges and figures of one currency, converted to the period of the first."""
    period, currency = named[0][1].period, named[0][1].currency
    spans = [(n, pay, s) for n, pay in named if (s := pay_periods.span(pay, period, hours))]
    if not spans:
        return None
    axis = pay_chart_axis.axis([amount for *_rest, span in spans for amount in span])
    rows = [_row(name, pay, period, hours, axis) for name, pay, _span in spans]
    own = [row for row in rows if row.kind == "range"]
    down = HEAD + len(own) * ROW_HEIGHT
    figures = [span for _name, pay, span in spans if isinstance(pay, DocumentPayReference)]
    market = _market(figures, down, currency, period, axis) if figures else None
    return ChartPanel(
        unit=f"{currency} {pay_labels.period(period)}",
        y=y,
        height=down + (ROW_HEIGHT if market else 0) + AXIS,
        ranges=tuple(replace(row, y=HEAD + n * ROW_HEIGHT) for n, row in enumerate(own)),
        figures=tuple(row for row in rows if row.kind == "figure"),
        ticks=tuple(axis.ticks(currency)),
        market=market,
        summary=_summary(own, market, currency, period),
    )


def _market(
    figures: Sequence[pay_periods.Span],
    y: int,
    currency: str,
    period: str,
    axis: pay_chart_axis.Axis,
) -> ChartMarket:
    span = min(low for low, _high in figures), max(high for _low, high in figures)
    left, width = axis.stretch(span)
    count = len(figures)
    label = ngettext("%(count)d market figure", "%(count)d market figures", count)
    return ChartMarket(y, label % {"count": count}, _rounded(span, currency, period), left, width)


def _row(
    name: str,
    pay: DocumentPayRange | DocumentPayReference,
    period: str,
    hours: Decimal,
    axis: pay_chart_axis.Axis,
) -> ChartRow:
    """A range or figure; a range with one bound is drawn to the end of the axis."""
    compared = pay_periods.bounds(pay, period, hours)
    low, high = compared
    drawn = (axis.low if low is None else low, axis.high if high is None else high)
    left, width = axis.stretch(drawn)
    figure = pay_labels.money_range(*pay_periods.bounds(pay, pay.period, hours), pay.currency)
    whole = f"{figure} {pay_labels.period(pay.period)}"
    return ChartRow(
        kind="range" if isinstance(pay, DocumentPayRange) else "figure",
        name=name,
        figure=figure if pay.period == period else whole,
        stated=whole,
        compared="" if pay.period == period else _rounded(compared, pay.currency, period),
        source="" if isinstance(pay, DocumentPayRange) else pay_labels.pay_source(pay),
        left=left,
        width=width,
        middle=axis.middle(drawn),
        is_point=low == high,
    )


def _rounded(bounds: Bounds, currency: str, period: str) -> str:
    """Converted amounts, rounded: they are no more exact than the stated ones."""
    unit = Decimal("0.01") if period == "hour" else Decimal(1)
    low, high = (None if amount is None else amount.quantize(unit) for amount in bounds)
    return f"{pay_labels.money_range(low, high, currency)} {pay_labels.period(period)}"


def _summary(
    own: Sequence[ChartRow], market: ChartMarket | None, currency: str, period: str
) -> str:
    """One or two sentences: the ranges, and the span of the market figures."""
    sentences = [
        _("In %(currency)s %(period)s.")
        % {"currency": currency, "period": pay_labels.period(period)}
    ]
    sentences += [f"{row.name}: {row.compared or row.figure}." for row in own]
    sentences += [f"{market.label}: {market.figure}."] if market else []
    return " ".join(sentences)


def _short(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"
