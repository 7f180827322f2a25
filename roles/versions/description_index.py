"""The row of a version in the catalog."""

from __future__ import annotations

from roles import search_words
from roles.document import Document
from roles.models import JobDescriptionIndex, Version

AUDIENCE = "internal"  # what everyone in the organization can read


def save_index(version: Version) -> JobDescriptionIndex:
    """Returns the catalog row of the version, stored if it doesn't exist."""
    row = JobDescriptionIndex.objects.filter(version=version).defer("text", "search_text").first()
    if row is None:
        row = build_index(version)
        row.save(force_insert=True)
    return row


def build_index(version: Version) -> JobDescriptionIndex:
    """Returns the unsaved catalog row. It contains only what the audience can see, so that searches
    don't reveal more."""
    shown = version.document.for_audience(AUDIENCE).filled()
    places = shown.fact("locations")
    lines = [str(place).replace("\n", " ") for place in places.places] if places else []
    text, words = texts(version.document, version.description.reference)
    return JobDescriptionIndex(
        version=version,
        title=shown.title,
        family=_first(shown, "job_family"),
        level=_first(shown, "job_level"),
        department=_first(shown, "department"),
        work_mode=_first(shown, "work_mode"),
        text=text,
        locations="\n".join(["", *lines, ""]) if lines else "",
        search_text=words,
    )


def texts(document: Document, reference: str) -> tuple[str, str]:
    """Returns the texts that the audience can see, one a line, and all words to search for."""
    shown = document.for_audience(AUDIENCE).filled()
    lines = search_words.one_a_line(text for part in shown.sections for text in part.texts())
    titles = (reference, shown.title, *_values(shown, "similar_titles"))
    return lines, search_words.search_text(*titles, lines)


def _values(document: Document, fact: str) -> tuple[str, ...]:
    found = document.fact(fact)
    return found.values if found else ()


def _first(document: Document, fact: str) -> str:
    return next(iter(_values(document, fact)), "")
