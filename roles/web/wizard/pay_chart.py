"""The pay chart: ranges and market figures as marks on one axis for each currency.

Horizontal positions are in percent and vertical ones in pixels, so that one drawing fits every
width without shrinking its text. The template only draws the values of these classes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from roles import vocabulary
from roles.document import DocumentPayRange, DocumentPayReference
from roles.exporters import fact_labels, pay_labels
from roles.quality import pay_periods
from roles.web.wizard import pay_chart_axis

LABEL_LIMIT, SOURCE_LIMIT = 30, 48  # characters that fit beside the figure on a phone
HEAD, AXIS, GAP = 22, 26, 16  # heights: the unit above, the labels of the axis, between two panels
ROW_HEIGHTS = {"range": 44, "figure": 54}


@dataclass(frozen=True)
class ChartRow:
    """One range or market figure: its mark, its labels, and the values for the table."""

    kind: str  # range | figure
    y: int
    label: str
    name: str
    figure: str  # as stated, with its period if the axis has another
    stated: str  # with its period
    compared: str  # converted to the period of the axis, if it has another
    source: str
    left: str
    width: str
    middle: str
    is_point: bool

    @property
    def short_source(self) -> str:
        return _short(self.source, SOURCE_LIMIT)


@dataclass(frozen=True)
class ChartPanel:
    """The ranges and figures in one currency, on one axis."""

    unit: str
    y: int
    height: int
    rows: tuple[ChartRow, ...]
    ticks: tuple[pay_chart_axis.Tick, ...]
    market: tuple[str, str] | None  # left and width of the span of all market figures
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
        return [row for panel in self.panels for row in panel.rows]

    @property
    def has_compared(self) -> bool:
        return any(row.compared for row in self.rows)


def chart(
    ranges: Sequence[DocumentPayRange], references: Iterable[DocumentPayReference], hours: Decimal
) -> Chart | None:
    """The ranges of a section, in order, with the figures of their currencies below them. Figures
    alone if there is no range, None if there is nothing to draw. `hours` are per year."""
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
    rows: list[ChartRow] = []
    down = HEAD
    for name, pay, span in spans:
        rows.append(_row(name, pay, span, down, period, axis))
        down += ROW_HEIGHTS[rows[-1].kind]
    market = [span for _name, pay, span in spans if isinstance(pay, DocumentPayReference)]
    ends = (min(s[0] for s in market), max(s[1] for s in market)) if market else None
    return ChartPanel(
        unit=f"{currency} {pay_labels.period(period)}",
        y=y,
        height=down + AXIS,
        rows=tuple(rows),
        ticks=tuple(axis.ticks(currency)),
        market=axis.stretch(ends) if ends else None,
        summary=_summary(rows, ends, currency, period),
    )


def _row(
    name: str,
    pay: DocumentPayRange | DocumentPayReference,
    span: pay_periods.Span,
    y: int,
    period: str,
    axis: pay_chart_axis.Axis,
) -> ChartRow:
    is_range = isinstance(pay, DocumentPayRange)
    left, width = axis.stretch(span)
    stated = pay_periods.span(pay, pay.period, Decimal(1)) or span
    figure = pay_labels.money_range(*stated, pay.currency)
    whole = f"{figure} {pay_labels.period(pay.period)}"
    return ChartRow(
        kind="range" if is_range else "figure",
        y=y,
        label=_short(name, LABEL_LIMIT),
        name=name,
        figure=figure if pay.period == period else whole,
        stated=whole,
        compared="" if pay.period == period else _rounded(span, pay.currency, period),
        source="" if isinstance(pay, DocumentPayRange) else pay_labels.pay_source(pay),
        left=left,
        width=width,
        middle=axis.middle(span),
        is_point=not is_range and span[0] == span[1],
    )


def _rounded(span: pay_periods.Span, currency: str, period: str) -> str:
    """Converted amounts, rounded: they are no more exact than the stated ones."""
    unit = Decimal("0.01") if period == "hour" else Decimal(1)
    low, high = (amount.quantize(unit) for amount in span)
    return f"{pay_labels.money_range(low, high, currency)} {pay_labels.period(period)}"


def _summary(
    rows: Sequence[ChartRow], market: pay_periods.Span | None, currency: str, period: str
) -> str:
    """One or two sentences: the ranges, and the span of the market figures."""
    own = [row for row in rows if row.kind == "range"]
    sentences = [
        _("In %(currency)s %(period)s.")
        % {"currency": currency, "period": pay_labels.period(period)}
    ]
    sentences += [f"{row.name}: {row.compared or row.figure}." for row in own]
    if market:
        count = len(rows) - len(own)
        text = ngettext(
            "%(count)d market figure: %(span)s.", "%(count)d market figures: %(span)s.", count
        )
        sentences.append(text % {"count": count, "span": _rounded(market, currency, period)})
    return " ".join(sentences)


def _short(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"
