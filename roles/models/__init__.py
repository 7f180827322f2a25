"""The tables. Import models from here: `from roles.models import JobDescription`."""

from roles.models.bulk_export import BulkExport, BulkFile
from roles.models.discussion import Comment, Suggestion, Thread
from roles.models.draft_change import DraftChange
from roles.models.event import ChainHead, Event
from roles.models.job_description import (
    JobDescription,
    Line,
    PlaceholderAnswer,
    ReferenceCounter,
    Section,
    Submission,
)
from roles.models.job_description_index import Listing
from roles.models.notification import Notification
from roles.models.organization import (
    CustomFact,
    Department,
    JobFamily,
    JobLevel,
    Location,
    Organisation,
)
from roles.models.pay_range import PayRange, PayReference
from roles.models.review import Approval, DecidedPart, Decision, Review, Reviewer, Round
from roles.models.rollout import Rollout, RolloutEntry
from roles.models.snippet import (
    Boilerplate,
    Qualification,
    Responsibility,
    Skill,
    Snippet,
    SnippetRevision,
)
from roles.models.template import Template, TemplateLine, TemplateSection
from roles.models.user import User
from roles.models.version import Effective, RenderedFile, Tombstone, Version, VersionUse

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
