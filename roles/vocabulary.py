"""The fixed choices of job descriptions and reviews: section kinds, audiences, facts, and so on.

Labels are English source texts; pass them through gettext to show them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext_lazy as _

# Each audience also sees what those before it see.
AUDIENCES = {"public": "Public", "internal": "Internal", "restricted": "Restricted"}
AUDIENCE_ORDER = tuple(AUDIENCES)
# Parts of a document besides its sections: no section has such a uid.
PARTS = ("facts", "outline")

STYLES = {"bullets": "Bulleted", "numbers": "Numbered", "table": "Table", "plain": "Plain"}
# Whether the heading of a section is in the document. A first section without it is text before the
# first heading.
HEADING_DISPLAYS = {"printed": "Printed", "hidden": "Not printed"}
FORMS = {"entry": "List item", "paragraph": "Paragraph"}
REQUIREMENTS = {"required": "Required", "preferred": "Preferred"}
ESSENTIALS = {"essential": "Essential function", "marginal": "Marginal function"}
ESSENTIALS_OF_LIST = {"essential": "Essential functions", "marginal": "Marginal functions"}
ESSENTIALS_SHORT = {"essential": "Essential", "marginal": "Marginal"}  # on buttons
FREQUENCIES = {
    "daily": "Daily",
    "weekly": "Weekly",
    "monthly": "Monthly",
    "quarterly": "Quarterly",
    "yearly": "Yearly",
    "as_needed": "As needed",
}
PROFICIENCIES = {
    "basic": "Basic",
    "intermediate": "Intermediate",
    "advanced": "Advanced",
    "expert": "Expert",
}
PERIODS = {
    "year": "per year",
    "month": "per month",
    "week": "per week",
    "day": "per day",
    "hour": "per hour",
}
STATISTICS = {"average": "average", "median": "median", "range": "range"}

# Careers of people who work in their field, and of people who lead others.
TRACKS = {"individual": "Individual", "people": "People"}

WORK_MODES = {"on_site": "On-site", "hybrid": "Hybrid", "remote": "Remote"}
EMPLOYMENT_TYPES = {
    "full_time": "Full-time",
    "part_time": "Part-time",
    "temporary": "Temporary",
    "contract": "Contract",
    "internship": "Internship",
    "seasonal": "Seasonal",
}
SHIFTS = {
    "day": "Day shift",
    "evening": "Evening shift",
    "night": "Night shift",
    "rotating": "Rotating shifts",
    "weekends": "Weekends",
    "on_call": "On call",
}
FLSA_STATUSES = {"exempt": "Exempt", "nonexempt": "Nonexempt"}
# The ten job categories of the EEO-1 report (U.S. Equal Employment Opportunity Commission).
EEO_CATEGORIES = {
    "1.1": "Executive and senior-level officials and managers",
    "1.2": "First and mid-level officials and managers",
    "2": "Professionals",
    "3": "Technicians",
    "4": "Sales workers",
    "5": "Administrative support workers",
    "6": "Craft workers",
    "7": "Operatives",
    "8": "Laborers and helpers",
    "9": "Service workers",
}

SNIPPET_KINDS = {
    "responsibility": "Responsibility",
    "skill": "Skill",
    "qualification": "Qualification",
    "boilerplate": "Boilerplate",
}
CATEGORIES: dict[str, dict[str, str]] = {
    "responsibility": {
        "relationships": "Relationships",
        "growth": "Growth",
        "retention": "Retention",
        "planning": "Planning",
        "reporting": "Reporting",
        "service": "Service",
        "negotiation": "Negotiation",
        "collaboration": "Collaboration",
        "leadership": "Leadership",
        "administration": "Administration",
    },
    "skill": {"interpersonal": "Interpersonal", "technical": "Technical", "tool": "Tool"},
    "qualification": {
        "education": "Education",
        "experience": "Experience",
        "certification": "Certification",
        "license": "License",
        "tool": "Tool",
        "other": "Other",
    },
    "boilerplate": {
        "company": "Company",
        "candidate": "Ideal candidate",
        "benefits": "Benefits",
        "equal_opportunity": "Equal opportunity",
        "apply": "How to apply",
        "legal": "Legal",
        "acknowledgment": "Acknowledgment",
    },
}
# Statements of the organization: the categories of boilerplate that a new section starts with.
STATEMENTS = {
    "company": ("company",),
    "benefits": ("benefits",),
    "apply": ("apply",),
    "legal": ("equal_opportunity", "legal"),
    "acknowledgment": ("acknowledgment",),
}
CONDITION_CATEGORIES = {
    "travel": "Travel",
    "hours": "Hours",
    "place": "Place of work",
    "physical": "Physical demands",
}


@dataclass(frozen=True, slots=True)
class SectionKind:
    """The label and the defaults of a kind of section."""

    label: str
    form: str = "entry"  # form of a new line
    style: str = "bullets"
    audience: str = "public"
    offers: tuple[str, ...] = ()  # snippet kinds that the library picker shows first
    snippet_category: str = ""  # category of the snippets that the library picker shows first
    asks: tuple[str, ...] = ()  # line fields that the editor always shows
    categories: str = ""  # key of line_categories()
    facts: tuple[str, ...] = ()  # that a new section prints; job details print all others


SECTION_KINDS: dict[str, SectionKind] = {
    "facts": SectionKind("Job details", form="paragraph", style="table"),
    "company": SectionKind(
        "Company", form="paragraph", offers=("boilerplate",), snippet_category="company"
    ),
    "summary": SectionKind("Summary", form="paragraph", offers=("boilerplate",)),
    "about_role": SectionKind(
        "About the role", form="paragraph", offers=("boilerplate", "responsibility")
    ),
    "objectives": SectionKind("Objectives", offers=("responsibility",)),
    "responsibilities": SectionKind(
        "Responsibilities",
        offers=("responsibility",),
        asks=("essential", "percent", "frequency"),
    ),
    "outcomes": SectionKind("Outcomes", offers=("responsibility",)),
    "skills": SectionKind(
        "Skills",
        offers=("skill",),
        asks=("requirement", "category", "proficiency"),
        categories="skill",
    ),
    "qualifications": SectionKind(
        "Qualifications",
        offers=("qualification",),
        asks=("requirement", "category"),
        categories="qualification",
    ),
    "conditions": SectionKind(
        "Working conditions", asks=("category", "frequency"), categories="conditions"
    ),
    "reporting": SectionKind("Reporting", style="plain", facts=("reports_to",)),
    "collaborators": SectionKind("Works with", style="table"),
    "career": SectionKind("Career path"),
    "pay": SectionKind("Pay", audience="restricted"),
    "benefits": SectionKind("Benefits", offers=("boilerplate",), snippet_category="benefits"),
    "faq": SectionKind("Frequently asked questions", style="plain"),
    "apply": SectionKind(
        "How to apply",
        form="paragraph",
        offers=("boilerplate",),
        snippet_category="apply",
        facts=("apply_by", "apply_to"),
    ),
    "legal": SectionKind("Legal", form="paragraph", offers=("boilerplate",)),
    "acknowledgment": SectionKind(
        "Acknowledgment",
        form="paragraph",
        style="plain",
        offers=("boilerplate",),
        snippet_category="acknowledgment",
    ),
    "table": SectionKind("Table", style="table"),
    "other": SectionKind("Other", form="paragraph"),
}


@lru_cache(maxsize=1)
def currencies() -> dict[str, str]:
    """Returns the currencies of ISO 4217: code to English name."""
    import pycountry  # takes a while

    return {currency.alpha_3: currency.name for currency in pycountry.currencies}


def line_categories(kind: str) -> dict[str, str]:
    """Returns the categories of lines in a section of this kind: code to label."""
    wanted = SECTION_KINDS[kind].categories
    return CONDITION_CATEGORIES if wanted == "conditions" else CATEGORIES.get(wanted, {})


# The categories of lines in all sections, because lines can move between sections.
LINE_CATEGORIES = {
    code: label
    for words in (*CATEGORIES.values(), CONDITION_CATEGORIES)
    for code, label in words.items()
}


@dataclass(frozen=True, slots=True)
class FactKind:
    """A fact of a job description: its label, audience, and choices, if any."""

    label: str
    audience: str = "public"
    choices: dict[str, str] | None = None


FACTS: dict[str, FactKind] = {
    "similar_titles": FactKind("Similar titles"),
    "job_family": FactKind("Job family"),
    "job_level": FactKind("Job level"),
    "pay_grade": FactKind("Pay grade", "restricted"),
    "job_code": FactKind("Job code", "internal"),
    "soc_code": FactKind("SOC code", "internal"),
    "years": FactKind("Years of experience"),
    "department": FactKind("Department"),
    "locations": FactKind("Locations"),
    "work_mode": FactKind("Work mode", choices=WORK_MODES),
    "employment_type": FactKind("Employment type", choices=EMPLOYMENT_TYPES),
    "weekly_hours": FactKind("Weekly hours"),
    "shift": FactKind("Shift", choices=SHIFTS),
    "flsa_status": FactKind("FLSA status", "internal", FLSA_STATUSES),
    "eeo_category": FactKind("EEO-1 category", "internal", EEO_CATEGORIES),
    "reports_to": FactKind("Reports to"),
    "apply_by": FactKind("Apply by"),
    "apply_to": FactKind("Apply at"),
}
# Facts with several of their choices -> the field of a job description.
FACTS_OF_SEVERAL_CHOICES = {"employment_type": "employment_types", "shift": "shifts"}
# Facts that are printed below every title, and how many places are named there.
FACTS_IN_SUBTITLE = ("department", "locations", "work_mode")
PLACES_IN_SUBTITLE = 3
OPEN_UNTIL_FILLED = "open"  # value of the fact apply_by if there is no deadline

# --- reviews

REVIEW_STATES = {
    "open": _("Open"),
    "approved": _("Approved"),
    "withdrawn": _("Withdrawn"),
}
# Roles of a reviewer. Only approvers are needed for approval.
ROLES = {"approver": _("Approver"), "commenter": _("Commenter")}
# Why someone is no longer a reviewer.
REMOVAL_REASONS = {
    "removed": _("Removed"),
    "replaced": _("Replaced"),
    "delegated": _("Delegated"),
}
# Decisions of reviewers; `read` is for commenters.
DECISIONS = {
    "approve": _("Approve"),
    "approve_with_comments": _("Approve with comments"),
    "ask_for_changes": _("Request changes"),
    "read": _("Reviewed, no decision needed"),
}
# The same after the fact, for lists of decisions.
DECISIONS_MADE = {
    "approve": _("Approved"),
    "approve_with_comments": _("Approved with comments"),
    "ask_for_changes": _("Requested changes"),
    "read": _("Reviewed"),
}
APPROVING = ("approve", "approve_with_comments")
