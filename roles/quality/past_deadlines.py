"""The check for application deadlines that have passed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from roles.document import Document, DocumentLine, DocumentSection
from roles.quality.issue import Issue, IssueAction

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ORDINAL = r"(?:st|nd|rd|th|\.)?"  # after a day
_MONTH = rf"(?P<{{0}}>(?:{'|'.join(_MONTHS)})[a-z]*)\.?"
_DATE = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"
    rf"|{_MONTH.format('name')} (?P<day2>\d{{1,2}}){_ORDINAL},? (?P<year2>\d{{4}})"
    rf"|(?P<day3>\d{{1,2}}){_ORDINAL} (?:of )?{_MONTH.format('name3')},? (?P<year3>\d{{4}})"
    r"|(?P<first>\d{1,2})[/.](?P<second>\d{1,2})[/.](?P<year4>\d{4})",
    re.IGNORECASE,
)
_APPLYING = re.compile(r"\bappl(?:y|ications?)\b", re.IGNORECASE)
# What comes shortly before the date of a deadline.
_UNTIL = re.compile(
    r"\b(?:by|before|until|till|through|deadline\w*|clos(?:e|es|ing)|no later than|ends?"
    r"|bis|avant|jusqu|antes|hasta)\b[^.!?\n]{0,30}$",
    re.IGNORECASE,
)


def past_deadlines(document: Document) -> Iterator[Issue]:
    """Yields an issue for a day to apply by in the past: the fact, and days that a text about
    applying states as a deadline. Today is a day to apply."""
    today = timezone.localdate()
    fact = document.filled().fact("apply_by")
    for day in _days(fact.values[0] if fact and fact.values else ""):
        if day < today:
            yield _issue(None, day, IssueAction("go_to_fact", ("apply_by",)))
    for section, line in _about_applying(document):
        days = [day for day in deadlines(f"{line.plain_text}\n{line.detail}") if day < today]
        if days:
            yield _issue(section, days[0], IssueAction("go_to_line", (line.uid,)))


def _about_applying(document: Document) -> Iterator[tuple[DocumentSection, DocumentLine]]:
    shown = document.filled().sections
    for section, filled in zip(document.sections, shown, strict=True):
        for line in filled.every_line():
            if section.kind == "apply" or _APPLYING.search(line.plain_text):
                yield section, line


def deadlines(text: str) -> list[date]:
    """Returns the days that a text states as deadlines. Of a day that can be read in two ways
    (5/3/2026), the later one."""
    return [
        day
        for found in _DATE.finditer(text)
        if _UNTIL.search(text[: found.start()])
        for day in _days(found[0])[-1:]
    ]


def _days(text: str) -> list[date]:
    """Returns the days that a written date can mean, the earlier one first."""
    found = _DATE.fullmatch(text)
    if found is None:
        return []
    if found["first"]:
        one, other = int(found["first"]), int(found["second"])
        both = (_day(int(found["year4"]), *pair) for pair in ((one, other), (other, one)))
        return sorted({day for day in both if day})
    name = found["name"] or found["name3"]
    month = _MONTHS.index(name[:3].lower()) + 1 if name else int(found["month"])
    year = found["year"] or found["year2"] or found["year3"]
    number = found["day"] or found["day2"] or found["day3"]
    day = _day(int(year), month, int(number))
    return [day] if day else []


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _issue(section: DocumentSection | None, day: date, action: IssueAction) -> Issue:
    return Issue(
        "past_deadline",
        section,
        _("The last day to apply, %s, has passed.") % formats.date_format(day, "DATE_FORMAT"),
        _("Change the date or remove it."),
        action,
    )
