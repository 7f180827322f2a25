"""The advertisement: every property that Google's documentation of job postings requires or
recommends, from what a job description says; and nothing where there is nothing to advertise."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse
from django.utils import timezone

from roles.document import Answer, Document, DocumentLine, DocumentPayRange, DocumentPlace, Fact
from roles.editions import Brand, Edition, Posting
from roles.exporters import FORMATS, CannotExport, jsonld, jsonld_requirements
from roles.models import JobDescription, Location
from tests import builders, samples
from tests.bulk_exports.archives import archive, finished_export

VACANCY = Posting(
    date(2026, 3, 1),
    date(2026, 4, 30),
    "https://jd.example.org/jd/ACC-0007",
    "https://jd.example.org/logo/ab12/",
)
EDITION = replace(samples.version(), posting=VACANCY)


def vacancy(**changes: Any) -> Document:
    """A public document that states everything an advertisement can say."""
    values: dict[str, Any] = {
        "title": "Account manager",
        "facts": (
            Fact("job_family", ("Account management",)),
            Fact("soc_code", ("41-3091.00",)),
            Fact("years", ("2", "4")),
            Fact("locations", places=(DocumentPlace("Denver", "CO", "US"),)),
            Fact("work_mode", ("hybrid",)),
            Fact("employment_type", ("full_time",)),
            Fact("weekly_hours", ("37.5",)),
        ),
        "sections": (
            samples.section("company", "About us", samples.paragraph("See [website]: [industry].")),
            samples.section(
                "responsibilities",
                "Duties",
                samples.line("Plan renewals", lines=(samples.line("Ask first"),), group="Daily"),
                samples.line("Report <b>monthly</b>", detail="One page & no more."),
            ),
            samples.section("skills", "Skills", samples.line("Tact", detail="Says no kindly.")),
            samples.section(
                "qualifications",
                "Requirements",
                samples.line(
                    "Bachelor's degree in business, or equivalent work experience",
                    category="education",
                    requirement="required",
                ),
                samples.line("An MBA", category="education", requirement="preferred"),
                samples.line("Five years in sales", category="experience"),
            ),
            samples.section("facts", "Details", facts=("years", "weekly_hours"), style="table"),
            samples.section(
                "pay",
                "Pay",
                pay_ranges=(
                    DocumentPayRange("p1", Decimal(72000), Decimal(88000)),
                    DocumentPayRange("p2", Decimal("80000.50"), Decimal(95000)),
                    DocumentPayRange("p3", Decimal(40), Decimal(50), period="hour"),
                ),
            ),
            samples.section("benefits", "Benefits", samples.line("30 days of leave")),
            samples.section("acknowledgment", "Signed", samples.line("Employee")),
        ),
        "answers": (
            Answer("industry", "Software"),
            Answer("website", "https://www.example.org"),
        ),
    }
    return samples.numbered(Document(**{**values, **changes}))


def advertised(value: Document | None = None, edition: Edition = EDITION) -> dict[str, Any]:
    content = FORMATS["jsonld"].render(value or vacancy(), edition)
    posting: dict[str, Any] = json.loads(content)
    return posting


def with_fact(name: str, *values: str, **more: Any) -> Document:
    facts = [fact for fact in vacancy().facts if fact.name != name]
    return vacancy(facts=(*facts, *([Fact(name, values, **more)] if values or more else [])))


# --- the table

# https://developers.google.com/search/docs/appearance/structured-data/job-posting
# Name, how the documentation asks for it, and what the vacancy above says.
PROPERTIES = [
    # required
    ("datePosted", "required", "2026-03-01"),
    ("description", "required", None),  # see below
    (
        "hiringOrganization",
        "required",
        {
            "@type": "Organization",
            "name": "Northwind Ltd",
            "sameAs": "https://www.example.org",
            "logo": "https://jd.example.org/logo/ab12/",
        },
    ),
    (
        "jobLocation",
        "required",
        {
            "@type": "Place",
            "address": {
                "@type": "PostalAddress",
                "addressLocality": "Denver",
                "addressRegion": "CO",
                "addressCountry": "US",
            },
        },
    ),
    ("title", "required", "Account manager"),
    # recommended
    ("applicantLocationRequirements", "recommended, remote work alone", None),  # see below
    (
        "baseSalary",
        "recommended",
        {
            "@type": "MonetaryAmount",
            "currency": "USD",
            "value": {
                "@type": "QuantitativeValue",
                "minValue": 72000,
                "maxValue": 95000,
                "unitText": "YEAR",
            },
        },
    ),
    ("directApply", "recommended", False),
    ("employmentType", "recommended", "FULL_TIME"),
    (
        "identifier",
        "recommended",
        {"@type": "PropertyValue", "name": "Northwind Ltd", "value": "ACC-0007"},
    ),
    ("jobLocationType", "recommended, remote work alone", None),  # see below
    ("validThrough", "recommended", "2026-04-30T23:59:59+00:00"),
    # beta
    (
        "educationRequirements",
        "beta",
        {
            "@type": "EducationalOccupationalCredential",
            "credentialCategory": "bachelor degree",
        },
    ),
    (
        "experienceRequirements",
        "beta",
        {"@type": "OccupationalExperienceRequirements", "monthsOfExperience": 24},
    ),
    ("experienceInPlaceOfEducation", "beta", True),
    # schema.org's, beyond Google's documentation
    (
        "responsibilities",
        "schema.org",
        "Plan renewals\nAsk first\nReport <b>monthly</b> One page & no more.",
    ),
    (
        "qualifications",
        "schema.org",
        "Bachelor's degree in business, or equivalent work experience\nAn MBA\nFive years in sales",
    ),
    ("skills", "schema.org", "Tact Says no kindly."),
    ("industry", "schema.org", "Software"),
    ("occupationalCategory", "schema.org", "41-3091.00"),
    ("workHours", "schema.org", "37.5 hours a week"),
    ("jobBenefits", "schema.org", "30 days of leave"),
    ("url", "schema.org", "https://jd.example.org/jd/ACC-0007"),
]


@pytest.mark.parametrize(("name", "rule", "expected"), PROPERTIES)
def test_each_property(name: str, rule: str, expected: Any) -> None:
    posting = advertised()
    if "remote" in rule:
        assert name not in posting  # hybrid work has a place
    elif expected is None:
        assert posting[name]
    else:
        assert posting[name] == expected


def test_no_other_properties() -> None:
    expected = {name for name, rule, _value in PROPERTIES if "remote" not in rule}
    others = {"@context", "@type", "disambiguatingDescription"}
    assert set(advertised()) == expected | others
    assert advertised()["@context"] == "https://schema.org/"
    assert advertised()["@type"] == "JobPosting"


def test_has_its_edition() -> None:
    line = "ACC-0007 · Version 3 · March 12, 2026 · abababababab"
    assert advertised()["disambiguatingDescription"] == line


class Elements(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.feed(page)
        assert not self.open

    def handle_starttag(self, tag: str, attributes: Any) -> None:
        assert attributes == []
        self.open.append(tag)
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_description_is_html_of_three_elements() -> None:
    page = advertised()["description"]
    assert set(Elements(page).seen) == {"p", "ul", "li"}
    for words in (
        "<p>About us</p><p>See https://www.example.org: Software.</p>",
        "<p>Duties</p><p>Daily</p><ul><li>Plan renewals<ul><li>Ask first</li></ul></li></ul>",
        "<ul><li>Report &lt;b&gt;monthly&lt;/b&gt; One page &amp; no more.</li></ul>",
        "<li>Tact: Says no kindly.</li>",
        "<li>Years of experience: 2 to 4 years</li><li>Weekly hours: 37.5</li>",
        "<li>Pay range: $72,000 – $88,000; Period: per year</li>",
    ):
        assert words in page, words
    assert "Employee" not in page  # no one signs an advertisement


@pytest.mark.parametrize("code", samples.of_templates())
def test_filled_in_templates_give_a_posting(code: str) -> None:
    value = samples.of_templates()[code].for_audience("public")
    if value.open_words():
        with pytest.raises(CannotExport, match="Fill in these placeholders"):
            advertised(value)
    answers = tuple(
        Answer(posting.placeholder.key, "Seven")
        for posting in value.placeholders()
        if not posting.placeholder.is_local
    )
    whole = {answer.placeholder: answer for answer in (*answers, *value.answers)}

    def filled_in(line: Any) -> Any:
        own = tuple(Answer(p.key, "7") for p in line.placeholders() if p.is_local)
        return replace(line, answers=own, lines=tuple(map(filled_in, line.lines)))

    value = replace(
        value,
        answers=tuple(whole.values()),
        sections=tuple(
            replace(section, lines=tuple(map(filled_in, section.lines)))
            for section in value.sections
        ),
    )
    posting = advertised(value)
    for name, rule, _value in PROPERTIES:
        if rule == "required":
            assert posting[name], name
    assert set(Elements(posting["description"]).seen) <= {"p", "ul", "li"}


def test_markup_cannot_end_the_script() -> None:
    value = replace(samples.hostile(), answers=())
    plain = tuple(Answer(p.placeholder.key, plain=True) for p in value.placeholders())
    unique = {answer.placeholder: answer for answer in plain}

    def filled_in(line: Any) -> Any:
        own = {p.key: Answer(p.key, plain=True) for p in line.placeholders()}
        return replace(line, answers=tuple(own.values()), lines=tuple(map(filled_in, line.lines)))

    value = replace(
        value,
        answers=tuple(unique.values()),
        sections=tuple(
            replace(section, lines=tuple(map(filled_in, section.lines)))
            for section in value.sections
        ),
    )
    # The texts have braces, which count as placeholders of another system.
    written = json.dumps(value.to_dict()).replace("{{", "{ {").replace("${x}", "$(x)")
    value = Document.from_dict(json.loads(written)).for_audience("public")
    posting = advertised(value)
    assert set(Elements(posting["description"]).seen) == {"p", "ul", "li"}
    assert posting["jobLocationType"] == "TELECOMMUTE"
    written = jsonld.script(value, EDITION)
    assert not re.search(r"[<>&\u2028\u2029]", written)
    assert json.loads(written) == posting
    assert not any(secret in written for secret in samples.SECRETS.values())


# --- choices


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("full_time", "FULL_TIME"),
        ("part_time", "PART_TIME"),
        ("temporary", "TEMPORARY"),
        ("contract", "CONTRACTOR"),
        ("internship", "INTERN"),
        ("seasonal", "TEMPORARY"),
    ],
)
def test_employment_types(ours: str, theirs: str) -> None:
    assert advertised(with_fact("employment_type", ours))["employmentType"] == theirs


def test_remote_work_has_applicant_locations() -> None:
    places = (
        DocumentPlace("Denver", "CO", "US"),
        DocumentPlace("Austin", "CO", "US"),
        DocumentPlace("Bonn", "", "DE"),
    )
    facts = (Fact("locations", places=places), Fact("work_mode", ("remote",)))
    posting = advertised(vacancy(facts=facts))
    assert posting["jobLocationType"] == "TELECOMMUTE"
    assert posting["applicantLocationRequirements"] == [
        {"@type": "State", "name": "CO, US"},
        {"@type": "Country", "name": "DE"},
    ]
    assert "jobLocation" not in posting


def test_all_locations_are_listed() -> None:
    places = (DocumentPlace("Denver", "CO", "US"), DocumentPlace("Austin", country="US"))
    posting = advertised(vacancy(facts=(Fact("locations", places=places),)))
    assert [place["address"]["addressLocality"] for place in posting["jobLocation"]] == [
        "Denver",
        "Austin",
    ]


def test_one_amount_and_cents() -> None:
    pay = DocumentPayRange("p", Decimal("18.50"), Decimal("18.50"), "EUR", "hour")
    section = samples.section("pay", "Pay", pay_ranges=(pay,))
    value = vacancy(sections=(*vacancy().sections[:1], section))
    assert advertised(value)["baseSalary"] == {
        "@type": "MonetaryAmount",
        "currency": "EUR",
        "value": {"@type": "QuantitativeValue", "value": 18.5, "unitText": "HOUR"},
    }


def test_missing_values_are_omitted() -> None:
    facts = (Fact("locations", places=(DocumentPlace("Denver", country="US"),)),)
    value = vacancy(facts=facts, sections=vacancy().sections[:1], answers=vacancy().answers)
    edition = replace(EDITION, posting=replace(VACANCY, url="", logo_url=""))
    assert set(advertised(value, edition)) == {
        *("@context", "@type", "title", "description", "datePosted", "validThrough"),
        *("identifier", "hiringOrganization", "jobLocation", "industry"),
        "disambiguatingDescription",
    }


def test_a_website_is_only_an_address() -> None:
    value = vacancy(answers=(Answer("industry", "x"), Answer("website", "javascript:alert(1)")))
    assert "sameAs" not in advertised(value)["hiringOrganization"]


HIGH_SCHOOL, ASSOCIATE, BACHELOR = "high school", "associate degree", "bachelor degree"
POSTGRADUATE, CERTIFICATE = "postgraduate degree", "professional certificate"


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("High school diploma, GED, or comparable credential", [HIGH_SCHOOL]),
        ("Associate degree in business, or equivalent experience", [ASSOCIATE]),
        ("Bachelor's degree in law", [BACHELOR]),
        ("Four-year degree in any subject", [BACHELOR]),
        ("Master’s degree in business administration", [POSTGRADUATE]),
        ("Bachelor's or master's degree", [BACHELOR]),
        ("Graduate degree in chemistry", [POSTGRADUATE]),
        ("Undergraduate degree", [BACHELOR]),
        ("Apprenticeship in a commercial occupation", [CERTIFICATE]),
        ("Curiosity", []),
        ("Master's degree preferred", []),
        ("Bachelor's required; Master's a plus", [BACHELOR]),
        ("BSc in Nursing", [BACHELOR]),
        ("No degree required", [jsonld_requirements.NO_REQUIREMENTS]),
        ("A.A.", [ASSOCIATE]),
        ("A.A. or A.S. degree", [ASSOCIATE]),
        ("GED or high school diploma", [HIGH_SCHOOL]),
        ("PhD or equivalent", [POSTGRADUATE]),
        ("MBA preferred", []),
        ("Degree not required", [jsonld_requirements.NO_REQUIREMENTS]),
        ("A degree is not required", [jsonld_requirements.NO_REQUIREMENTS]),
        ("No formal education needed", [jsonld_requirements.NO_REQUIREMENTS]),
        ("Bachelor's degree required, Master's preferred", [BACHELOR]),
        ("Bachelor's, Master's or PhD preferred", []),
        ("Bachelor's degree (Master's preferred)", [BACHELOR]),
        ("Bachelor's degree, preferably a Master's", [BACHELOR]),
        ("Bachelor's degree required and Master's degree preferred", [BACHELOR]),
        ("Preferred: Master's degree", []),
        ("Nice to have: MBA", []),
        ("Master's degree preferred but not required", []),
        ("No degree required, but a Bachelor's is a plus", [jsonld_requirements.NO_REQUIREMENTS]),
        ("High school diploma required. Bachelor's degree desirable.", [HIGH_SCHOOL]),
        ("B.A. in economics", [BACHELOR]),
        ("BA/BS in economics", [BACHELOR]),
        ("M.S. in physics required", [POSTGRADUATE]),
        ("MSc or PhD in biology", [POSTGRADUATE]),
        ("Ph.D. in chemistry", [POSTGRADUATE]),
        ("JD from an accredited law school", [POSTGRADUATE]),
        ("Minimum of a bachelor's degree", [BACHELOR]),
        ("Associate's or bachelor's degree", [ASSOCIATE]),
        ("Ideally an MBA", []),
        ("Bachelor's degree with MBA preferred", [BACHELOR]),
        ("Bachelor's degree in finance or MBA", [BACHELOR]),
        ("Bachelor's and Master's degrees in architecture", [BACHELOR, POSTGRADUATE]),
        ("Vocational training certificate", [CERTIFICATE]),
        ("BSN required, MSN preferred", [BACHELOR]),
        ("An MBA would be an advantage", []),
        ("Degree in nursing", [BACHELOR]),
        ("College degree", [BACHELOR]),
        ("Associate account manager", []),
        ("Scrum master skills", []),
        ("Secondary school diploma", [HIGH_SCHOOL]),
        ("No high school diploma needed", [jsonld_requirements.NO_REQUIREMENTS]),
        ("Bachelor’s degree or higher", [BACHELOR]),
        ("Master's degree is nice to have", []),
        ("AAS in nursing", [ASSOCIATE]),
    ],
)
def test_levels_of_education(text: str, levels: list[str]) -> None:
    """Google's closed list, and nothing beside it; only what is required."""
    assert list(jsonld_requirements.levels(text)) == levels


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("18 months", 18),
        ("two (2) years", 24),
        ("Two years of work with customers", 24),
        ("3+ years in sales", 36),
        ("5 to 7 years", 60),
        ("At least 10 years’ experience", 120),
        ("Some experience", 0),
        ("5+ years", 60),
        ("at least three years", 36),
        ("1-2 years", 12),
        ("one year or more", 12),
        ("2 (two) years", 24),
        ("twelve (12) months", 12),
        ("1.5 years", 18),
        ("a year and a half", 18),
        ("1 year and 6 months", 18),
        ("half a year", 6),
        ("six months to one year", 6),
        ("18–24 months", 18),
        ("Two or more years", 24),
        ("3 yrs", 36),
        ("between 2 and 5 years", 24),
        ("0-2 years", 0),
        ("up to 2 years", 0),
        ("5 years preferred", 0),
        ("2 years required, 5 years preferred", 24),
        ("2 years required; 5 a plus", 24),
        ("18 years of age", 0),
        ("18 years old", 0),
        ("four-year degree", 0),
        ("certified within 6 months", 0),
        ("2½ years", 30),
        ("minimum of two full years", 24),
        ("more than 5 years", 60),
        ("eighteen months", 18),
        ("A minimum of 3 years experience", 36),
        ("five plus years", 60),
        ("10 + years", 120),
        ("No experience required", 0),
        ("one to two years", 12),
        ("3 to 5+ years", 36),
        ("Fifteen years", 180),
        ("1 year", 12),
        ("2-year track record", 24),
    ],
)
def test_months_of_experience(text: str, months: int) -> None:
    assert jsonld_requirements.months(text) == months


