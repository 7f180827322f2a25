"""A document as a schema.org JobPosting in JSON-LD, for search engines.

The vacancy must be open, and no placeholder blank. Callers filter the document for the public.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, time
from functools import lru_cache
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, override

from roles import apply_address
from roles.document import Document, DocumentLine, DocumentSection
from roles.editions import Edition, Posting
from roles.exporters import (
    CannotExport,
    apply_link,
    fact_labels,
    footer,
    jsonld_pay,
    jsonld_requirements,
    render_fingerprint,
    simple_html,
)

# Our codes to the closed lists in Google's documentation.
_EMPLOYMENT = {
    "full_time": "FULL_TIME",
    "part_time": "PART_TIME",
    "temporary": "TEMPORARY",
    "contract": "CONTRACTOR",
    "internship": "INTERN",
    "seasonal": "TEMPORARY",
}
_ADDRESS = re.compile(r"https?://[^\s\"<>]+")
# Characters that must not appear in a script element.
_IN_SCRIPT = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def render(document: Document, edition: Edition) -> bytes:
    """Returns the posting as a file. Raises CannotExport."""
    text = json.dumps(posting(document, edition), ensure_ascii=False, indent=2)
    return (text + "\n").encode()


def script(document: Document, edition: Edition) -> SafeString:
    """Returns the posting for a `<script type="application/ld+json">`, escaped so that no text can
    end the element. Raises CannotExport."""
    text = json.dumps(posting(document, edition), ensure_ascii=False)
    return mark_safe(text.translate(_IN_SCRIPT))  # noqa: S308  # nothing of HTML is left in it


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Returns a hash that changes when the same document would give a different posting."""
    return render_fingerprint.fingerprint(more=timezone.get_default_timezone_name())


def posting(document: Document, edition: Edition) -> dict[str, Any]:
    """Returns the posting as a value. Raises CannotExport with what is missing."""
    with override(document.language):
        vacancy = _vacancy(document, edition)
        filled = document.filled()
        found = {
            "@context": "https://schema.org/",
            "@type": "JobPosting",
            "title": filled.title,
            "description": _description(document, edition),
            "datePosted": vacancy.date_posted.isoformat(),
            "validThrough": _end_of(vacancy),
            "identifier": _identifier(edition),
            "hiringOrganization": _organization(document, edition, vacancy),
            **_places(filled),
            "employmentType": _employment(filled),
            "baseSalary": jsonld_pay.salary(filled),
            "responsibilities": _texts(filled, "responsibilities", "objectives", "outcomes"),
            "qualifications": _texts(filled, "qualifications"),
            "skills": _texts(filled, "skills"),
            **_education_and_experience(filled),
            "industry": _answer(document, "industry"),
            "occupationalCategory": _value(filled, "soc_code") or _value(filled, "job_family"),
            "workHours": _hours(filled),
            "jobBenefits": _texts(filled, "benefits"),
            "directApply": False if vacancy.url else None,  # our pages say how, and no more
            "url": vacancy.url,
            "applicationContact": _contact(apply_link.address(document, edition)),
            "disambiguatingDescription": footer.edition_line(edition),
        }
    return {name: value for name, value in found.items() if value not in (None, "", [], {})}


def _vacancy(document: Document, edition: Edition) -> Posting:
    """Returns the open vacancy. Raises CannotExport."""
    if edition.posting is None:
        raise CannotExport(gettext("This job description isn’t open for applications."))
    open_words = document.open_words()
    if open_words:
        words = gettext("Can’t create a job posting. Fill in these placeholders first: %s.")
        raise CannotExport(words % ", ".join(open_words))
    if not edition.brand.name:
        raise CannotExport(
            gettext("Can’t create a job posting. Your organization has no name yet.")
        )
    return edition.posting


def _end_of(vacancy: Posting) -> str:
    """Returns the end of the last day, in the organization's time zone."""
    moment = datetime.combine(vacancy.valid_through, time(23, 59, 59))
    return timezone.make_aware(moment, timezone.get_default_timezone()).isoformat()


def _identifier(edition: Edition) -> dict[str, str]:
    return {"@type": "PropertyValue", "name": edition.brand.name, "value": edition.reference}


def _organization(document: Document, edition: Edition, vacancy: Posting) -> dict[str, str]:
    website = _answer(document, "website")
    found = {"@type": "Organization", "name": edition.brand.name}
    if _ADDRESS.fullmatch(website):
        found["sameAs"] = website
    if vacancy.logo_url:
        found["logo"] = vacancy.logo_url
    return found


def _contact(address: str) -> dict[str, str]:
    """Returns where people apply. No property of a posting is for the link of an application form:
    `url` is the posting's own page, and `directApply` concerns that page."""
    if not apply_address.url(address):
        return {}
    name = "url" if apply_address.is_link(address) else "email"
    return {"@type": "ContactPoint", "contactType": "application", name: address}


# --- texts


def _description(document: Document, edition: Edition) -> str:
    found = simple_html.page(document, edition)
    if not found:
        raise CannotExport(gettext("Can’t create a job posting. There is no public text yet."))
    return found


def _texts(filled: Document, *kinds: str) -> str:
    """Returns the lines of the sections of these kinds."""
    found = (
        simple_html.flat(f"{line.plain_text} {line.detail}")
        for section in _sections(filled, *kinds)
        for line in section.every_line()
    )
    return "\n".join(text for text in found if text)


