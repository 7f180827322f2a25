"""The row of a version in the catalog."""

from __future__ import annotations

from roles import folding
from roles.document import Document
from roles.models import JobDescriptionIndex, Version

AUDIENCE = "internal"  # what everyone in the organization can read


def save_index(version: Version) -> None:
    """Store the catalog row of the version, unless it exists."""
    if not JobDescriptionIndex.objects.filter(version=version).exists():
        build_index(version).save(force_insert=True)


def build_index(version: Version) -> JobDescriptionIndex:
    """Returns the unsaved catalog row. It contains only what the audience can see, so that searches
    don't reveal more."""
    shown = version.document.for_audience(AUDIENCE).filled()
    places = shown.fact("locations")
    lines = [str(place).replace("\n", " ") for place in places.places] if places else []
    title, similar = shown.title, _values(shown, "similar_titles")
    return JobDescriptionIndex(
        version=version,
        title=title,
        family=_first(shown, "job_family"),
        level=_first(shown, "job_level"),
        department=_first(shown, "department"),
        work_mode=_first(shown, "work_mode"),
        locations="\n".join(["", *lines, ""]) if lines else "",
        search_text=folding.search_text(version.description.reference, title, *similar),
    )


def _values(document: Document, fact: str) -> tuple[str, ...]:
    found = document.fact(fact)
    return found.values if found else ()


def _first(document: Document, fact: str) -> str:
    return next(iter(_values(document, fact)), "")