def education_of(*lines: DocumentLine, heading: str = "Requirements") -> Any:
    section = samples.section("qualifications", heading, *lines)
    return advertised(replace(with_fact("years"), sections=(*vacancy().sections[:1], section)))


def test_nothing_is_required() -> None:
    posting = education_of(
        samples.line("No degree required", category="education"),
        samples.line("No prior experience necessary", category="experience"),
    )
    assert posting["educationRequirements"] == "no requirements"
    assert posting["experienceRequirements"] == "no requirements"
    assert "experienceInPlaceOfEducation" not in posting


@pytest.mark.parametrize(
    ("heading", "line", "is_required"),
    [
        ("Requirements", samples.line("MBA", category="education"), True),
        ("Preferred qualifications", samples.line("MBA", category="education"), False),
        ("Nice to have", samples.line("MBA", category="education"), False),
        ("Skills", samples.line("MBA", category="education", group="A plus"), False),
        ("Requirements", samples.line("MBA preferred", category="education"), False),
        (
            "Preferred qualifications",
            samples.line("MBA", category="education", requirement="required"),
            True,
        ),
        ("Requirements", samples.line("MBA", category="education", requirement="preferred"), False),
    ],
)
def test_preferred_by_mark_heading_or_text(
    heading: str, line: DocumentLine, *, is_required: bool
) -> None:
    assert ("educationRequirements" in education_of(line, heading=heading)) is is_required


