"""A level comparison as the page shows it: columns, cells and findings in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from django.urls import reverse
from django.utils.translation import gettext as _

from roles import levels, vocabulary
from roles.document import Document, DocumentLine
from roles.exporters import fact_labels, pay_labels
from roles.models import JobDescription


class ColumnText(Protocol):
    @property
    def words(self) -> str: ...
    @property
    def number(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class LevelColumn:
    """The head of a column: what it is, which text of it, and its figures."""

    reference: str
    title: str
    level: str
    text: str
    url: str
    years: str
    required: int
    pay: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """A line in a cell: its words, what it carries, whether this level adds it, and what the
    level below says instead."""

    text: str
    detail: str
    tags: str
    is_new: bool = False
    is_kept: bool = False
    below: str = ""


@dataclass(frozen=True, slots=True)
class ColumnCell:
    who: str
    entries: tuple[ColumnLine, ...]
    dropped: tuple[ColumnLine, ...]


@dataclass(frozen=True, slots=True)
class ColumnSection:
    label: str
    shared: tuple[ColumnLine, ...]
    cells: tuple[ColumnCell, ...]


def without_pay(document: Document) -> Document:
    """The same without its pay sections."""
    rest = tuple(section for section in document.sections if section.kind != "pay")
    return replace(document, sections=rest).with_needed_answers()


def column(
    compared_level: levels.ComparedLevel,
    description: JobDescription,
    texts: Mapping[int, ColumnText],
) -> LevelColumn:
    text = texts[description.pk]
    level, years = compared_level.document.fact("job_level"), compared_level.document.fact("years")
    url = reverse("preview", args=[description.reference])
    if text.number is not None:
        url = reverse("version", args=[description.reference, text.number])
    return LevelColumn(
        reference=description.reference,
        title=compared_level.document.title,
        level=", ".join(fact_labels.fact_values(level)) if level else "",
        text=text.words,
        url=url,
        years=", ".join(fact_labels.fact_values(years)) if years else "",
        required=levels.required_count(compared_level.document),
        pay=tuple(_span(span) for span in levels.pay_spans(compared_level.document)),
    )


def sections(climbed: levels.LevelComparison) -> list[ColumnSection]:
    names = [
        ", ".join(fact_labels.fact_values(fact))
        if (fact := compared_level.document.fact("job_level"))
        else compared_level.document.title
        for compared_level in climbed.compared_levels
    ]
    return [
        ColumnSection(
            label=_(vocabulary.SECTION_KINDS[section.kind].label),
            shared=tuple(_line(line) for line in section.shared),
            cells=tuple(
                ColumnCell(
                    who, tuple(_entries(cell, is_lowest=n == 0)), tuple(map(_line, cell.dropped))
                )
                for n, (who, cell) in enumerate(zip(names, section.cells, strict=True))
            ),
        )
        for section in climbed.sections
    ]


def inversions(climbed: levels.LevelComparison) -> list[str]:
    """What is an inversion, a sentence each."""
    titles = {
        compared_level.key: f"{compared_level.document.title} ({compared_level.key})"
        for compared_level in climbed.compared_levels
    }
    return [_sentence(finding, titles) for finding in climbed.findings]


def _sentence(finding: levels.Inversion, titles: Mapping[str, str]) -> str:
    said = {
        "years": _(
            "%(junior)s asks for more years than %(senior)s: from %(one)s against %(other)s."
        ),
        "required": _(
            "%(junior)s has more required lines than %(senior)s: %(one)s against %(other)s."
        ),
        "pay": _("%(junior)s pays more than %(senior)s: %(one)s against %(other)s."),
    }
    figures = [
        _span(figure) if isinstance(figure, levels.PaySpan) else str(figure)
        for figure in finding.figures
    ]
    return said[finding.check] % {
        "junior": titles[finding.junior],
        "senior": titles[finding.senior],
        "one": figures[0],
        "other": figures[1],
    }


def _span(span: levels.PaySpan) -> str:
    amount = pay_labels.money_range(span.low, span.high, span.currency)
    words = f"{amount} {pay_labels.period(span.period)}"
    return f"{words}, {span.location}" if span.location else words


def _entries(cell: levels.LevelCell, *, is_lowest: bool) -> Iterator[ColumnLine]:
    for entry in cell.entries:
        shown = _line(entry.line)
        if entry.below is None:
            yield replace(shown, is_new=not is_lowest)
        elif entry.is_reworded:
            below = _line(entry.below)
            same = below.text == shown.text
            yield replace(shown, below=below.detail if same else below.text)
        elif entry.has_other_requirement:
            asked = vocabulary.REQUIREMENTS.get(entry.below.requirement)
            yield replace(shown, below=_(asked) if asked else _("not stated"))
        else:
            yield replace(shown, is_kept=True)


def _line(line: DocumentLine) -> ColumnLine:
    tags = ", ".join(fact_labels.line_tags(line, with_requirement=True))
    return ColumnLine(line.text, line.detail, tags)
