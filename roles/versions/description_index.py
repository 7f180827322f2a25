"""The row of a version in the catalog."""

from __future__ import annotations

from collections.abc import Iterable

from roles import search_words
from roles.document import Document
from roles.models import CatalogChoice, JobDescriptionIndex, Version, search_word

AUDIENCE = "internal"  # what everyone in the organization can read


def save_index(version: Version) -> JobDescriptionIndex:
    """Returns the catalog row of the version, stored if it doesn't exist."""
    row = JobDescriptionIndex.objects.filter(version=version).defer("text", "search_text").first()
    if row is None:
        row = build_index(version)
        row.save(force_insert=True)
        store_choices([row])
        search_word.remember([row.search_text])
    return row


def store_choices(rows: Iterable[JobDescriptionIndex]) -> None:
    """Stores the choices of new catalog rows."""
    wanted = {row.pk: choices(row) for row in rows}
    pairs = {pair for own in wanted.values() for pair in own}
    new = [CatalogChoice(name=name, value=value) for name, value in sorted(pairs)]
    CatalogChoice.objects.bulk_create(new, ignore_conflicts=True)
    values = {value for _name, value in pairs}
    stored = CatalogChoice.objects.filter(value__in=values)
    keys = {(choice.name, choice.value): choice.pk for choice in stored}
    through = JobDescriptionIndex.choices.through
    through.objects.bulk_create(
        [
            through(jobdescriptionindex_id=pk, catalogchoice_id=keys[pair])
            for pk, own in wanted.items()
            for pair in own
        ],
        batch_size=500,
    )


def choices(row: JobDescriptionIndex) -> list[tuple[str, str]]:
    """Returns the values that the catalog filters this row by: name of the filter, and value."""
    one_each = {
        "family": row.family,
        "level": row.level,
        "department": row.department,
        "mode": row.work_mode,
    }
    places = [("location", place) for place in dict.fromkeys(row.places) if place]
    return [(name, value) for name, value in one_each.items() if value] + places


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