def test_experience_from_a_line_without_the_fact() -> None:
    posting = advertised(with_fact("years"))
    assert posting["experienceRequirements"]["monthsOfExperience"] == 60


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("Bachelor's degree, or equivalent work experience", True),
        ("Bachelor's degree or experience in sales", True),
        ("Bachelor's degree in law", False),
        ("Bachelor's degree or equivalent degree", False),
    ],
)
def test_experience_in_place_of_education(text: str, instead: bool) -> None:
    section = samples.section("qualifications", "Q", samples.line(text, category="education"))
    posting = advertised(vacancy(sections=(*vacancy().sections[:1], section)))
    assert posting["experienceInPlaceOfEducation"] is instead


# --- what is not advertised


@pytest.mark.parametrize(
    ("value", "edition", "message"),
    [
        (
            vacancy(),
            replace(EDITION, posting=None),
            "This job description isn’t open for applications.",
        ),
        (vacancy(answers=()), EDITION, "Fill in these placeholders first: [website], [industry]."),
        (vacancy(), replace(EDITION, brand=Brand()), "Your organization has no name yet."),
        (with_fact("locations"), EDITION, "Add a location first."),
        (
            vacancy(facts=(Fact("work_mode", ("remote",)),)),
            EDITION,
            "Add the locations, with country,",
        ),
        (vacancy(sections=()), EDITION, "There is no public text yet."),
        *(
            (
                vacancy(facts=(Fact("locations", places=places), Fact("work_mode", (mode,)))),
                EDITION,
                "Add the country of these locations: Austin.",
            )
            for mode in ("on_site", "hybrid", "")
            for places in (
                (DocumentPlace("Austin"),),
                (DocumentPlace("Denver", "CO", "US"), DocumentPlace("Austin")),
            )
        ),
    ],
)
def test_refusals_have_a_reason(value: Document, edition: Edition, message: str) -> None:
    with pytest.raises(CannotExport, match=re.escape(message)):
        advertised(value, edition)


