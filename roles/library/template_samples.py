"""What a template makes: the document, and its first page as a picture, drawn once and kept."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path

from django.conf import settings
from django.db.models import prefetch_related_objects

from roles import assembly
from roles.document import Document
from roles.drafts.new_draft import first_facts, rows_of
from roles.editions import Edition
from roles.models import (
    JobDescription,
    Line,
    Organization,
    PlaceholderAnswer,
    Section,
    Template,
)

FOLDER = "templates"  # below MEDIA_ROOT: a folder for each template, with its picture


@dataclass(frozen=True)
class Picture:
    """The first page of what a template makes. `digest` names its content without drawing
    it: document, brand, and what draws."""

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
        """The PNG: from the folder, or drawn and put there in the place of an older one."""
        from roles.exporters import thumbnail

        stored = Path(settings.MEDIA_ROOT) / FOLDER / self.code / f"{self.digest}.png"
        try:
            return stored.read_bytes()
        except FileNotFoundError:
            drawn = thumbnail.render(self.document, self.edition)
        stored.parent.mkdir(parents=True, exist_ok=True)
        # Under another name first: who asks in the meantime never reads half a file.
        part = stored.with_name(f"{uuid.uuid4().hex}.part")
        part.write_bytes(drawn)
        part.replace(stored)
        for older in stored.parent.glob("*.png"):
            if older != stored:
                older.unlink(missing_ok=True)
        return drawn


def picture_of(template: Template) -> Picture:
    """The picture of the template's first page, not drawn yet."""
    return Picture(template.code, document_of(template), edition())


def document_of(template: Template) -> Document:
    """What a job description made from the template says before anyone writes in it.

    The rows that a start would write are made and numbered here, below zero as no stored
    row is, and assembled like a draft's: both follow the same rules."""
    role = JobDescription(pk=-1, language=template.language)
    facts = first_facts(template.proposed_title, template.family, template.level)
    for name, value in facts.items():
        setattr(role, name, value)
    sections: list[Section] = []
    lines: dict[int, list[Line]] = {}
    sub_lines: dict[int, list[Line]] = {}
    for number, (section, below) in enumerate(rows_of(template, role), 1):
        section.pk, section.uid = -number, f"section-{number}"
        sections.append(section)
        for count, line in enumerate(below, 1):
            line.pk, line.uid = -(number * 10_000 + count), f"line-{number}-{count}"
        lines[section.pk] = [line for line in below if line.parent is None]
        for line in lines[section.pk]:
            sub_lines[line.pk] = [sub for sub in below if sub.parent is line]
    prefetch_related_objects([role], "locations")
    prefetch_related_objects(sections, "pay_ranges", "pay_references")
    shared = list(PlaceholderAnswer.objects.filter(description=None).order_by("placeholder"))
    rows = assembly.DraftRows(
        description=role,
        sections=sections,
        lines=lines,
        sub_lines=sub_lines,
        answers={},
        shared_answers=shared,
        organization=Organization.objects.the(),
    )
    return assembly.assemble(role, rows)


def edition() -> Edition:
    """The edition in which a template's document is printed: today's brand, and no day, so
    that it is the same tomorrow."""
    return replace(assembly.draft_edition(JobDescription()), day=None, is_template=True)
