"""What the list of job descriptions in effect shows of a version, kept beside it."""

from __future__ import annotations

from roles import folding
from roles.document import Document
from roles.models import JobDescriptionIndex, Version

AUDIENCE = "internal"  # as whom everyone inside the organization reads


def save_index(version: Version) -> None:
    """Keep what the list shows of it, unless it is kept already."""
    if not JobDescriptionIndex.objects.filter(version=version).exists():
        build_index(version).save(force_insert=True)


def build_index(version: Version) -> JobDescriptionIndex:
    """The row for the list; nothing is written. A fact that its readers may not see is not in
    it, so that it is not found by one either."""
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