def test_the_same_bytes_every_time() -> None:
    one, other = (FORMATS["jsonld"].render(vacancy(), EDITION) for _ in range(2))
    assert one == other
    assert len(jsonld.fingerprint()) == 64


# --- from the product


@pytest.fixture
def jd(db: None) -> JobDescription:
    """Open for applications since today, with its pay for ourselves alone."""
    builders.organization(name="Northwind Ltd")
    jd = builders.description()
    jd.locations.add(Location.objects.create(city="Denver", region="CO", country="US"))
    pay = builders.add_section(jd, "pay", "Pay", "A bonus of ten percent.")
    jd.sections.filter(uid=pay).update(audience="restricted")
    builders.version(jd)
    today = timezone.localdate()
    JobDescription.objects.filter(pk=jd.pk).update(date_posted=today, valid_through=today)
    jd.refresh_from_db()
    return jd


def closed(jd: JobDescription) -> None:
    JobDescription.objects.filter(pk=jd.pk).update(date_posted=None, valid_through=None)


def test_offered_only_for_the_public(client_for: Any, jd: Any) -> None:
    client = client_for(jd.owner)
    url = reverse("version_export", args=[jd.reference, 1, "jsonld"])
    page = client.get(reverse("version", args=[jd.reference, 1])).text
    assert re.findall(rf'{url}\?audience=(\w+)"', page) == ["public"]
    for query in ("", "?audience=restricted"):
        content = b"".join(client.get(url + query))
        assert b"A bonus" not in content
        assert json.loads(content)["identifier"]["value"] == jd.reference
    draft = client.get(reverse("draft_export", args=[jd.reference, "jsonld"]))
    assert json.loads(draft.content)["title"] == "Account manager"


