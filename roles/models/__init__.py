"""The models. Import them from here: `from roles.models import JobDescription`."""

from roles.models.approval_record import Approval, DecidedSection
from roles.models.bulk_export import BulkExport, BulkFile
from roles.models.daily_job import DailyJob
from roles.models.discussion import Comment, Suggestion, Thread
from roles.models.draft_change import DraftChange
from roles.models.draft_presence import DraftPresence
from roles.models.draft_row import Line, PlaceholderAnswer, Section
from roles.models.draft_text import DraftText
from roles.models.event import ChainHead, Event
from roles.models.idempotency_key import IdempotencyKey
from roles.models.invitation import Invitation
from roles.models.job_description import JobDescription, ReferenceCounter
from roles.models.job_description_index import CatalogChoice, JobDescriptionIndex
from roles.models.notification import Notification
from roles.models.organization import (
    CustomFact,
    Department,
    JobFamily,
    JobLevel,
    Location,
    Organization,
    PayGrade,
    ResponsibilityCategory,
)
from roles.models.pay_range import PayRange, PayReference
from roles.models.review import Decision, Review, Round
from roles.models.reviewer import Reviewer
from roles.models.rollout import Rollout, RolloutEntry
from roles.models.saved_filter import SavedFilter
from roles.models.search_word import SearchWord
from roles.models.set_up_code import SetUpCode
from roles.models.sign_in_rules import ClaimRule, SignInPolicy
from roles.models.snippet import (
    Boilerplate,
    Qualification,
    Responsibility,
    Skill,
    Snippet,
    SnippetRevision,
)
from roles.models.template import Template, TemplateLine, TemplateRevision, TemplateSection
from roles.models.user import User
from roles.models.version import EffectivePeriod, RenderedFile, Tombstone, Version, VersionUse

__all__ = [
    "Approval",
    "Boilerplate",
    "BulkExport",
    "BulkFile",
    "CatalogChoice",
    "ChainHead",
    "ClaimRule",
    "Comment",
    "CustomFact",
    "DailyJob",
    "DecidedSection",
    "Decision",
    "Department",
    "DraftChange",
    "DraftPresence",
    "DraftText",
    "EffectivePeriod",
    "Event",
    "IdempotencyKey",
    "Invitation",
    "JobDescription",
    "JobDescriptionIndex",
    "JobFamily",
    "JobLevel",
    "Line",
    "Location",
    "Notification",
    "Organization",
    "PayGrade",
    "PayRange",
    "PayReference",
    "PlaceholderAnswer",
    "Qualification",
    "ReferenceCounter",
    "RenderedFile",
    "Responsibility",
    "ResponsibilityCategory",
    "Review",
    "Reviewer",
    "Rollout",
    "RolloutEntry",
    "Round",
    "SavedFilter",
    "SearchWord",
    "Section",
    "SetUpCode",
    "SignInPolicy",
    "Skill",
    "Snippet",
    "SnippetRevision",
    "Suggestion",
    "Template",
    "TemplateLine",
    "TemplateRevision",
    "TemplateSection",
    "Thread",
    "Tombstone",
    "User",
    "Version",
    "VersionUse",
]
