"""The tables. Import models from here: `from roles.models import JobDescription`."""

from roles.models.bulk import BulkExport, BulkFile
from roles.models.changes import DraftChange
from roles.models.descriptions import (
    JobDescription,
    Line,
    PlaceholderAnswer,
    ReferenceCounter,
    Section,
    Submission,
)
from roles.models.events import ChainHead, Event
from roles.models.organisation import (
    CustomFact,
    Department,
    JobFamily,
    JobLevel,
    Location,
    Organisation,
)
from roles.models.pay import PayRange, PayReference
from roles.models.people import User
from roles.models.snippets import (
    Boilerplate,
    Qualification,
    Responsibility,
    Skill,
    Snippet,
    SnippetRevision,
)
from roles.models.templates import Template, TemplateLine, TemplateSection
from roles.models.versions import Effective, RenderedFile, Tombstone, Version, VersionUse

__all__ = [
    "Boilerplate",
    "BulkExport",
    "BulkFile",
    "ChainHead",
    "CustomFact",
    "Department",
    "DraftChange",
    "Effective",
    "Event",
    "JobDescription",
    "JobFamily",
    "JobLevel",
    "Line",
    "Location",
    "Organisation",
    "PayRange",
    "PayReference",
    "PlaceholderAnswer",
    "Qualification",
    "ReferenceCounter",
    "RenderedFile",
    "Responsibility",
    "Section",
    "Skill",
    "Snippet",
    "SnippetRevision",
    "Submission",
    "Template",
    "TemplateLine",
    "TemplateSection",
    "Tombstone",
    "User",
    "Version",
    "VersionUse",
]
