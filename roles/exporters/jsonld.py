"""A document as schema.org JobPosting in JSON-LD: the advertisement as search engines read it.

Only what is open for applications may be advertised, and only where nothing is left to fill in.
The document is advertised as it is given: callers filter it for the public first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, override

from roles.document import Document, DocumentLine, DocumentSection
from roles.editions import Edition, Posting
from roles.exporters import (
    CannotExport,
    credentials,
    footer,
    render_fingerprint,
    simple_html,
)

# Ours to the closed lists of Google's documentation.
_EMPLOYMENT = {
    "full_time": "FULL_TIME",
    "part_time": "PART_TIME",
    "temporary": "TEMPORARY",
    "contract": "CONTRACTOR",
    "internship": "INTERN",
    "seasonal": "TEMPORARY",
}
_UNITS = {"year": "YEAR", "month": "MONTH", "hour": "HOUR"}
_ADDRESS = re.compile(r"https?://[^\s\"<>]+")
# What must not stand in a script element of a page.
_IN_SCRIPT = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def render(document: Document, edition: Edition) -> bytes:
    """The advertisement as a file; raises Unfit where there is none to make."""
    text = json.dumps(posting(document, edition), ensure_ascii=False, indent=2)
    return (text + "\n").encode()


def script(document: Document, edition: Edition) -> SafeString:
    """The same for a `<script type="application/ld+json">` of a page: nothing that someone
    typed can end the element."""
    text = json.dumps(posting(document, edition), ensure_ascii=False)
    return mark_safe(text.translate(_IN_SCRIPT))  # noqa: S308  # nothing of HTML is left in it


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """What changes when the same document would be advertised otherwise."""
    return render_fingerprint.fingerprint(more=timezone.get_default_timezone_name())


def posting(document: Document, edition: Edition) -> dict[str, Any]:
    """The advertisement as a value; raises Unfit, which says what is missing."""
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
            "employmentType": _EMPLOYMENT.get(_value(filled, "employment_type")),
            "baseSalary": _salary(filled),
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
            "disambiguatingDescription": footer.edition_line(edition),
        }
    return {name: value for name, value in found.items() if value not in (None, "", [], {})}


def _vacancy(document: Document, edition: Edition) -> Posting:
    """What is advertised; raises Unfit where nothing may be."""
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
    """The last moment of its last day, where the organization is."""
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


# --- texts


def _description(document: Document, edition: Edition) -> str:
    found = simple_html.page(document, edition)
    if not found:
        raise CannotExport(gettext("Can’t create a job posting. There is no public text yet."))
    return found


def _texts(filled: Document, *kinds: str) -> str:
    """The lines of the sections of these kinds, each on its own."""
    found = (
        simple_html.flat(f"{line.text} {line.detail}")
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
    """What the document answers a placeholder with, wherever it is."""
    return simple_html.flat(document.answers_for().get(key) or "")


def _hours(filled: Document) -> str:
    hours = _value(filled, "weekly_hours")
    return gettext("%s hours a week") % hours if hours else ""


def _places(filled: Document) -> dict[str, Any]:
    """Where the work is; for remote work, where applicants may be."""
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
    return {"jobLocation": _one_or_all([_place(p.city, p.region, p.country) for p in places])}


def _place(city: str, region: str, country: str) -> dict[str, Any]:
    address = {"addressLocality": city, "addressRegion": region, "addressCountry": country}
    stated = {name: value for name, value in address.items() if value}
    return {"@type": "Place", "address": {"@type": "PostalAddress", **stated}}


def _one_or_all(found: list[Any]) -> Any:
    return found[0] if len(found) == 1 else found


def _salary(filled: Document) -> dict[str, Any]:
    """The span of all pay ranges in the currency and period of the first."""
    ranges = [pay for section in filled.sections for pay in section.pay_ranges]
    if not ranges:
        return {}
    first = ranges[0]
    alike = [p for p in ranges if (p.currency, p.period) == (first.currency, first.period)]
    low, high = min(p.minimum for p in alike), max(p.maximum for p in alike)
    span = (
        {"value": _number(low)}
        if low == high
        else {
            "minValue": _number(low),
            "maxValue": _number(high),
        }
    )
    value = {"@type": "QuantitativeValue", **span, "unitText": _UNITS[first.period]}
    return {"@type": "MonetaryAmount", "currency": first.currency, "value": value}


def _number(amount: Decimal) -> int | float:
    return int(amount) if amount == amount.to_integral_value() else float(amount)


# --- education and experience


def _education_and_experience(filled: Document) -> dict[str, Any]:
    """What is required, in Google's closed list; whether experience replaces education
    is only said where both are stated."""
    asked = [
        line
        for section in _sections(filled, "qualifications")
        for line in section.every_line()
        if line.requirement != "preferred"
    ]
    education = [line for line in asked if line.category == "education"]
    levels = dict.fromkeys(
        level
        for line in asked
        if line.category in ("education", "certification")
        for level in credentials.levels(_said(line), is_certificate=line.category != "education")
    )
    months = _months(filled, asked)
    found: dict[str, Any] = {
        "educationRequirements": _one_or_all(
            [
                {"@type": "EducationalOccupationalCredential", "credentialCategory": level}
                for level in levels
            ]
        )
        if levels
        else None,
        "experienceRequirements": {
            "@type": "OccupationalExperienceRequirements",
            "monthsOfExperience": months,
        }
        if months
        else None,
    }
    if levels and months and education:
        instead = all(credentials.takes_experience(_said(line)) for line in education)
        found["experienceInPlaceOfEducation"] = instead
    return found


def _months(filled: Document, asked: list[DocumentLine]) -> int:
    """The least experience that is required, in months: the fact, or what a line says."""
    years = filled.fact("years")
    if years is not None and years.values and years.values[0].isdecimal():
        return int(years.values[0]) * 12
    result = (credentials.years(_said(line)) for line in asked if line.category == "experience")
    return next((found for found in result if found), 0) * 12


def _said(line: DocumentLine) -> str:
    return simple_html.flat(f"{line.text} {line.detail}")
