"""The pages where authors manage a review and its reviewers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from roles import drafts
from roles.comparison import approval_hashes
from roles.models import Review, Reviewer
from roles.reviews import approval_eligibility, assignments, decisions, requests
from roles.reviews.assignments import ReviewerRequest
from roles.reviews.review_access import Reader
from roles.vocabulary import ROLES
from roles.web.reviews import (
    request_review_forms,
    review_status,
    reviewer_directory,
    reviewer_rows,
)
from roles.web.reviews.reviewer_rows import ReviewerRow
from roles.web.shared import dates
from roles.web.shared.access import get_reader, person
from roles.web.shared.embedded_form import EmbeddedForm
from roles.web.shared.idempotency import run_once
from roles.web.shared.post_data import number, single

Given = dict[str, EmbeddedForm]


@require_http_methods(["GET", "HEAD", "POST"])
def review_manage(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Shows the status of the review; on POST, runs an action on it."""
    reader = get_reader(request, pk, "review.request")
    given, row = _forms(reader.review), ReviewerRow(key="0")
    if request.method != "POST":
        return _page(request, reader, given, row)
    action_name, _colon, key = single(request.POST, "action").partition(":")
    if action_name in ("resend", "link"):
        return _send_again(request, reader.review, key, new_link=action_name == "link")
    if action_name == "add":
        row = _sent_row(request, reader.review)
        if row.asked is None:
            return _page(request, reader, given, row, status=422)
    elif action_name not in given:
        return _page(request, reader, given, row, status=422)
    form = given[action_name] = FORMS[action_name](request.POST, auto_id=f"{action_name}_%s")
    if form.is_valid():
        try:
            return redirect(
                run_once(
                    request, lambda: REVIEW_ACTIONS[action_name](request, reader.review, form, row)
                )
            )
        except drafts.ActionRefused as refused:
            form.refuse(refused.message)
            reader.review.refresh_from_db()
    return _page(request, reader, given, row, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def review_reviewer(request: HttpRequest, pk: int, reviewer_id: int) -> HttpResponseBase:
    """Shows one reviewer; on POST, replaces or removes them, or records their decision."""
    reader = get_reader(request, pk, "review.request")
    review = reader.review
    found = review.reviewers.select_related("user", "removed_by")
    reviewer = get_object_or_404(found, pk=reviewer_id)
    reviewer.review = review
    given = _reviewer_forms(reader, reviewer)
    action_name = single(request.POST, "action")
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and action_name in given:
        form = given[action_name] = _reviewer_forms(reader, reviewer, request.POST)[action_name]
        if form.is_valid():
            try:
                return redirect(
                    run_once(
                        request, lambda: REVIEWER_ACTIONS[action_name](request, reviewer, form)
                    )
                )
            except drafts.ActionRefused as refused:
                form.refuse(refused.message)
    context = {
        "description": review.description,
        "review": review,
        "reviewer": reviewer,
        "entry": review_status.reviewer_status(review, reviewer),
        "forms": given,
        "labels": reviewer_directory.directory().labels if "replace" in given else [],
    }
    return render(request, "reviews/reviewer.html", context, status=status)


def _page(
    request: HttpRequest, reader: Reader, given: Given, row: ReviewerRow, status: int = 200
) -> HttpResponse:
    state = review_status.review_status(reader, person(request))
    form = given["round"]
    if not form.is_bound and state.newest is not None:
        form.initial["version"] = state.newest.number
    hidden = given if not reader.review.is_open else {} if state.next_round else {"round": form}
    context = {
        "description": reader.review.description,
        "review": reader.review,
        "state": state,
        # Errors of forms that the page no longer shows.
        "refused": [e for single in hidden.values() for e in single.non_field_errors()],
        "forms": given,
        "row": row,
        "roles": ROLES,
        "sections": reviewer_rows.section_choices(state.version.document),
        "labels": reviewer_directory.directory().labels if reader.review.is_open else [],
    }
    return render(request, "reviews/manage.html", context, status=status)


# --- the review as a whole


FORMS: dict[str, type[EmbeddedForm]] = {
    "round": request_review_forms.NextRoundForm,
    "date": request_review_forms.RescheduleForm,
    "withdraw": request_review_forms.WithdrawReviewForm,
    "add": EmbeddedForm,
}


def _forms(review: Review) -> Given:
    """Returns the unbound forms, by action."""
    initial = {"date": {"due": review.due}}
    return {
        name: form(auto_id=f"{name}_%s", initial=initial.get(name)) for name, form in FORMS.items()
    }


def _sent_row(request: HttpRequest, review: Review) -> ReviewerRow:
    """Returns the submitted row of the reviewer to add."""
    version = review_status.newest_round(review).version
    sent = next(iter(reviewer_rows.sent_rows(request.POST)), ReviewerRow(key="0"))
    if sent.is_blank:
        sent.errors["who"] = _("Choose someone from the list or enter an email address.")
        return sent
    known = approval_hashes.section_hashes(version.document)
    rows = reviewer_rows.read([sent], reviewer_directory.directory(), known)
    version.description = review.description
    reviewer_rows.refuse_authors(rows, approval_eligibility.authors(version))
    return rows[0]


def _send_round(request: HttpRequest, review: Review, form: EmbeddedForm, row: ReviewerRow) -> str:
    chosen = review.description.versions.filter(number=form.cleaned_data["version"]).first()
    if chosen is None:
        raise drafts.ActionRefused(_("This version doesn’t exist. Reload the page."))
    chosen.description = review.description
    requests.next_round(
        review=review, version=chosen, by=person(request), note=form.cleaned_data["note"]
    )
    review.refresh_from_db()
    if review.state == "approved":
        message = _("Every section was already approved, so version %d is approved.")
    else:
        message = _("Version %d sent for review.")
    messages.success(request, message % chosen.number)
    return reverse("review_manage", args=[review.pk])


def _reschedule(request: HttpRequest, review: Review, form: EmbeddedForm, row: ReviewerRow) -> str:
    requests.reschedule(review=review, due=form.cleaned_data["due"], by=person(request))
    note = dates.weekend_note(form.cleaned_data["due"])
    messages.success(request, " ".join(filter(None, (_("Due date changed."), note))))
    return reverse("review_manage", args=[review.pk])


def _withdraw(request: HttpRequest, review: Review, form: EmbeddedForm, row: ReviewerRow) -> str:
    requests.withdraw(review=review, by=person(request), reason=form.cleaned_data["reason"])
    messages.success(request, _("Review withdrawn. Reviewers can no longer open it."))
    return review.description.get_absolute_url()


def _add(request: HttpRequest, review: Review, form: EmbeddedForm, row: ReviewerRow) -> str:
    reviewer = assignments.add(
        review=review, asked=row.asked or ReviewerRequest(), by=person(request)
    )
    messages.success(request, _("%s was added to this review.") % reviewer)
    return reverse("review_manage", args=[review.pk])


REVIEW_ACTIONS: dict[str, Callable[[HttpRequest, Review, EmbeddedForm, ReviewerRow], str]] = {
    "round": _send_round,
    "date": _reschedule,
    "withdraw": _withdraw,
    "add": _add,
}


def _send_again(
    request: HttpRequest, review: Review, key: str, *, new_link: bool
) -> HttpResponseBase:
    """Emails a reviewer again; with a new link, the old one stops working."""
    address = reverse("review_manage", args=[review.pk])
    reviewer = get_object_or_404(review.reviewers.select_related("user"), pk=number(key))

    def action() -> str:
        assignments.remind(reviewer=reviewer, by=person(request), new_link=new_link)
        message = _("We emailed %s a new link. The old link no longer works.")
        messages.success(request, (message if new_link else _("Reminder sent to %s.")) % reviewer)
        return address

    try:
        return redirect(run_once(request, action))
    except drafts.ActionRefused as refused:
        messages.error(request, refused.message)
        return redirect(address)


# --- one reviewer


def _reviewer_forms(reader: Reader, reviewer: Reviewer, data: Any = None) -> Given:
    """Returns the forms for the actions that the person can take on a reviewer."""
    if reviewer.removal_reason or not reader.review.is_open:
        return {}
    found: Given = {
        "replace": request_review_forms.ReplaceReviewerForm(
            data, directory=reviewer_directory.directory(), prefix="replace"
        ),
        "remove": request_review_forms.RemoveReviewerForm(data, prefix="remove"),
    }
    if reader.may("review.record"):
        shown = {"round": review_status.newest_round(reader.review).number}
        found["record"] = request_review_forms.RecordDecisionForm(
            data, role=reviewer.role, prefix="record", initial=shown
        )
    return found


def _replace(request: HttpRequest, reviewer: Reviewer, form: EmbeddedForm) -> str:
    chosen = form.cleaned_data
    new = assignments.replace(
        reviewer=reviewer, asked=chosen["asked"], reason=chosen["reason"], by=person(request)
    )
    message = _("%(old)s was replaced by %(new)s.")
    messages.success(request, message % {"new": new, "old": reviewer})
    return reverse("review_manage", args=[reviewer.review_id])


def _remove(request: HttpRequest, reviewer: Reviewer, form: EmbeddedForm) -> str:
    reason = form.cleaned_data["reason"]
    assignments.remove(reviewer=reviewer, reason=reason, by=person(request))
    messages.success(request, _("%s was removed from this review.") % reviewer)
    return reverse("review_manage", args=[reviewer.review_id])


def _record(request: HttpRequest, reviewer: Reviewer, form: EmbeddedForm) -> str:
    decisions.record_elsewhere(reviewer=reviewer, by=person(request), **form.cleaned_data)
    messages.success(request, _("Decision recorded for %s.") % reviewer)
    return reverse("review_manage", args=[reviewer.review_id])


REVIEWER_ACTIONS: dict[str, Callable[[HttpRequest, Reviewer, EmbeddedForm], str]] = {
    "replace": _replace,
    "remove": _remove,
    "record": _record,
}
