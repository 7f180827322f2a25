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
from roles.models.discussions import Comment, Suggestion, Thread
from roles.models.events import ChainHead, Event
from roles.models.listings import Listing
from roles.models.notifications import Notification
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
from roles.models.reviews import (
    Approval,
    DecidedPart,
    Decision,
    Review,
    Reviewer,
    Round,
)
from roles.models.rollouts import Rollout, RolloutEntry
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
    "Approval",
    "Boilerplate",
    "BulkExport",
    "BulkFile",
    "ChainHead",
    "Comment",
    "CustomFact",
    "DecidedPart",
    "Decision",
    "Department",
    "DraftChange",
    "Effective",
    "Event",
    "JobDescription",
    "JobFamily",
    "JobLevel",
    "Line",
    "Listing",
    "Location",
    "Notification",
    "Organisation",
    "PayRange",
    "PayReference",
    "PlaceholderAnswer",
    "Qualification",
    "ReferenceCounter",
    "RenderedFile",
    "Responsibility",
    "Review",
    "Reviewer",
    "Rollout",
    "RolloutEntry",
    "Round",
    "Section",
    "Skill",
    "Snippet",
    "SnippetRevision",
    "Submission",
    "Suggestion",
    "Template",
    "TemplateLine",
    "TemplateSection",
    "Thread",
    "Tombstone",
    "User",
    "Version",
    "VersionUse",
]