def test_not_found_without_an_open_vacancy(client_for: Any, jd: Any) -> None:
    closed(jd)
    client = client_for(jd.owner)
    for url in (
        reverse("version_export", args=[jd.reference, 1, "jsonld"]),
        reverse("draft_export", args=[jd.reference, "jsonld"]),
    ):
        assert client.get(url).status_code == 404
        assert url not in client.get(reverse("description", args=[jd.reference])).text


def test_missing_data_is_shown_on_the_description_page(client_for: Any, jd: Any) -> None:
    client = client_for(jd.owner)
    builders.add_line(jd, jd.sections.all()[0].uid, "You report to [manager].")
    builders.version(jd)
    for url in (
        reverse("version_export", args=[jd.reference, 2, "jsonld"]),
        reverse("draft_export", args=[jd.reference, "jsonld"]),
    ):
        response = client.get(url, follow=True)
        assert response.redirect_chain == [(f"/descriptions/{jd.reference}/", 302)]
        assert "Fill in these placeholders first: [manager]." in response.text


def exported(jd: JobDescription, target: Path, *options: str) -> dict[str, Any]:
    call_command("export", jd.reference, "--format", "jsonld", "--output", target, *options)
    posting: dict[str, Any] = json.loads(target.read_bytes())
    return posting


