"""A ladder as the page shows it: columns, cells and findings in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from django.urls import reverse
from django.utils.translation import gettext as _

from roles import levels, vocabulary
from roles.document import Document, Line
from roles.exporters import labels
from roles.models import JobDescription


class Text(Protocol):
    @property
    def words(self) -> str: ...
    @property
    def number(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Column:
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
class Shown:
    """A line in a cell: its words, what it carries, whether this level adds it, and what the
    level below says instead."""

    text: str
    detail: str
    tags: str
    is_new: bool = False
    is_kept: bool = False
    below: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    who: str
    entries: tuple[Shown, ...]
    dropped: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Part:
    label: str
    shared: tuple[Shown, ...]
    cells: tuple[Cell, ...]


def without_pay(document: Document) -> Document:
    """The same without its pay sections."""
    rest = tuple(section for section in document.sections if section.kind != "pay")
    return replace(document, sections=rest).with_needed_answers()


def column(rung: levels.Rung, description: JobDescription, texts: Mapping[int, Text]) -> Column:
    text = texts[description.pk]
    level, years = rung.document.fact("job_level"), rung.document.fact("years")
    url = reverse("preview", args=[description.reference])
    if text.number is not None:
        url = reverse("version", args=[description.reference, text.number])
    return Column(
        reference=description.reference,
        title=rung.document.title,
        level=", ".join(labels.fact_values(level)) if level else "",
        text=text.words,
        url=url,
        years=", ".join(labels.fact_values(years)) if years else "",
        required=levels.required_count(rung.document),
        pay=tuple(_span(span) for span in levels.pay_spans(rung.document)),
    )


def parts(climbed: levels.Ladder) -> list[Part]:
    names = [
        ", ".join(labels.fact_values(fact))
        if (fact := rung.document.fact("job_level"))
        else rung.document.title
        for rung in climbed.rungs
    ]
    return [
        Part(
            label=_(vocabulary.SECTION_KINDS[part.kind].label),
            shared=tuple(_line(line) for line in part.shared),
            cells=tuple(
                Cell(who, tuple(_entries(cell, is_lowest=n == 0)), tuple(map(_line, cell.dropped)))
                for n, (who, cell) in enumerate(zip(names, part.cells, strict=True))
            ),
        )
        for part in climbed.parts
    ]


def findings(climbed: levels.Ladder) -> list[str]:
    """What is upside down, a sentence each."""
    titles = {rung.key: f"{rung.document.title} ({rung.key})" for rung in climbed.rungs}
    return [_sentence(finding, titles) for finding in climbed.findings]


def _sentence(finding: levels.Finding, titles: Mapping[str, str]) -> str:
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
        _span(figure) if isinstance(figure, levels.Span) else str(figure)
        for figure in finding.figures
    ]
    return said[finding.check] % {
        "junior": titles[finding.junior],
        "senior": titles[finding.senior],
        "one": figures[0],
        "other": figures[1],
    }


def _span(span: levels.Span) -> str:
    amount = labels.money_range(span.low, span.high, span.currency)
    words = f"{amount} {labels.period(span.period)}"
    return f"{words}, {span.location}" if span.location else words


def _entries(cell: levels.Cell, *, is_lowest: bool) -> Iterator[Shown]:
    for entry in cell.entries:
        shown = _line(entry.line)
        if entry.below is None:
            yield replace(shown, is_new=not is_lowest)
        elif entry.is_reworded:
            below = _line(entry.below)
            same = below.text == shown.text
            yield replace(shown, below=below.detail if same else below.text)
        elif entry.is_asked_otherwise:
            asked = vocabulary.REQUIREMENTS.get(entry.below.requirement)
            yield replace(shown, below=_(asked) if asked else _("not stated"))
        else:
            yield replace(shown, is_kept=True)


def _line(line: Line) -> Shown:
    tags = ", ".join(labels.line_tags(line, with_requirement=True))
    return Shown(line.text, line.detail, tags)
