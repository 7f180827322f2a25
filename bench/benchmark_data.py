"""The job descriptions to measure, the same in every database."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone

from bench.benchmark_sizes import APPROVER, AUTHOR, BATCH, LENGTHS, LIST_PAGE, SPARE_VERSIONS
from roles import drafts, library, versions
from roles.drafts import changes
from roles.models import (
    Approval,
    JobDescription,
    JobFamily,
    JobLevel,
    Snippet,
    Template,
    User,
    Version,
)
from roles.reviews import assignments, requests, review_access
from roles.reviews.assignments import ReviewerRequest
from roles.versions import effective_periods
from roles.web.home.home_reviews import ROWS_SHOWN

TITLE = "Account manager, benchmark"
LENGTH_TITLE = "Account manager, {} lines"
LIST_TITLE = "Account manager, one of a full page"
REVIEWED_TITLE = "Account manager, in review"
CURRENT_TITLE = "Account manager, current"
BATCH_TITLE = "Account manager, one of a rollout"

# Forty lines: number of lines by kind of section, from the library or free text.
FROM_LIBRARY = {
    "responsibilities": ("responsibility", 12),
    "qualifications": ("qualification", 8),
    "skills": ("skill", 6),
    "company": ("boilerplate", 1),
}
OWN = {
    "summary": 2,
    "conditions": 2,
    "collaborators": 3,
    "benefits": 2,
    "faq": 2,
    "apply": 1,
    "legal": 1,
}
OWN_TEXT = (
    "You manage the customers of our Denver office and make sure that we keep our promises to them."
)


def build(repeats: int) -> None:
    """Adds the job descriptions; `repeats` is the number of uncached PDFs to measure."""
    author = User.objects.get(username=AUTHOR)
    for _ in range(LIST_PAGE):
        drafts.start(
            by=author,
            title=LIST_TITLE,
            family=JobFamily.objects.get(code="account-management"),
            level=JobLevel.objects.get(code="mid"),
            template=Template.objects.get(code="account-manager-mid"),
        )
    for length in LENGTHS:
        _one_section(author, length)
    description = _forty_lines(author)
    for number in range(repeats + SPARE_VERSIONS):  # one for each uncached PDF
        versions.save(
            description=description,
            by=author,
            token=description.edit_token,
            note=f"For PDF {number + 1}",
        )
    _reviews(author)
    _lists(author)
    _snippets()
    _batch(author)
    if connection.vendor == "postgresql":  # as autovacuum would within a minute
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _forty_lines(author: User, title: str = TITLE) -> JobDescription:
    made = drafts.start(
        by=author,
        title=title,
        family=JobFamily.objects.get(code="account-management"),
        level=JobLevel.objects.get(code="mid"),
    )
    present = set(made.sections.values_list("kind", flat=True))
    kinds = [kind for kind in (*FROM_LIBRARY, *OWN, "pay") if kind not in present]
    made = _apply(made, author, [changes.AddSection(k, k.capitalize()) for k in kinds])
    section = dict(made.sections.values_list("kind", "uid"))
    edits: list[changes.Change] = [
        changes.AddSnippets(section[kind], (pk,))
        for kind, (snippet_kind, count) in FROM_LIBRARY.items()
        for pk in _starter_snippets(snippet_kind, count)
    ]
    for kind, count in OWN.items():
        values = {"form": "entry", "text": OWN_TEXT}
        edits += [changes.AddLine(section[kind], values)] * count
    amounts = {"minimum": Decimal(60_000), "maximum": Decimal(80_000)}
    edits += [changes.AddPay(section["pay"], {"location": c, **amounts}) for c in ("A", "B")]
    return _apply(made, author, edits)


def _one_section(author: User, length: int) -> None:
    """Adds a job description with only responsibilities, the longest page of the wizard."""
    made = drafts.start(by=author, title=LENGTH_TITLE.format(length))
    section = made.sections.get(kind="responsibilities")
    texts = list(Snippet.objects.in_bulk(_starter_snippets("responsibility", 100)).values())
    lines = [
        changes.NewLine(f"{texts[n % len(texts)].text} Region {n}, office {n * 7}.")
        for n in range(length)
    ]
    _apply(made, author, [changes.AddLines(section.uid, tuple(lines))])


def _reviews(author: User) -> None:
    """Starts a review of each job description with one section. It is in its second round: the
    approver opened the first version, and one line has changed since."""
    approver = User.objects.get(username=APPROVER)
    for length in LENGTHS:
        made = JobDescription.objects.get(title=LENGTH_TITLE.format(length))
        first = versions.save(description=made, by=author, token=made.edit_token)
        reviewers = [ReviewerRequest(user=approver)]
        review = requests.request_review(version=first, reviewers=reviewers, by=author)
        reader = review_access.reader(review, approver)
        assert reader is not None  # noqa: S101  # narrows the type
        review_access.record_view(reader, first)
        line = made.lines.order_by("position")[0]
        made.refresh_from_db()
        made = _apply(made, author, [changes.ChangeLine(line.uid, {"text": OWN_TEXT})])
        second = versions.save(description=made, by=author, token=made.edit_token)
        requests.next_round(review=review, version=second, by=author)


def _lists(author: User) -> None:
    """Fills the first page of reviews, of the approver's notifications, and of the catalog."""
    approver = User.objects.get(username=APPROVER)
    for _ in range(LIST_PAGE):
        asked = [ReviewerRequest(user=approver)]
        saved = _short(author, REVIEWED_TITLE)
        review = requests.request_review(version=saved, reviewers=asked, by=author)
        assignments.remind(reviewer=review.reviewers.get(), by=author)
        current = _short(author, CURRENT_TITLE)
        Approval.objects.create(version=current)
        effective_periods.make_effective(version=current, since=timezone.localdate(), by=author)


