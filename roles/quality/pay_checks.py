"""The checks for pay ranges that are very wide or outside the market figures.

The wizard shows the same issues beside a range, compared with the market figures that it lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from roles.document import Document, DocumentPayRange, DocumentPayReference, DocumentSection
from roles.quality import pay_periods
from roles.quality.issue import Issue, IssueAction

WIDEST = 50  # percent by which the maximum can be above the minimum


@dataclass(frozen=True, slots=True)
class PayIssue:
    """An issue of one pay range."""

    check: str
    why: str
    fix: str


def pay_issues(
    pay: DocumentPayRange, references: Iterable[DocumentPayReference], hours: Decimal
) -> Iterator[PayIssue]:
    """Yields the issues of one range; `hours` are working hours per year."""
    yield from _wide(pay)
    yield from _off_the_market(pay, references, hours)


def wide_ranges(document: Document) -> Iterator[Issue]:
    """Yields an issue for each range whose maximum is more than WIDEST percent above its minimum.

    One grade of a pay structure spans about half of its minimum, so a wider range probably covers
    more than one job. Pay transparency laws require the range that the employer expects in good
    faith to pay (New York Labor Law § 194-b, Colorado C.R.S. 8-5-201)."""
    for section in document.sections:
        for number, pay in enumerate(section.pay_ranges, 1):
            for issue in _wide(pay):
                yield _issue(issue, section, pay, number)


def ranges_off_the_market(document: Document) -> Iterator[Issue]:
    """Yields an issue for each range that is entirely below or above the market figures in its
    section and currency: the range or the figures might be outdated or for another role."""
    hours = pay_periods.hours_of(document)
    for section in document.sections:
        for number, pay in enumerate(section.pay_ranges, 1):
            for issue in _off_the_market(pay, section.pay_references, hours):
                yield _issue(issue, section, pay, number)


def _wide(pay: DocumentPayRange) -> Iterator[PayIssue]:
    if pay.minimum is None or pay.maximum is None:
        return
    if pay.maximum > pay.minimum * (100 + WIDEST) / 100:
        yield PayIssue(
            "wide_pay_range",
            _("The maximum is more than %d%% above the minimum.") % WIDEST,
            _("Narrow the range, or add one for each level or location."),
        )


def _off_the_market(
    pay: DocumentPayRange, references: Iterable[DocumentPayReference], hours: Decimal
) -> Iterator[PayIssue]:
    """Yields nothing if there is no figure to compare with. A range without a maximum can't be
    entirely below the figures, and one without a minimum not above them."""
    same = (r for r in references if r.currency == pay.currency)
    market = [span for r in same if (span := pay_periods.span(r, pay.period, hours))]
    if not market:
        return
    check = "pay_off_the_market"
    fix = _("Check the amounts, the pay period, and the market figures.")
    if pay.maximum is not None and pay.maximum < min(low for low, _high in market):
        yield PayIssue(check, _("The whole range is below all market figures shown here."), fix)
    elif pay.minimum is not None and pay.minimum > max(high for _low, high in market):
        yield PayIssue(check, _("The whole range is above all market figures shown here."), fix)


def _issue(issue: PayIssue, section: DocumentSection, pay: DocumentPayRange, number: int) -> Issue:
    """Returns the issue, with the name of the range if there are several."""
    action = IssueAction("go_to_pay", (pay.uid,))
    if len(section.pay_ranges) == 1:
        return Issue(issue.check, section, issue.why, issue.fix, action)
    name = ", ".join(part for part in (pay.location, pay.level) if part)
    name = name or _("Pay range %d") % number
    return Issue(issue.check, section, f"{name}: {issue.why}", issue.fix, action)
