"""Builders of rows for tests. Each creates what its row needs, with realistic text.

They call the actions of the domain wherever there is one. Many tests use them, so add
parameters rather than change what a call returns.
"""

from __future__ import annotations

import time
from datetime import timedelta
from io import StringIO
from itertools import count
from types import SimpleNamespace
from typing import Any

from django.contrib.auth.models import Group
from django.core.management import call_command
from django.utils import timezone

from roles import drafts, library, permissions, versions
from roles.drafts import changes
from roles.models import (
    Approval,
    Department,
    JobDescription,
    JobFamily,
    JobLevel,
    Organization,
    Review,
    Reviewer,
    Snippet,
    Template,
    TemplateLine,
    TemplateSection,
    User,
    Version,
)
from roles.reviews import decisions, requests, review_access
from roles.reviews.actor import Actor
from roles.reviews.assignments import ReviewerRequest
from roles.versions import effective_periods, publication

_numbers = count(1)

PASSWORD = "correct horse battery staple"


def user(kind: str = "hr", **values: Any) -> User:
    """Returns a new account of a kind: hr, manager, curator, employee, admin, or no_group."""
    number = next(_numbers)
    defaults = {
        "username": f"{kind}{number}",
        "email": f"{kind}{number}@example.org",
        "is_staff": kind == "admin",
        "is_superuser": kind == "admin",
    }
    password = values.pop("password", PASSWORD)
    account: User = User.objects.create_user(password=password, **{**defaults, **values})
    if kind in permissions.GROUPS:
        account.groups.add(Group.objects.get_or_create(name=permissions.GROUPS[kind])[0])
    return account


def sign_in(client: Any, account: Any) -> None:
    """Sign an account in to a test client, as if its password had just been entered."""
    client.force_login(account)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = str(account.pk)
    session.save()


def family(name: str = "Account management", prefix: str = "ACC") -> JobFamily:
    code = name.lower().replace(" ", "-")
    return JobFamily.objects.get_or_create(code=code, defaults={"name": name, "prefix": prefix})[0]


def level(name: str = "Mid level", years: tuple[int, int] = (2, 4)) -> JobLevel:
    span = {"years_from": years[0], "years_to": years[1]}
    code = name.lower().replace(" ", "-")
    return JobLevel.objects.get_or_create(code=code, defaults={"name": name, **span})[0]


def department(name: str = "Sales") -> Department:
    return Department.objects.get_or_create(name=name)[0]


def organization(**values: Any) -> Organization:
    """Returns the only organization, updated with these values."""
    row = Organization.objects.the()
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return row


def description(
    owner: User | None = None,
    title: str = "Account manager",
    *,
    hiring_managers: tuple[User, ...] = (),
    **facts: Any,
) -> JobDescription:
    """Returns a draft in the account management family, with the sections of a blank draft but its
    job details, and a line of text in each. `facts` are fields of JobDescription."""
    owner = owner or user("hr")
    jd = drafts.start(by=owner, title=title, family=family(), level=level())
    # Thousands of tests come here, and delete() takes six queries for a section without content.
    jd.sections.filter(kind="facts")._raw_delete("default")
    if hiring_managers:
        jd.hiring_managers.set(hiring_managers)
    texts = {
        "summary": ("paragraph", "You look after the customers of our Denver office."),
        "responsibilities": ("entry", "Prepare renewal plans for each account."),
        "qualifications": ("entry", "Two years of work with business customers."),
    }
    lines = [
        changes.AddLine(section=section.uid, values={"form": form, "text": text})
        for section in jd.sections.all()
        for form, text in [texts[section.kind]]
    ]
    drafts.apply(description=jd, by=owner, token=jd.edit_token, changes=lines)
    if facts:
        JobDescription.objects.filter(pk=jd.pk).update(**facts)
    jd.refresh_from_db()
    return jd


def add_line(
    jd: JobDescription, section: str, text: str, *, by: User | None = None, **values: Any
) -> JobDescription:
    """Adds a line of free text to the end of the section with this uid, and returns the refreshed
    row."""
    jd.refresh_from_db()
    line = changes.AddLine(section=section, values={"form": "entry", "text": text, **values})
    drafts.apply(description=jd, by=by or jd.owner, token=jd.edit_token, changes=[line])
    jd.refresh_from_db()
    return jd


def add_section(
    jd: JobDescription, kind: str, heading: str, *lines: str, by: User | None = None
) -> str:
    """Adds a section with lines of free text to the end of the draft, and returns its uid."""
    by = by or jd.owner
    jd.refresh_from_db()
    change = changes.AddSection(kind=kind, heading=heading)
    drafts.apply(description=jd, by=by, token=jd.edit_token, changes=[change])
    uid = jd.sections.order_by("-pk").values_list("uid", flat=True)[0]
    for text in lines:
        add_line(jd, uid, text, by=by)
    jd.refresh_from_db()
    return uid


def version(
    jd: JobDescription | None = None, by: User | None = None, note: str = "As agreed"
) -> Version:
    """Saves the draft as its next version."""
    jd = jd or description()
    jd.refresh_from_db()
    return versions.save(description=jd, by=by or jd.owner, token=jd.edit_token, note=note)


