"""What is asked for each placeholder: the keyboard that fits, and answers to choose from."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from roles.document import OpenPlaceholder
from roles.models import JobDescription, Organization

SUGGESTED = 8


@dataclass(frozen=True)
class Ask:
    """How one placeholder is asked for. `inputmode` is HTML's; `hint` stands in the empty
    field; `facts` gives answers that the job description knows already."""

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


NUMBER = Ask("numeric")
PLATFORMS = Ask(
    hint=_("the tools this person opens every day"),
    words=(_("our CRM system"), "Salesforce", "HubSpot", "Microsoft Dynamics 365"),
)
# By the placeholder's key (wording.placeholder_key).
ASKS: dict[str, Ask] = {
    "x": Ask("numeric", facts=_years),
    "xx": Ask("numeric", facts=_years),
    "n": NUMBER,
    "number": NUMBER,
    "number of accounts": NUMBER,
    "number of days": NUMBER,
    "number of hours": Ask("numeric", facts=_hours),
    "percentage": Ask("decimal", hint="15 %"),
    "email address": Ask("email", hint="jobs@example.org"),
    "website": Ask("url", hint="www.example.org"),
    "city": Ask(facts=_cities),
    "location": Ask(facts=_cities),
    "region": Ask(facts=_regions),
    "team": Ask(facts=_department),
    "department": Ask(facts=_department),
    "job title": Ask(facts=lambda description: [description.title]),
    "reports to": Ask(facts=lambda description: [description.reports_to]),
    "deadline": Ask(facts=_deadline, words=(_("when the position is filled"),)),
    "industry": Ask(
        words=(
            *(_("software"), _("health care"), _("financial services"), _("manufacturing")),
            *(_("retail"), _("logistics"), _("education"), _("public administration")),
        )
    ),
    "field of study": Ask(
        hint=_("leave it wide: who else could do the work?"),
        words=(
            *(_("business administration"), _("business or a related field"), _("marketing")),
            *(_("communications"), _("economics"), _("any field")),
        ),
    ),
    "relevant platforms": PLATFORMS,
    "crm system": PLATFORMS,
}


def ask(found: OpenPlaceholder) -> Ask:
    """How this placeholder is asked for."""
    return ASKS.get(found.placeholder.key.split("#")[0], Ask())


def suggestions(
    found: OpenPlaceholder, description: JobDescription, organization: Organization
) -> list[str]:
    """Answers to choose from: the choices in the brackets, then what the job description's
    facts say, then usual words."""
    asked = ask(found)
    facts = asked.facts(description) if asked.facts else []
    if found.placeholder.is_local and not _is_about_years(found):
        facts = []
    if found.placeholder.key == "company name" and organization.name:
        facts = [organization.name]
    every = [*found.placeholder.choices, *facts, *(str(word) for word in asked.words)]
    return [word for word in dict.fromkeys(every) if word][:SUGGESTED]


def _is_about_years(found: OpenPlaceholder) -> bool:
    """Whether "years" follows the brackets: of numbers, only those are among the facts."""
    line = found.line
    after = line.text[found.placeholder.end :] if line is not None else ""
    return re.match(r"\+?\s+years?\b", after) is not None