def _sections(filled: Document, *kinds: str) -> Iterator[DocumentSection]:
    return (section for section in filled.sections if section.kind in kinds)


# --- facts


def _value(filled: Document, name: str) -> str:
    fact = filled.fact(name)
    return next((value for value in fact.values if value), "") if fact else ""


def _answer(document: Document, key: str) -> str:
    """Returns the value of a placeholder in the document."""
    return simple_html.flat(document.answers_for().get(key) or "")


def _hours(filled: Document) -> str:
    """Returns the weekly hours and the shifts."""
    hours, shifts = filled.fact("weekly_hours"), filled.fact("shift")
    weekly = fact_labels.fact_values(hours) if hours else []
    found = [gettext("%s hours a week") % number for number in weekly]
    return ", ".join([*found, *(fact_labels.fact_values(shifts) if shifts else [])])


def _employment(filled: Document) -> Any:
    """Returns one type, or a list of several."""
    fact = filled.fact("employment_type")
    types = (_EMPLOYMENT.get(value) for value in (fact.values if fact else ()))
    found = list(dict.fromkeys(name for name in types if name))
    return _one_or_all(found) if found else None


def _places(filled: Document) -> dict[str, Any]:
    """Returns the work locations or, for remote work, where applicants can live."""
    fact = filled.fact("locations")
    places = fact.places if fact else ()
    if _value(filled, "work_mode") == "remote":
        areas = {}
        for place in places:
            if place.country and place.region:
                areas[f"{place.region}, {place.country}"] = "State"
            elif place.country:
                areas[place.country] = "Country"
        if not areas:
            raise CannotExport(
                gettext(
                    "Can’t create a job posting. Add the locations, with country, from which"
                    " people can work remotely."
                )
            )
        required = [{"@type": kind, "name": name} for name, kind in areas.items()]
        return {
            "jobLocationType": "TELECOMMUTE",
            "applicantLocationRequirements": _one_or_all(required),
        }
    if not places:
        raise CannotExport(gettext("Can’t create a job posting. Add a location first."))
    if without := [str(place) for place in places if not place.country]:
        words = gettext("Can’t create a job posting. Add the country of these locations: %s.")
        raise CannotExport(words % "; ".join(without))
    return {"jobLocation": _one_or_all([_place(p.city, p.region, p.country) for p in places])}


def _place(city: str, region: str, country: str) -> dict[str, Any]:
    address = {"addressLocality": city, "addressRegion": region, "addressCountry": country}
    stated = {name: value for name, value in address.items() if value}
    return {"@type": "Place", "address": {"@type": "PostalAddress", **stated}}


def _one_or_all(found: list[Any]) -> Any:
    return found[0] if len(found) == 1 else found


# --- education and experience


def _education_and_experience(filled: Document) -> dict[str, Any]:
    """Returns what is required, in terms of Google's closed list. Whether experience replaces
    education is included only if both are given."""
    asked = list(_required_lines(filled))
    education = [line for line in asked if line.category == "education"]
    levels = dict.fromkeys(
        level
        for line in asked
        if line.category in ("education", "certification")
        for level in jsonld_requirements.levels(
            _text_of(line), is_certificate=line.category != "education"
        )
    )
    found: dict[str, Any] = {
        "educationRequirements": _education(list(levels)),
        "experienceRequirements": _experience(filled, asked),
    }
    if all(isinstance(value, dict | list) for value in found.values()) and education:
        instead = all(jsonld_requirements.takes_experience(_text_of(line)) for line in education)
        found["experienceInPlaceOfEducation"] = instead
    return found


def _required_lines(filled: Document) -> Iterator[DocumentLine]:
    """Yields the lines of the qualifications that aren't preferred, by their mark or else by the
    heading of their section or group."""
    for section in _sections(filled, "qualifications"):
        for line in section.every_line():
            headings = "" if line.requirement else f"{section.heading} {line.group}"
            if line.requirement != "preferred" and not jsonld_requirements.is_preferred(headings):
                yield line


def _education(levels: list[str]) -> Any:
    """Returns the levels as credentials, or that nothing is required; None if nothing is said."""
    required = [level for level in levels if level != jsonld_requirements.NO_REQUIREMENTS]
    if not required:
        return levels[0] if levels else None
    kind = "EducationalOccupationalCredential"
    return _one_or_all([{"@type": kind, "credentialCategory": level} for level in required])


def _experience(filled: Document, asked: list[DocumentLine]) -> Any:
    """Returns the minimum experience, from the fact or else from a line, or that none is required;
    None if nothing is said."""
    lines = [_text_of(line) for line in asked if line.category == "experience"]
    years = filled.fact("years")
    if years is not None and years.values and years.values[0].isdecimal():
        months = int(years.values[0]) * 12
    else:
        months = next(filter(None, map(jsonld_requirements.months, lines)), 0)
    if months:
        return {"@type": "OccupationalExperienceRequirements", "monthsOfExperience": months}
    is_none = any(map(jsonld_requirements.needs_no_experience, lines))
    return jsonld_requirements.NO_REQUIREMENTS if is_none else None


def _text_of(line: DocumentLine) -> str:
    return simple_html.flat(f"{line.plain_text} {line.detail}")
