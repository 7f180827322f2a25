"""Quality checks: remarks on a `Document`, each with where, why and how to fix it.

A check is a function from a document to findings; `CHECKS` is the table of those that run.
They know nothing of the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from roles.document import Document
from roles.quality import empty_sections, pay_checks, percent_of_time, repeated_lines
from roles.quality.issue import Issue

CHECKS: tuple[Callable[[Document], Iterator[Issue]], ...] = (
    empty_sections.empty_sections,
    percent_of_time.percent_of_time,
    repeated_lines.repeated_lines,
    pay_checks.wide_ranges,
    pay_checks.ranges_off_the_market,
)


def issues(document: Document) -> list[Issue]:
    """What every check says of the document, in the order of CHECKS."""
    return [finding for check in CHECKS for finding in check(document)]