def snippet(
    text: str = "Prepare a renewal plan for each account.",
    kind: str = "responsibility",
    *,
    by: User | None = None,
    **values: Any,
) -> Snippet:
    """Adds a snippet to the library; `values` are arguments of library.add."""
    return library.add(kind=kind, text=text, by=by or user("curator"), **values)


def use(jd: JobDescription, used: Snippet, *, by: User | None = None) -> None:
    """Adds the snippet's newest revision to the draft's responsibilities."""
    jd.refresh_from_db()
    uid = jd.sections.get(kind="responsibilities").uid
    change = changes.AddSnippets(section=uid, snippets=(used.pk,))
    drafts.apply(description=jd, by=by or jd.owner, token=jd.edit_token, changes=[change])
    jd.refresh_from_db()


def format(render: Any, fingerprint: Any = lambda: "1") -> Any:
    """Returns a fake entry of exporters.FORMATS: plain text, rendered by `render`."""
    return SimpleNamespace(
        label="Text",
        about="A stand-in",
        icon="file-earmark-text",
        extension="txt",
        content_type="text/plain",
        needs_posting=False,
        render=render,
        fingerprint=fingerprint,
    )


def change(jd: JobDescription, *requested: changes.Change, token: int | None = None) -> int:
    """Applies changes by the owner, based on `token` (by default the current one), refreshes the
    row and returns the new token."""
    jd.refresh_from_db()
    based_on = jd.edit_token if token is None else token
    drafts.apply(description=jd, by=jd.owner, token=based_on, changes=requested)
    jd.refresh_from_db()
    return jd.edit_token


def starter_library() -> None:
    """Loads the starter library with its templates."""
    call_command("load_library", verbosity=0, stdout=StringIO())


def template(title: str = "Account manager, short", **values: Any) -> Template:
    """Returns a template with two sections: a required one with a line of free text, and one with
    a snippet. `values` are fields of Template."""
    code = values.pop("code", title.lower().replace(",", "").replace(" ", "-"))
    created = Template.objects.create(**{"title": title, "code": code, **values})
    first = TemplateSection.objects.create(
        template=created,
        position=1,
        kind="summary",
        heading="What it is about",
        guidance="Two sentences.",
        required=True,
    )
    second = TemplateSection.objects.create(
        template=created, position=2, kind="responsibilities", heading="What you do"
    )
    TemplateLine.objects.create(
        section=first,
        position=1,
        form="paragraph",
        text="You look after [Company Name]’s customers.",
    )
    used = snippet(f"Visit the customers of {title}.")
    TemplateLine.objects.create(section=second, position=1, snippet=used, frequency="weekly")
    return created


def template_section(template: Template, heading: str, kind: str = "other") -> TemplateSection:
    """Returns a new last section of a template, without lines."""
    position = template.sections.count() + 1
    return TemplateSection.objects.create(
        template=template, position=position, kind=kind, heading=heading
    )


def approved(saved: Version) -> Version:
    """Approves the version without a review."""
    Approval.objects.get_or_create(version=saved)
    return saved


def published(jd: JobDescription | None = None, *, days: int | None = 30) -> Version:
    """Saves the draft as a version that is current from today, with a public page and a vacancy
    for `days` more days (None: no vacancy)."""
    saved = version(jd)
    today = timezone.localdate()
    effective_periods.make_effective(
        version=approved(saved), since=today, by=saved.description.owner
    )
    publication.publish(
        description=saved.description,
        is_public=True,
        date_posted=None if days is None else today,
        valid_through=None if days is None else today + timedelta(days=days),
        by=saved.description.owner,
    )
    saved.description.refresh_from_db()
    return saved


def review(jd: JobDescription, *reviewers: User | str | ReviewerRequest, **values: Any) -> Review:
    """Requests a review of the newest version, which is created if there is none, from accounts,
    email addresses or requests with all their fields; by default from one approver."""
    newest = jd.versions.order_by("-number").first() or version(jd)
    reviewer_rows = [
        one
        if isinstance(one, ReviewerRequest)
        else ReviewerRequest(user=one)
        if isinstance(one, User)
        else ReviewerRequest(email=one)
        for one in reviewers or (user("manager"),)
    ]
    return requests.request_review(version=newest, reviewers=reviewer_rows, by=jd.owner, **values)


def reviewer_row(review: Review, who: User | str) -> Reviewer:
    """Returns the row of a reviewer, given by account or email address."""
    if isinstance(who, User):
        return review.reviewers.get(user=who, removal_reason="")
    return review.reviewers.get(email=who, removal_reason="")


def decision(review: Review, who: User | str, kind: str = "approve", text: str = "") -> Any:
    """Records a reviewer's decision on the current round."""
    reviewer = reviewer_row(review, who)
    round = review.rounds.order_by("-number")[0]
    by = Actor(user=who if isinstance(who, User) else None, reviewer=reviewer)
    return decisions.decide(reviewer=reviewer, round=round.number, kind=kind, text=text, by=by)


def reader(review: Review, who: User | None) -> review_access.Reader:
    """Returns the reader for someone who can see the review."""
    access = review_access.reader(review, who)
    assert access is not None
    return access
