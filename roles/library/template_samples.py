"""Previews of a template: its document, and an image of the first page, cached in a file."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path

from django.conf import settings
from django.db.models import prefetch_related_objects

from roles import assembly, exporters, outages
from roles.document import Document
from roles.drafts.new_draft import first_facts, rows_of, stored_rows
from roles.editions import Edition
from roles.library import template_content
from roles.library.template_content import Sections
from roles.models import (
    JobDescription,
    Line,
    Organization,
    PlaceholderAnswer,
    Section,
    Template,
)

FOLDER = "templates"  # in MEDIA_ROOT, with a folder for each template


@dataclass(frozen=True)
class Picture:
    """The first page of a template's document. `digest` identifies the image without rendering it,
    from document, brand, and renderer."""

    code: str
    document: Document
    edition: Edition

    @cached_property
    def digest(self) -> str:
        from roles.exporters import thumbnail

        found = hashlib.sha256(self.document.canonical_json())
        found.update(json.dumps(asdict(self.edition.brand), sort_keys=True).encode())
        found.update(thumbnail.fingerprint().encode())
        return found.hexdigest()

    def content(self) -> bytes:
        """Returns the PNG from the cache, or renders it and replaces the cached one. Raises
        exporters.TooCostly and bounded_work.Busy."""
        stored = Path(settings.MEDIA_ROOT) / FOLDER / self.code / f"{self.digest}.png"
        try:
            return stored.read_bytes()
        except FileNotFoundError:
            about = (self.document, self.edition)
            drawn = exporters.render_bounded("thumbnail", *about, about=about)
        outages.tolerate("Picture of a template", lambda: _store(stored, drawn))
        return drawn


def _store(stored: Path, drawn: bytes) -> None:
    """Replaces the stored pictures of the template."""
    stored.parent.mkdir(parents=True, exist_ok=True)
    # Renamed when complete, so that no other request reads half a file.
    part = stored.with_name(f"{uuid.uuid4().hex}.part")
    try:
        part.write_bytes(drawn)
        part.replace(stored)
    finally:
        part.unlink(missing_ok=True)
    for older in stored.parent.glob("*.png"):
        if older != stored:
            older.unlink(missing_ok=True)


def picture_of(template: Template) -> Picture:
    """Returns the picture of the template's first page, not rendered yet."""
    return Picture(template.code, document_of(template), edition())


def document_of(
    template: Template, sections: Sections | None = None, *, has_retired: bool = False
) -> Document:
    """Returns the document of a new job description created from the template, or from other
    `sections` of it. The uids are those of the template. `has_retired` includes lines whose
    snippet is no longer offered.

    Unsaved rows with negative ids are assembled by the same code as a draft."""
    role = JobDescription(pk=-1, language=template.language)
    facts = first_facts(template.proposed_title, template.family, template.level)
    for name, value in facts.items():
        setattr(role, name, value)
    shown: list[Section] = []
    lines: dict[int, list[Line]] = {}
    sub_lines: dict[int, list[Line]] = {}
    rows = stored_rows(template) if sections is None else template_content.rows(sections)
    copies = rows_of(rows, role, keeps_uids=True, has_retired=has_retired)
    for number, (section, below) in enumerate(copies, 1):
        section.pk = -number
        shown.append(section)
        for count, line in enumerate(below, 1):
            line.pk = -(number * 10_000 + count)
        lines[section.pk] = [line for line in below if line.parent is None]
        for line in lines[section.pk]:
            sub_lines[line.pk] = [sub for sub in below if sub.parent is line]
    prefetch_related_objects([role], "locations")
    prefetch_related_objects(shown, "pay_ranges", "pay_references")
    shared = list(PlaceholderAnswer.objects.filter(description=None).order_by("placeholder"))
    draft = assembly.DraftRows(
        description=role,
        sections=shown,
        lines=lines,
        sub_lines=sub_lines,
        answers={},
        shared_answers=shared,
        organization=Organization.objects.the(),
    )
    return assembly.assemble(role, draft)


def edition() -> Edition:
    """Returns the edition of a template's document: the current brand and no date, so the digest
    doesn't change every day."""
    return replace(assembly.draft_edition(JobDescription()), day=None, is_template=True)
