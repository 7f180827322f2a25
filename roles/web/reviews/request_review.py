"""Requests a review of the newest version: its reviewers, their sections, the due date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from roles import drafts
from roles.comparison import approval_hashes
from roles.exporters import fact_labels
from roles.models import JobDescription, Review, Reviewer, Version
from roles.reviews import approval_eligibility, requests, section_names
from roles.versions import effective_periods
from roles.vocabulary import ROLES
from roles.web.reviews import review_status, reviewer_directory, reviewer_rows
from roles.web.reviews.request_review_forms import RequestReviewForm
from roles.web.reviews.reviewer_directory import ReviewerDirectory
from roles.web.reviews.reviewer_rows import ReviewerRow
from roles.web.shared import dates
from roles.web.shared.access import get_description, person
from roles.web.shared.idempotency import run_once
from roles.web.shared.post_data import single

DUE_DAYS = 7  # from today to the due date that the form suggests, or the next working day


@require_http_methods(["GET", "HEAD", "POST"])
def review_request(request: HttpRequest, reference: str) -> HttpResponseBase:
    """Shows the request form with a row per reviewer; on POST, changes the rows or requests the
    review."""
    description = get_description(request, reference, "review.request")
    version = description.versions.select_related("author").order_by("-number").first()
    if version is None:
        return _cannot(request, description, None, status=422 if request.method == "POST" else 200)
    version.description = description
    directory = reviewer_directory.directory()
    if request.method != "POST":
        if _obstacle(version):
            return _cannot(request, description, version)
        today = timezone.localdate()
        due = dates.next_working_day(today + timedelta(days=DUE_DAYS))
        form = RequestReviewForm(initial={"due": due})
        rows = _suggested(description, version, directory, form)
        return _page(request, version, rows, form, directory)
    action_name = single(request.POST, "action")
    rows = reviewer_rows.sent_rows(request.POST)
    if action_name not in ("send", ""):
        form = RequestReviewForm(initial=request.POST.dict())
        return _page(
            request, version, reviewer_rows.changed_rows(rows, action_name), form, directory
        )
    form = RequestReviewForm(request.POST)
    return _send(request, version, rows, form, directory)


def _send(
    request: HttpRequest,
    version: Version,
    rows: list[ReviewerRow],
    form: RequestReviewForm,
    directory: ReviewerDirectory,
) -> HttpResponseBase:
    """Requests the review, or shows each error next to its field."""
    known = approval_hashes.section_hashes(version.document)
    rows = reviewer_rows.read(rows, directory, known)
    reviewer_rows.refuse_authors(rows, approval_eligibility.authors(version))
    if form.is_valid() and single(request.POST, "version") not in ("", str(version.number)):
        message = _(
            "Version %d was saved after you opened this page."
            " Check your request before you send it."
        )
        form.add_error(None, message % version.number)
    if form.is_valid() and not any(row.errors for row in rows):
        try:
            return redirect(run_once(request, lambda: _ask(request, version, rows, form)))
        except drafts.ActionRefused as refused:
            form.add_error(None, refused.message)
    if _obstacle(version):
        return _cannot(request, version.description, version, status=422)
    return _page(request, version, rows, form, directory, status=422)


def _ask(
    request: HttpRequest, version: Version, rows: list[ReviewerRow], form: RequestReviewForm
) -> str:
    review = requests.request_review(
        version=version,
        reviewers=[row.asked for row in rows if row.asked],
        by=person(request),
        in_order=form.cleaned_data["order"] == "in_order",
        due=form.cleaned_data["due"],
        note=form.cleaned_data["note"],
    )
    if not Review.objects.open().filter(pk=review.pk).exists():
        messages.success(
            request, _("Every section was already approved, so this version is approved.")
        )
    else:
        count = review.reviewers.exclude(waiting_since=None).count()
        message = ngettext("Sent to %d reviewer.", "Sent to %d reviewers.", count)
        messages.success(request, message % count if count else _("Sent for review."))
    return reverse("review_manage", args=[review.pk])


def _page(
    request: HttpRequest,
    version: Version,
    rows: list[ReviewerRow],
    form: RequestReviewForm,
    directory: ReviewerDirectory,
    status: int = 200,
) -> HttpResponse:
    context = {
        "description": version.description,
        "version": version,
        "form": form,
        "rows": rows,
        "labels": directory.labels,
        "sections": reviewer_rows.section_choices(version.document),
        "roles": ROLES,
        "has_errors": any(row.errors for row in rows),
        "checks": _checks(version, rows, directory) | {"due": _due_note(form)},
    }
    return render(request, "reviews/request.html", context, status=status)


def _checks(
    version: Version, rows: Sequence[ReviewerRow], directory: ReviewerDirectory
) -> dict[str, Any]:
    """Returns the warnings to show before sending; sets the note and the choices of each row."""
    known = approval_hashes.section_hashes(version.document)
    every = reviewer_rows.read(rows, directory, known)
    by_key = {row.key: row for row in rows}
    for row in every:
        by_key[row.key].choices = row.choices
    read = [row for row in every if row.asked]
    asked = [row.asked for row in read if row.asked]
    authors = approval_eligibility.authors(version)
    pending = requests.pending_sections(version, asked)
    for row, sections in zip(read, pending, strict=True):
        by_key[row.key].note = " ".join(
            filter(None, (_found(row, directory), _note(row, sections, known, authors)))
        )
    uncovered = requests.uncovered(version, asked) if asked else []
    open_words = version.document.open_words()
    approvers = [n for n, single in enumerate(asked) if single.role == "approver"]
    return {
        "open_words": open_words,
        "is_changed": review_status.is_changed(version),
        "uncovered": uncovered,
        "restricted": _restricted(version, read),
        "is_settled": bool(approvers)
        and not (uncovered or open_words or any(pending[n] for n in approvers)),
    }


def _found(row: ReviewerRow, directory: ReviewerDirectory) -> str:
    """Returns who was found by a part of the name, or by a user name."""
    user = row.asked.user if row.asked else None
    if user is None or row.who in (str(user), directory.label(user), user.email):
        return ""
    return _("This is %s.") % directory.label(user)


def _note(
    row: ReviewerRow,
    pending: Sequence[approval_hashes.SectionHash],
    known: dict[str, Any],
    authors: set[int],
) -> str:
    """Returns what the reviewer would be asked to review, if it is less than the row shows."""
    user = row.asked.user if row.asked else None
    if user is not None and user.pk in authors and row.role == "approver":
        return _("They worked on this version, so they can’t approve it.")
    covered = len(row.asked.sections) if row.asked and row.asked.sections else len(known)
    if len(pending) == covered:
        return ""
    if not pending:
        return _("They’ve already approved this and won’t be asked again.")
    message = _("They’ll review: %s. They’ve already approved the rest.")
    return message % ", ".join(section_names.names(pending))


def _due_note(form: RequestReviewForm) -> str:
    """Returns a sentence about the due date in the form, if it is on a weekend."""
    try:
        return dates.weekend_note(form.fields["due"].to_python(form["due"].value()))
    except ValidationError:
        return ""


def _restricted(version: Version, rows: Sequence[ReviewerRow]) -> dict[str, Any]:
    """Returns the restricted sections and the reviewers who would see them."""
    choices = [
        single for single in reviewer_rows.section_choices(version.document) if single.is_restricted
    ]
    keys = {single.key for single in choices}
    readers = [
        str(row.asked.user or row.asked.name or row.asked.email)
        for row in rows
        if row.asked and (not row.asked.sections or keys & set(row.asked.sections))
    ]
    facts = [f for f in version.document.facts if f.audience == "restricted"]
    message = ", ".join(str(fact_labels.fact_label(fact)) for fact in facts)
    named = [
        f"{single.label} ({message})" if single.key == approval_hashes.FACTS else single.label
        for single in choices
    ]
    return {"labels": named, "readers": readers} if choices else {}


def _suggested(
    description: JobDescription,
    version: Version,
    directory: ReviewerDirectory,
    form: RequestReviewForm,
) -> list[ReviewerRow]:
    """Returns rows for the reviewers of the previous review, or for the hiring managers."""
    authors = approval_eligibility.authors(version)
    last = description.reviews.filter(rollout=None).first()
    rows = []
    if last is not None:
        form.initial["order"] = "in_order" if last.in_order else "together"
        known = approval_hashes.section_hashes(version.document)
        for reviewer in last.reviewers.filter(removal_reason="").select_related("user"):
            sections = tuple(key for key in reviewer.sections if key in known)
            is_active = reviewer.user is None or reviewer.user.is_active
            if is_active and (sections or not reviewer.sections):
                rows.append(_row_of(reviewer, sections, directory))
    else:
        managers = [user for user in description.hiring_managers.all() if user.is_active]
        rows = [ReviewerRow(key="", who=directory.label(user)) for user in managers]
    for number, row in enumerate(rows):
        row.key = str(number)
        if any(user.pk in authors for user in directory.find(row.who)):
            row.role = "commenter"
    return rows or [ReviewerRow(key="0")]


def _row_of(
    reviewer: Reviewer, sections: tuple[str, ...], directory: ReviewerDirectory
) -> ReviewerRow:
    return ReviewerRow(
        key="",
        who=directory.label(reviewer.user) if reviewer.user else reviewer.email,
        name=reviewer.name,
        role=reviewer.role,
        scope="some" if sections else "all",
        sections=sections,
    )


def _obstacle(version: Version) -> str:
    """Returns why no review of the version can be requested, or an empty string."""
    if version.description.status == "archived":
        return _("This job description is archived. Restore it first.")
    if version.description.reviews.filter(state="open").exists():
        return _("A review is already open. Withdraw it before you request another.")
    if effective_periods.is_approved(version):
        return _("Version %d is already approved.") % version.number
    return ""


def _cannot(
    request: HttpRequest, description: JobDescription, version: Version | None, status: int = 200
) -> HttpResponseBase:
    """Renders the page that says why no review can be requested and what to do."""
    review = description.reviews.filter(state="open").first()
    if review is not None and status == 200:
        return redirect("review_manage", review.pk)
    context = {
        "description": description,
        "version": version,
        "obstacle": _obstacle(version) if version else _("There’s no version yet. Save one first."),
        "review": review,
    }
    return render(request, "reviews/cannot_request.html", context, status=status)
