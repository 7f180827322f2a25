"""Quality checks: issues in a `Document`, each with its section, its reason and a fix.

A check is a function that takes a document and yields issues; `CHECKS` lists the checks that run.
They don't use the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from roles.document import Document
from roles.quality import (
    blank_placeholders,
    default_headings,
    demand_units,
    demands_in_words,
    empty_sections,
    foreign_blanks,
    language_mismatch,
    missing_content,
    past_deadlines,
    pay_checks,
    pay_text,
    percent_of_time,
    repeated_lines,
    unprintable,
    unprinted_facts,
)
from roles.quality.issue import Issue

CHECKS: tuple[Callable[[Document], Iterator[Issue]], ...] = (
    unprinted_facts.unprinted_facts,
    missing_content.no_summary,
    missing_content.no_pay,
    missing_content.no_how_to_apply,
    missing_content.no_equal_opportunity,
    past_deadlines.past_deadlines,
    empty_sections.empty_sections,
    blank_placeholders.blank_placeholders,
    foreign_blanks.foreign_blanks,
    percent_of_time.percent_of_time,
    demand_units.demand_units,
    repeated_lines.repeated_lines,
    pay_text.range_not_shown,
    pay_checks.wide_ranges,
    pay_checks.ranges_off_the_market,
    language_mismatch.language_mismatch,
    default_headings.default_headings,
    unprintable.unprintable,
    demands_in_words.demands_in_words,
)


def issues(document: Document) -> list[Issue]:
    """Returns the issues of all checks, in the order of CHECKS: hints come last."""
    return [issue for check in CHECKS for issue in check(document)]