def test_the_command_writes_it(jd: JobDescription, tmp_path: Path) -> None:
    posting = exported(jd, tmp_path / "a.jsonld", "--version", "1")
    assert posting["datePosted"] == timezone.localdate().isoformat()
    assert "A bonus" not in posting["description"]


def test_command_can_force_it(jd: JobDescription, tmp_path: Path) -> None:
    closed(jd)
    target = tmp_path / "a.jsonld"
    message = f"{jd.reference}: This job description isn’t open for applications."
    for number in ([], ["--version", "1"]):
        with pytest.raises(CommandError, match=message):
            exported(jd, target, *number)
        days = ["--force", "--posted", "2026-01-31", "--through", "2026-03-31"]
        posting = exported(jd, target, *number, *days)
        assert posting["datePosted"] == "2026-01-31"
        assert posting["validThrough"] == "2026-03-31T23:59:59+00:00"
    jd.refresh_from_db()
    assert jd.date_posted is None


@pytest.mark.parametrize(
    "days",
    [
        [],
        ["--posted", "2026-01-31"],
        ["--posted", "soon", "--through", "later"],
        ["--posted", "2026-03-31", "--through", "2026-01-31"],
    ],
)
def test_force_requires_dates(jd: JobDescription, tmp_path: Path, days: list[str]) -> None:
    with pytest.raises(CommandError, match="--through"):
        exported(jd, tmp_path / "a.jsonld", "--force", *days)


def test_public_in_bulk_exports_too(jd: JobDescription) -> None:
    """Whatever the audience of the rest of the archive."""
    export = finished_export(jd.owner, jd, formats=["jsonld", "txt"], audience="restricted")
    files = {Path(name).suffix: content for name, content in archive(export).items()}
    assert b"A bonus" in files[".txt"]
    assert b"A bonus" not in files[".jsonld"]
    assert json.loads(files[".jsonld"])["identifier"]["value"] == jd.reference
