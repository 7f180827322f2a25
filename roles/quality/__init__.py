"""Quality checks: remarks on a `Document`, each with where, why and how to mend it.

A check is a function from a document to findings; `CHECKS` is the table of those that run.
They know nothing of the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from roles.document import Document
from roles.quality import empty, pay, percent, repeats
from roles.quality.finding import Finding

CHECKS: tuple[Callable[[Document], Iterator[Finding]], ...] = (
    empty.empty_sections,
    percent.percent_of_time,
    repeats.repeated_lines,
    pay.wide_ranges,
    pay.ranges_off_the_market,
)


def findings(document: Document) -> list[Finding]:
    """What every check says of the document, in the order of CHECKS."""
    return [finding for check in CHECKS for finding in check(document)]
