"""Headings that the product gave to sections, in another language than the document's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from roles import quality, vocabulary
from roles.document import Document
from roles.quality import default_headings
from tests import samples


def document(language: str, **headings: str) -> Document:
    sections = tuple(
        samples.section(kind, heading, samples.line("Text")) for kind, heading in headings.items()
    )
    return samples.numbered(Document("Clerk", language=language, sections=sections))


def pairs(value: Document) -> tuple[str, ...]:
    found = list(default_headings.default_headings(value))
    return found[0].action.arguments if found else ()


@pytest.mark.parametrize(
    ("language", "headings", "wanted"),
    [
        ("de", {"summary": "Summary", "pay": "Pay"}, ["Kurzbeschreibung", "Vergütung"]),
        ("de-AT", {"summary": "Summary"}, ["Kurzbeschreibung"]),
        ("fr", {"responsibilities": "Responsibilities"}, ["Responsabilités"]),
        ("es", {"benefits": "Benefits"}, ["Beneficios"]),
        ("en", {"summary": "Kurzbeschreibung"}, ["Summary"]),
        ("fr", {"summary": "Kurzbeschreibung"}, ["Résumé"]),
        ("en", {"summary": "Summary", "pay": "Pay"}, []),
        ("de", {"summary": "Über uns", "pay": "Pay range"}, []),
        ("de", {"summary": "Pay"}, []),
        ("pl", {"summary": "Summary"}, []),
    ],
)
def test_first_headings_in_another_language(
    language: str, headings: dict[str, str], wanted: list[str]
) -> None:
    found = pairs(document(language, **headings))
    assert list(found[1::2]) == wanted


def test_translated_headings_are_no_issue() -> None:
    headings = {name: kind.label for name, kind in vocabulary.SECTION_KINDS.items()}
    value = document("de", **headings)
    found = pairs(value)
    translated = dict(zip(found[::2], found[1::2], strict=True))
    sections = tuple(
        replace(one, heading=translated.get(one.uid, one.heading)) for one in value.sections
    )
    assert pairs(replace(value, sections=sections)) == ()


def test_issue_names_the_headings() -> None:
    value = document("de", summary="Summary", pay="Pay", legal="Unser Versprechen")
    (issue,) = [one for one in quality.issues(value) if one.check == "default_headings"]
    assert issue.why == "Headings aren’t in the document’s language, German: Summary, Pay."
