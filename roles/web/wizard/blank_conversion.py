"""Conversion of a blank in the form of another system into a placeholder of the product."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from roles import foreign_placeholders
from roles.assembly import DraftRows
from roles.drafts import changes
from roles.drafts.changes import Change
from roles.web.wizard.row_fields import every_line

_LINE_TEXTS = ("text", "detail", "group")
_FACT_TEXTS = ("title", "reports_to", "pay_grade", "job_code")


def conversions(rows: DraftRows, raw: str) -> list[Change]:
    """The changes that convert a blank written as `raw` everywhere in the draft. A placeholder with
    it as its value becomes blank. Locked sections stay as they are, unless it is only there: then
    the changes are refused with the reason."""
    lines = list(_lines(rows, raw))
    locked = {section.pk for section in rows.sections if section.locked}
    unlocked = [change for section, change in lines if section not in locked]
    found: list[Change] = [*_facts(rows, raw), *_headings(rows, raw), *unlocked]
    found += _answers(rows, raw)
    return found or [change for _section, change in lines]


def _lines(rows: DraftRows, raw: str) -> Iterator[tuple[int, Change]]:
    for line in every_line(rows):
        values = _converted({name: getattr(line, name) for name in _LINE_TEXTS}, raw)
        if values:
            yield line.section_id, changes.ChangeLine(line.uid, values)


def _headings(rows: DraftRows, raw: str) -> Iterator[Change]:
    for section in rows.sections:
        values = _converted({"heading": section.heading}, raw)
        if values:
            yield changes.ChangeSection(section.uid, values)


def _facts(rows: DraftRows, raw: str) -> Iterator[Change]:
    description = rows.description
    convert = partial(foreign_placeholders.converted, raw=raw)
    values = _converted({name: getattr(description, name) for name in _FACT_TEXTS}, raw)
    titles = [convert(title) for title in description.similar_titles]
    own = _converted(description.custom_facts, raw)
    if titles != description.similar_titles:
        values["similar_titles"] = titles
    if own:
        values["custom_facts"] = description.custom_facts | own
    if values:
        yield changes.ChangeFacts(values)


def _answers(rows: DraftRows, raw: str) -> Iterator[Change]:
    uids = {line.pk: line.uid for line in every_line(rows)}
    for line, answers in rows.answers.items():
        for answer in answers:
            if any(found.raw == raw for found in foreign_placeholders.find(answer.value)):
                uid = uids.get(line, "") if line is not None else ""
                yield changes.AnswerPlaceholder(answer.placeholder, line=uid)


def _converted(texts: dict[str, Any], raw: str) -> dict[str, Any]:
    """The texts that change, converted, by name."""
    made = {name: foreign_placeholders.converted(text, raw) for name, text in texts.items()}
    return {name: text for name, text in made.items() if text != texts[name]}