def _short(author: User, title: str) -> Version:
    """Returns the version of a new job description with two lines."""
    made = drafts.start(by=author, title=title)
    section = made.sections.get(kind="responsibilities")
    lines = (changes.NewLine("Prepare renewal plans."), changes.NewLine(OWN_TEXT))
    made = _apply(made, author, [changes.AddLines(section.uid, lines)])
    return versions.save(description=made, by=author, token=made.edit_token)


def _snippets() -> None:
    """Fills the lists on the curator's home page."""
    curator = User.objects.get(username=APPROVER)
    for number in range(2 * ROWS_SHOWN):
        library.add(
            kind="responsibility",
            text=f"Prepare report {number} for our benchmark.",
            status="proposed" if number % 2 else "active",
            by=curator,
        )
    due = Snippet.objects.filter(pk__in=_starter_snippets("skill", ROWS_SHOWN))
    due.update(review_by=timezone.localdate())


def _batch(author: User) -> None:
    """Adds approved job descriptions of forty lines with the same snippet."""
    snippet = Snippet.objects.get(pk=_starter_snippets("boilerplate", 2)[1])
    for _ in range(BATCH):
        made = _forty_lines(author, BATCH_TITLE)
        section = made.sections.get(kind="legal").uid
        made = _apply(made, author, [changes.AddSnippets(section, (snippet.pk,))])
        token = made.edit_token
        saved = versions.save(description=made, by=author, token=token)
        Approval.objects.create(version=saved)


def _starter_snippets(kind: str, count: int) -> list[int]:
    """Returns the ids of the first starter snippets, the same in every database."""
    found = Snippet.objects.filter(kind=kind, status__in=("active", "reference"), edited=False)
    return list(found.order_by("code").values_list("pk", flat=True)[:count])


def _apply(made: JobDescription, author: User, edits: list[Any]) -> JobDescription:
    token = made.edit_token
    return drafts.apply(description=made, by=author, token=token, changes=edits).description
