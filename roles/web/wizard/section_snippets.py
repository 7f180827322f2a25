"""The snippet that a section added by one click starts with."""

from __future__ import annotations

from roles import assembly, languages, placeholders
from roles.assembly import DraftRows
from roles.models import Snippet

_ADDRESSES = {"website", "email address"}  # placeholders of a text that says where to apply


def fitting(rows: DraftRows, kind: str, category: str) -> int | None:
    """Returns the id of the boilerplate of this category that fits the job best, or None: in the
    language of its text, for its family and level. None too if a section about applying needs no
    text, because there is an address to apply."""
    description = rows.description
    if not category or (kind == "apply" and (description.apply_to or rows.organization.apply_to)):
        return None
    found = Snippet.objects.offered().of_kind("boilerplate").filter(category=category)
    found = found.for_role(family_id=description.job_family_id, level_id=description.job_level_id)
    language = languages.base(assembly.assemble(description, rows).language)
    has_deadline = description.apply_by is not None

    def rank(snippet: Snippet) -> tuple[bool, bool, int]:
        asked = {found.key for found in placeholders.find_placeholders(snippet.text)}
        has_no_address = kind == "apply" and _ADDRESSES.isdisjoint(asked)
        return (has_no_address, ("deadline" in asked) != has_deadline, snippet.pk)

    same_language = (s for s in found if languages.base(s.language) == language)
    best = min(same_language, key=rank, default=None)
    return best.pk if best is not None else None
