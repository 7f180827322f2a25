"""The inputs of placeholders: keyboard type, hint, and suggested values."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from roles.document import OpenPlaceholder
from roles.models import JobDescription, Organization

SUGGESTIONS_LIMIT = 8


@dataclass(frozen=True)
class PlaceholderInput:
    """The field of a placeholder. `inputmode` is HTML's attribute, `hint` is shown in the empty
    field, `facts` returns values from the facts of the job description."""

    inputmode: str = "text"
    hint: str | Promise = ""
    words: tuple[str | Promise, ...] = ()
    facts: Callable[[JobDescription], list[str]] | None = None


def _cities(description: JobDescription) -> list[str]:
    return [place.city for place in description.locations.all()]


def _regions(description: JobDescription) -> list[str]:
    return list(dict.fromkeys(p.region for p in description.locations.all() if p.region))


def _department(description: JobDescription) -> list[str]:
    return [description.department.name] if description.department else []


def _deadline(description: JobDescription) -> list[str]:
    return [formats.date_format(description.apply_by)] if description.apply_by else []


def _years(description: JobDescription) -> list[str]:
    spans = (description.years_from, description.years_to)
    return [str(years) for years in spans if years]


def _hours(description: JobDescription) -> list[str]:
    return [f"{description.weekly_hours.normalize():f}"] if description.weekly_hours else []


NUMBER = PlaceholderInput("numeric")
PLATFORMS = PlaceholderInput(
    hint=_("tools this person uses every day"),
    words=(_("our CRM system"), "Salesforce", "HubSpot", "Microsoft Dynamics 365"),
)
# By the placeholder's key.
INPUTS: dict[str, PlaceholderInput] = {
    "x": PlaceholderInput("numeric", facts=_years),
    "xx": PlaceholderInput("numeric", facts=_years),
    "n": NUMBER,
    "number": NUMBER,
    "number of accounts": NUMBER,
    "number of days": NUMBER,
    "number of hours": PlaceholderInput("numeric", facts=_hours),
    "percentage": PlaceholderInput("decimal", hint="15%"),
    "email address": PlaceholderInput("email", hint="jobs@example.org"),
    "website": PlaceholderInput("url", hint="www.example.org"),
    "city": PlaceholderInput(facts=_cities),
    "location": PlaceholderInput(facts=_cities),
    "region": PlaceholderInput(facts=_regions),
    "team": PlaceholderInput(facts=_department),
    "department": PlaceholderInput(facts=_department),
    "job title": PlaceholderInput(facts=lambda description: [description.title]),
    "reports to": PlaceholderInput(facts=lambda description: [description.reports_to]),
    "deadline": PlaceholderInput(facts=_deadline, words=(_("when the position is filled"),)),
    "industry": PlaceholderInput(
        words=(
            *(_("software"), _("health care"), _("financial services"), _("manufacturing")),
            *(_("retail"), _("logistics"), _("education"), _("public administration")),
        )
    ),
    "field of study": PlaceholderInput(
        hint=_("keep it broad: who else could do the work?"),
        words=(
            *(_("business administration"), _("business or a related field"), _("marketing")),
            *(_("communications"), _("economics"), _("any field")),
        ),
    ),
    "relevant platforms": PLATFORMS,
    "crm system": PLATFORMS,
}


def input_for(found: OpenPlaceholder) -> PlaceholderInput:
    """The field for a placeholder."""
    return INPUTS.get(found.placeholder.key.split("#")[0], PlaceholderInput())


def suggestions(
    found: OpenPlaceholder, description: JobDescription, organization: Organization
) -> list[str]:
    """Returns the suggested values: choices in the brackets, then facts of the job description,
    then common values."""
    field = input_for(found)
    facts = field.facts(description) if field.facts else []
    if found.placeholder.is_local and not _is_about_years(found):
        facts = []
    if found.placeholder.key == "company name" and organization.name:
        facts = [organization.name]
    every = [*found.placeholder.choices, *facts, *(str(word) for word in field.words)]
    return [word for word in dict.fromkeys(every) if word][:SUGGESTIONS_LIMIT]


def _is_about_years(found: OpenPlaceholder) -> bool:
    """Whether "years" follows the brackets: only such numbers are among the facts."""
    line = found.line
    after = line.text[found.placeholder.end :] if line is not None else ""
    return re.match(r"\+?\s+years?\b", after) is not None
