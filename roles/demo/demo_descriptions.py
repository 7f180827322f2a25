"""A family of complete job descriptions, created from starter templates."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from roles import assembly, drafts, versions
from roles.demo import demo_review
from roles.document import Document
from roles.drafts import changes
from roles.models import (
    Department,
    JobDescription,
    Location,
    Organization,
    PayRange,
    Template,
    User,
    Version,
)
from roles.reviews import decisions, requests
from roles.reviews.actor import Actor
from roles.reviews.assignments import ReviewerRequest
from roles.versions import effective_periods, publication

# Template, title, pay from and to, pay grade; the first one is current and public.
ROLES = (
    ("account-manager-mid", "Account Manager", 62_000, 78_000, "S3"),
    ("account-manager-entry", "Junior Account Manager", 48_000, 58_000, "S2"),
    ("account-manager-senior", "Senior Account Manager", 80_000, 104_000, "S4"),
)
ANSWERS = {
    "company name": "Northwind Analytics",
    "industry": "software",
    "product or service": "analytics platform",
    "number of accounts": "40",
    "region": "West",
    "city": "Denver",
    "team": "customer success",
    "field of study": "business",
    "crm system": "Salesforce",
    "relevant platforms": "Salesforce and Slack",
    "clients, customers, partners": "clients",
    "benefit": "a learning budget",
    "website": "northwind.example/careers",
    "email address": "jobs@northwind.example",
    "deadline": "the end of the month",
}
NUMBERS = {"days": "90", "percent": "10"}  # [X] days, [X] percent
YEARS = "2"  # any other [X]
NEW_DUTY = "Share what worked with one account so colleagues can use it with theirs."
OPEN_FOR = timedelta(days=60)  # for applications


def create(people: dict[str, User]) -> None:
    """Creates the job descriptions; `people` are the accounts by key of demo_accounts.PEOPLE."""
    organization = Organization.objects.the()
    if not organization.name:
        organization.name = ANSWERS["company name"]
        organization.save()
    created = [_version(people, *role) for role in ROLES]
    _publish(_revised(created[0]))
    demo_review.create(created[2], people["manager1"], people["manager2"])


def _version(
    people: dict[str, User], code: str, title: str, low: int, high: int, grade: str
) -> Version:
    """Returns the first version of a job description created from the template `code`."""
    author = people["author1"]
    template = Template.objects.get(code=code)
    description = drafts.start(
        by=author, title=title, family=template.family, level=template.level, template=template
    )
    description.hiring_managers.add(people["manager1"])
    _apply(description, author, [_facts(grade), *_pay(description, low, high)])
    _apply(description, author, _answers(assembly.assemble(description)))
    return _save(description, "First version, reviewed with the sales team.")


def _revised(version: Version) -> Version:
    """Returns a second version for comparison: reworded, reordered, and with a new line."""
    description, author = version.description, version.author
    duties = description.sections.get(kind="responsibilities")
    first, second = duties.lines.filter(parent=None).order_by("position")[:2]
    pay = PayRange.objects.get(section__description=description)
    edits: list[changes.Change] = [
        changes.ChangeLine(first.uid, {"text": f"{first.text.rstrip('.')} every month."}),
        changes.MoveLine(second.uid, 1),
        changes.AddLine(duties.uid, {"form": "entry", "text": NEW_DUTY, "essential": "marginal"}),
        changes.ChangePay(pay.uid, {"maximum": Decimal(82_000)}),
    ]
    _apply(description, author, edits)
    return _save(description, "Pay and responsibilities updated after the annual sales review.")


def _save(description: JobDescription, note: str) -> Version:
    description.refresh_from_db()
    return versions.save(
        description=description,
        by=description.owner,
        token=description.edit_token,
        note=note,
    )


def _approve(version: Version, approver: User) -> None:
    review = requests.request_review(
        version=version, reviewers=[ReviewerRequest(user=approver)], by=version.author
    )
    decisions.decide(
        reviewer=review.reviewers.get(),
        round=review.rounds.get().number,
        kind="approve",
        by=Actor(user=approver),
    )


def _publish(version: Version) -> None:
    description, author = version.description, version.author
    today = timezone.localdate()
    _approve(version, User.objects.get(username="manager1"))
    effective_periods.make_effective(version=version, since=today, by=author)
    publication.publish(
        description=description,
        is_public=True,
        date_posted=today,
        valid_through=today + OPEN_FOR,
        by=author,
    )


def _apply(description: JobDescription, by: User, edits: list[changes.Change]) -> None:
    description.refresh_from_db()
    token = description.edit_token
    drafts.apply(description=description, by=by, token=token, changes=edits)


def _facts(grade: str) -> changes.ChangeFacts:
    return changes.ChangeFacts(
        {
            "similar_titles": ["Client Manager", "Relationship Manager"],
            "department": Department.objects.filter(name="Sales").first(),
            "locations": list(Location.objects.filter(city="Denver")),
            "work_mode": "hybrid",
            "employment_types": ["full_time"],
            "weekly_hours": Decimal(40),
            "reports_to": "Head of Accounts",
            "pay_grade": grade,
            "soc_code": "41-3091",
            "flsa_status": "exempt",
            "eeo_category": "4",
            "open_until_filled": True,
        }
    )


def _pay(description: JobDescription, low: int, high: int) -> list[changes.Change]:
    section = description.sections.filter(kind="pay").first()
    if section is None:
        return []
    values = {
        "minimum": Decimal(low),
        "maximum": Decimal(high),
        "currency": "USD",
        "period": "year",
        "location": "Denver",
    }
    return [changes.AddPay(section.uid, values)]


def _answers(document: Document) -> list[changes.Change]:
    """Returns the changes that fill in every placeholder of the document."""
    answers: dict[tuple[str, str], changes.Change] = {}
    for found in document.open_placeholders():
        key = found.placeholder.key
        if found.line is not None and found.placeholder.is_local:
            line, value = found.line.uid, _number(found.line.text[found.placeholder.end :])
        else:
            line, value = "", ANSWERS.get(key, found.placeholder.hint or key)
        answers[line, key] = changes.AnswerPlaceholder(key, value, line=line)
    return list(answers.values())


def _number(text_after: str) -> str:
    """Returns a value for [X] that fits the word after it."""
    return NUMBERS.get(text_after.strip().partition(" ")[0], YEARS)
