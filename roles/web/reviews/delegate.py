"""A reviewer delegates their review to a colleague."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from roles import drafts
from roles.models import Reviewer
from roles.reviews import approval_eligibility, assignments, decision_options
from roles.reviews.actor import Actor
from roles.reviews.approval_status import ApprovalStatus
from roles.web.reviews.delegate_forms import DelegateForm
from roles.web.shared.access import get_reader, person
from roles.web.shared.idempotency import form_data, form_page, run_once


@require_http_methods(["GET", "HEAD", "POST"])
def delegate(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Shows the delegation form; on POST, delegates the review."""
    reader = get_reader(request, pk, "review.decide")
    reviewer = reader.reviewer
    if reviewer is None:
        raise PermissionDenied
    options = decision_options.options(reader)
    form = DelegateForm(form_data(request), _unavailable(options.status, reviewer))
    if form.is_valid():
        try:
            return redirect(run_once(request, lambda: _delegate(request, reviewer, form)))
        except drafts.ActionRefused as refused:
            form.refuse(refused.message)
    context = {
        "review": reader.review,
        "description": reader.review.description,
        "title": reader.title(options.status.round.version),
        "options": options,
    }
    return form_page(request, "reviews/delegate.html", form, context)


def _delegate(request: HttpRequest, reviewer: Reviewer, form: DelegateForm) -> str:
    """Delegates the review. Returns the URL of the list of reviews."""
    by = Actor(person(request), reviewer)
    assignments.delegate(reviewer=reviewer, by=by, **form.cleaned_data)
    messages.success(request, _("Review delegated to %s.") % form.cleaned_data["to"])
    return reverse("reviews")


def _unavailable(status: ApprovalStatus, reviewer: Reviewer) -> set[int]:
    """Returns the ids of accounts that are already reviewers or can't approve the version."""
    reviewing = {progress.reviewer.user_id for progress in status.reviewers} - {None}
    version = status.round.version
    authors = approval_eligibility.authors(version) if reviewer.is_approver else set()
    return {key for key in reviewing | authors if key is not None}
