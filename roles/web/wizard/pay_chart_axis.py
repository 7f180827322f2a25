"""The axis of a pay chart: round amounts, and the position of each amount in percent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from roles.exporters import pay_labels
from roles.quality.pay_periods import Span

STEPS = (Decimal(1), Decimal(2), Decimal(5), Decimal(10))
MARGIN, ACROSS = Decimal(1), Decimal(98)  # percent; half a mark fits on either side
MINIMUM_WIDTH = Decimal("0.6")  # percent; a range of one amount is still visible
LABELS_LIMIT = 45  # characters that fit below the axis on a phone


@dataclass(frozen=True)
class Tick:
    """A mark on the axis; `label` is empty if there is no space for one."""

    x: str
    label: str
    anchor: str  # start at the first, end at the last, so that their labels stay inside

    @property
    def has_line(self) -> bool:
        """Lines at both ends would cross the labels there."""
        return self.anchor == "middle"


@dataclass(frozen=True)
class Axis:
    """From one round amount to another, in round steps."""

    low: Decimal
    high: Decimal
    step: Decimal

    def place(self, amount: Decimal) -> Decimal:
        return MARGIN + ACROSS * (amount - self.low) / (self.high - self.low)

    def middle(self, span: Span) -> str:
        return _percent(self.place((span[0] + span[1]) / 2))

    def stretch(self, span: Span) -> tuple[str, str]:
        """Left edge and width of the span between two amounts."""
        left, right = (self.place(amount) for amount in span)
        return _percent(left), _percent(max(right - left, MINIMUM_WIDTH))

    def ticks(self, currency: str) -> Iterator[Tick]:
        count = int((self.high - self.low) / self.step)
        amounts = [self.low + self.step * number for number in range(count + 1)]
        words = [pay_labels.money(amount, currency) for amount in amounts]
        is_crowded = max(map(len, words)) * len(words) > LABELS_LIMIT
        for number, (amount, label) in enumerate(zip(amounts, words, strict=True)):
            anchor = "start" if number == 0 else "end" if number == count else "middle"
            shown = "" if is_crowded and anchor == "middle" else label
            yield Tick(_percent(self.place(amount)), shown, anchor)


def axis(amounts: Sequence[Decimal]) -> Axis:
    """The axis that includes all the amounts, with one to five steps."""
    low, high = min(amounts), max(amounts)
    third = (high - low) / 3 or max(high / 10, Decimal(1))
    size = Decimal(1).scaleb(third.adjusted())
    step = next(size * times for times in STEPS if size * times >= third)
    first = (low / step).to_integral_value(ROUND_FLOOR) * step
    last = (high / step).to_integral_value(ROUND_CEILING) * step
    return Axis(first, last if last > first else first + step, step)


def _percent(number: Decimal) -> str:
    return f"{number:.2f}%"
