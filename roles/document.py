"""`Document`: a job description as a plain value, without Django and the database.

Producers (assembly, versions, importers) return a `Document`; consumers (preview, exporters,
checks, comparison) take one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from roles import foreign_placeholders, placeholders, vocabulary
from roles.document_encoding import DocumentError, decode, encode
from roles.document_parts import (
    Answer,
    Bounds,
    DocumentLine,
    DocumentPayRange,
    DocumentPayReference,
    DocumentPlace,
    DocumentSection,
    Fact,
    widest,
)
from roles.placeholders import Placeholder

__all__ = [
    "Answer",
    "Bounds",
    "Document",
    "DocumentError",
    "DocumentLine",
    "DocumentPayRange",
    "DocumentPayReference",
    "DocumentPlace",
    "DocumentSection",
    "Fact",
    "OpenPlaceholder",
    "sha256",
    "widest",
]

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class OpenPlaceholder:
    """A placeholder in the document, its place, and its value."""

    placeholder: Placeholder
    section: DocumentSection | None
    line: DocumentLine | None
    answer: Answer | None


@dataclass(frozen=True, slots=True)
class Document:
    """A whole job description, without owner, status, reference, and dates."""

    title: str
    language: str = "en"
    facts: tuple[Fact, ...] = ()
    sections: tuple[DocumentSection, ...] = ()
    answers: tuple[Answer, ...] = ()

    def fact(self, name: str) -> Fact | None:
        """Returns the fact with that name, or None."""
        return next((fact for fact in self.facts if fact.name == name), None)

    def is_empty(self, section: DocumentSection) -> bool:
        """Returns whether nothing is printed below the heading of this section. Facts that it
        lists and that aren't filled in print nothing."""
        has_facts = any(self.fact(name) for name in section.facts)
        return not (has_facts or section.lines or section.pay_ranges or section.pay_references)

    def for_audience(self, audience: str, sections: Collection[str] = ()) -> Document:
        """Returns the part visible to this audience: sections, facts, and the answers they use.
        `sections` (uids) are always included, with their facts; "facts" includes all facts. The
        public sees no market figure whose source isn't recorded."""
        reach = vocabulary.AUDIENCE_ORDER.index(audience)

        def seen(level: str) -> bool:
            return vocabulary.AUDIENCE_ORDER.index(level) <= reach

        asked = {name for one in self.sections if one.uid in sections for name in one.facts}
        facts = tuple(
            fact
            for fact in self.facts
            if seen(fact.audience) or fact.name in asked or "facts" in sections
        )
        hidden = {fact.name for fact in self.facts} - {fact.name for fact in facts}
        shown = tuple(
            replace(
                section,
                facts=tuple(n for n in section.facts if n not in hidden),
                pay_references=section.sourced_references()
                if audience == "public" and section.uid not in sections
                else section.pay_references,
            )
            for section in self.sections
            if seen(section.audience) or section.uid in sections
        )
        return replace(self, facts=facts, sections=shown).with_needed_answers()

    def with_needed_answers(self) -> Document:
        """Returns the document without answers for the whole document that no text uses."""
        asked = {p.placeholder.key for p in self.placeholders() if not _at_line(p)}
        return replace(self, answers=tuple(a for a in self.answers if a.placeholder in asked))

    def placeholders(self) -> Iterator[OpenPlaceholder]:
        """Yields all placeholders, blank or not, in reading order."""
        shared = {answer.placeholder: answer for answer in self.answers}
        for text in (self.title, *(value for fact in self.facts for value in fact.values)):
            for found in placeholders.find_placeholders(text):
                yield OpenPlaceholder(found, None, None, shared.get(found.key))
        for section in self.sections:
            for found in placeholders.find_placeholders(section.heading):
                yield OpenPlaceholder(found, section, None, shared.get(found.key))
            for line in section.every_line():
                own = {answer.placeholder: answer for answer in line.answers}
                for found in (*line.placeholders(), *placeholders.find_placeholders(line.group)):
                    known = own if found.is_local else shared | own
                    yield OpenPlaceholder(found, section, line, known.get(found.key))

    def open_placeholders(self) -> list[OpenPlaceholder]:
        """Returns the blank placeholders."""
        return [p for p in self.placeholders() if p.answer is None or not p.answer.is_complete]

    def open_count(self) -> int:
        """Returns the number of values to fill in: one for each blank placeholder, or one for each
        of its places if it's local."""
        return len({(_at_line(p) and p.line, p.placeholder.key) for p in self.open_placeholders()})

    def open_words(self) -> list[str]:
        """Returns the text of each blank placeholder once: the product's own in brackets, and
        those of other systems as they are written. A version with blanks can't be approved, made
        current, or published."""
        own = dict.fromkeys(f"[{p.placeholder.raw}]" for p in self.open_placeholders())
        return [*own, *foreign_placeholders.words(self.texts())]

    def texts(self) -> Iterator[str]:
        """Yields every text that people write, filled in, in reading order."""
        filled = self.filled()
        yield filled.title
        for fact in filled.facts:
            yield from fact.values
        for section in filled.sections:
            yield from section.texts()

    def answers_for(self, line: DocumentLine | None = None) -> Mapping[str, str | None]:
        """Returns text by placeholder key (None: keep the brackets), for one line or others."""
        shared = {a.placeholder: None if a.plain else a.value for a in self.answers}
        if line is None:
            return shared
        local = {k: v for k, v in shared.items() if k.split("#")[0] not in placeholders.LOCAL}
        return local | {a.placeholder: None if a.plain else a.value for a in line.answers}

    def filled(self) -> Document:
        """Returns the document with answers filled in, to be printed, compared, and hashed."""
        shared = self.answers_for()

        def fill_line(line: DocumentLine) -> DocumentLine:
            answers = self.answers_for(line)
            return replace(
                line,
                text=placeholders.fill(line.text, answers),
                detail=placeholders.fill(line.detail, answers, after=line.text),
                group=placeholders.fill(line.group, answers),
                answers=(),
                lines=tuple(fill_line(sub) for sub in line.lines),
            )

        return replace(
            self,
            title=placeholders.fill(self.title, shared),
            facts=tuple(
                replace(f, values=tuple(placeholders.fill(v, shared) for v in f.values))
                for f in self.facts
            ),
            sections=tuple(
                replace(
                    section,
                    heading=placeholders.fill(section.heading, shared),
                    lines=tuple(fill_line(line) for line in section.lines),
                )
                for section in self.sections
            ),
            answers=(),
        )

    def to_dict(self) -> dict[str, Any]:
        """Returns the document as a dictionary of JSON values."""
        return {"schema": SCHEMA, **encode(self)}

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Document:
        """Returns the document of a dictionary made by `to_dict`. Raises DocumentError."""
        if not isinstance(value, dict) or type(value.get("schema")) is not int:
            raise DocumentError("not a document: its schema is missing")
        if value["schema"] != SCHEMA:
            raise DocumentError(f"not a document of schema {SCHEMA}")
        rest = {key: item for key, item in value.items() if key != "schema"}
        document = decode(cls, rest, "document")
        assert isinstance(document, Document)  # noqa: S101  # narrows the type
        return document

    def canonical_json(self) -> bytes:
        """Returns the bytes to store and hash: JSON with sorted keys, without spaces, in UTF-8."""
        text = json.dumps(self.to_dict(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8")


def sha256(canonical: bytes) -> str:
    """Returns the hexadecimal SHA-256 of a version's stored bytes."""
    return hashlib.sha256(canonical).hexdigest()


def _at_line(found: OpenPlaceholder) -> bool:
    if found.line is None:
        return False
    own = {answer.placeholder for answer in found.line.answers}
    return found.placeholder.is_local or found.placeholder.key in own
