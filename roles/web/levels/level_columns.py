"""Prepares a level comparison for its template: columns, cells, and inversions."""

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
    def label(self) -> str: ...
    @property
    def number(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class LevelColumn:
    """The head of a column: job description, compared text, and figures."""

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
    """A line in a cell. `is_new`: this level adds it; `is_preserved`: the level below has the same
    line; `below`: what the level below has instead."""

    text: str
    detail: str
    tags: str
    is_new: bool = False
    is_preserved: bool = False
    below: str = ""


@dataclass(frozen=True, slots=True)
class ColumnCell:
    level: str
    entries: tuple[ColumnLine, ...]
    dropped: tuple[ColumnLine, ...]


@dataclass(frozen=True, slots=True)
class ColumnSection:
    label: str
    shared: tuple[ColumnLine, ...]
    cells: tuple[ColumnCell, ...]


def without_pay(document: Document) -> Document:
    """Returns the document without its pay sections."""
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
        text=text.label,
        url=url,
        years=", ".join(fact_labels.fact_values(years)) if years else "",
        required=levels.required_count(compared_level.document),
        pay=tuple(_span(span) for span in levels.pay_spans(compared_level.document)),
    )


def sections(comparison: levels.LevelComparison) -> list[ColumnSection]:
    names = [
        ", ".join(fact_labels.fact_values(fact))
        if (fact := compared_level.document.fact("job_level"))
        else compared_level.document.title
        for compared_level in comparison.compared_levels
    ]
    return [
        ColumnSection(
            label=_(vocabulary.SECTION_KINDS[section.kind].label),
            shared=tuple(_line(line) for line in section.shared),
            cells=tuple(
                ColumnCell(
                    name, tuple(_entries(cell, is_lowest=n == 0)), tuple(map(_line, cell.dropped))
                )
                for n, (name, cell) in enumerate(zip(names, section.cells, strict=True))
            ),
        )
        for section in comparison.sections
    ]


def inversions(comparison: levels.LevelComparison) -> list[str]:
    """Returns the inversions as sentences."""
    titles = {
        compared_level.key: f"{compared_level.document.title} ({compared_level.key})"
        for compared_level in comparison.compared_levels
    }
    return [_sentence(inversion, titles) for inversion in comparison.inversions]


def _sentence(inversion: levels.Inversion, titles: Mapping[str, str]) -> str:
    sentences = {
        "years": _(
            "%(junior)s requires more years of experience (%(one)s) than %(senior)s (%(other)s)."
        ),
        "required": _("%(junior)s has more required lines (%(one)s) than %(senior)s (%(other)s)."),
        "pay": _("%(junior)s pays more (%(one)s) than %(senior)s (%(other)s)."),
    }
    figures = [
        _span(figure) if isinstance(figure, levels.PaySpan) else str(figure)
        for figure in inversion.figures
    ]
    return sentences[inversion.check] % {
        "junior": titles[inversion.junior],
        "senior": titles[inversion.senior],
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
            below_requirement = vocabulary.REQUIREMENTS.get(entry.below.requirement)
            yield replace(
                shown, below=_(below_requirement) if below_requirement else _("Not stated")
            )
        else:
            yield replace(shown, is_preserved=True)


def _line(line: DocumentLine) -> ColumnLine:
    tags = ", ".join(fact_labels.line_tags(line))
    return ColumnLine(line.plain_text, line.detail, tags)
