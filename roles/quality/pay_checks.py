"""Pay ranges that say little, and those that the market does not know.

The wizard makes the same remarks beside a range, with the market figures that it lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from roles.document import Document, DocumentPayRange, DocumentPayReference, DocumentSection
from roles.quality import pay_periods
from roles.quality.issue import Issue

WIDEST = Decimal("1.5")  # times the minimum


@dataclass(frozen=True, slots=True)
class PayIssue:
    """What is to be said of one range."""

    check: str
    why: str
    fix: str


def pay_issues(
    pay: DocumentPayRange, references: Iterable[DocumentPayReference], hours: Decimal
) -> Iterator[PayIssue]:
    """All remarks on one range; `hours` are those of a year."""
    yield from _wide(pay)
    yield from _off_the_market(pay, references, hours)


def wide_ranges(document: Document) -> Iterator[Issue]:
    """A range wider than half of its minimum tells a reader little of what they would earn.

    Half of the minimum is about the span of one grade of a pay structure, so that a wider
    range holds more than one job. Where the law wants a range in advertisements, it is to be
    what the employer expects in good faith to pay (New York Labor Law § 194-b, Colorado
    C.R.S. 8-5-201), which a very wide one may not be."""
    for section in document.sections:
        for number, pay in enumerate(section.pay_ranges, 1):
            for remark in _wide(pay):
                yield _finding(remark, section, pay, number)


def ranges_off_the_market(document: Document) -> Iterator[Issue]:
    """A range that lies wholly below the lowest or above the highest market figure which its
    section shows in the same currency: one of them may be out of date, or for another role.

    No law asks for it. A reader sees both on one page and will wonder."""
    hours = pay_periods.hours_of(document)
    for section in document.sections:
        for number, pay in enumerate(section.pay_ranges, 1):
            for remark in _off_the_market(pay, section.pay_references, hours):
                yield _finding(remark, section, pay, number)


def _wide(pay: DocumentPayRange) -> Iterator[PayIssue]:
    if pay.maximum > WIDEST * pay.minimum:
        yield PayIssue(
            "wide_pay_range",
            _("The maximum is more than 50% above the minimum."),
            _("Narrow the range, or add one for each level or location."),
        )


def _off_the_market(
    pay: DocumentPayRange, references: Iterable[DocumentPayReference], hours: Decimal
) -> Iterator[PayIssue]:
    """Nothing where there is no figure to compare with."""
    own = pay_periods.span(pay, pay.period, hours)
    same = (r for r in references if r.currency == pay.currency)
    market = [found for r in same if (found := pay_periods.span(r, pay.period, hours))]
    if own is None or not market:
        return
    check = "pay_off_the_market"
    fix = _("Check the amounts, the pay period, and the market figures.")
    if own[1] < min(low for low, _high in market):
        yield PayIssue(check, _("The whole range is below all market figures shown here."), fix)
    elif own[0] > max(high for _low, high in market):
        yield PayIssue(check, _("The whole range is above all market figures shown here."), fix)


def _finding(
    remark: PayIssue, section: DocumentSection, pay: DocumentPayRange, number: int
) -> Issue:
    """The remark, saying which of several ranges it is on."""
    if len(section.pay_ranges) == 1:
        return Issue(remark.check, section, remark.why, remark.fix)
    name = ", ".join(part for part in (pay.location, pay.level) if part)
    name = name or _("Pay range %d") % number
    return Issue(remark.check, section, f"{name}: {remark.why}", remark.fix)
