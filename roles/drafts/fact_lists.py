"""The facts that sections print: what an author fills in is printed, unless they take it out.

A section lists the names of its facts, filled in or not. The job details of a new draft list every
fact that no other section lists, so a fact that is filled in later is printed too.
"""

from __future__ import annotations

from collections.abc import Iterable

from roles import vocabulary
from roles.models import CustomFact, JobDescription, Section
from roles.models.section_content import SectionContent


def usual(kind: str, others: Iterable[SectionContent]) -> list[str]:
    """Returns the facts of a new section of this kind, beside the `others` of its draft: those of
    its kind; for job details, all that the others don't list."""
    if kind != "facts":
        return list(vocabulary.SECTION_KINDS[kind].facts)
    listed = {name for section in others for name in section.facts}
    names = [*vocabulary.FACTS, *CustomFact.objects.values_list("code", flat=True)]
    return [name for name in names if name not in listed]


def is_job_details(section: Section) -> bool:
    """Whether a section is for job details. One of a single fact, such as similar titles, isn't."""
    return section.kind == "facts" and len(section.facts) != 1


def job_details(description: JobDescription, others: Iterable[Section]) -> Section | None:
    """Returns a new first section, unsaved, that prints the facts that no other section lists;
    None if one of the others is for that."""
    others = list(others)
    if any(map(is_job_details, others)):
        return None
    kind = vocabulary.SECTION_KINDS["facts"]
    return Section(
        description=description,
        position=0,
        kind="facts",
        heading=kind.label,
        audience=kind.audience,
        style=kind.style,
        facts=usual("facts", others),
    )
