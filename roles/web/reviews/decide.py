"""What a reviewer decides, and to whom they hand it over."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from roles import drafts
from roles.models import Round
from roles.reviews import approval_eligibility, approval_status, assignments, decisions
from roles.reviews.actors import Actor
from roles.reviews.approval_status import ApprovalStatus
from roles.reviews.review_access import Reader
from roles.web.reviews import decision_bar, reader_view, review_page
from roles.web.reviews.decide_forms import DecisionForm, DelegateForm
from roles.web.reviews.decision_bar import DecisionBar
from roles.web.shared.access import get_reader, person
from roles.web.shared.guest_session import open_to_guests
from roles.web.shared.idempotency import form_data, run_once


@open_to_guests
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def decide(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Asks what the reviewer decides, and takes it."""
    reader = get_reader(request, pk, "review.decide")
    found = approval_status.status_of(reader.review)
    bar = decision_bar.decision_bar(reader, found)
    asked = {"kind": request.GET.get("kind", ""), "round": found.round.number}
    form = DecisionForm(form_data(request), _kinds(bar), initial=asked)
    if request.method != "POST" or not form.is_valid():
        return _ask(request, reader, found, bar, form)
    try:
        return redirect(run_once(request, lambda: _decide(reader, form.cleaned_data)))
    except decisions.Superseded as superseded:
        return _again(request, reader, bar, superseded)
    except drafts.ActionRefused as refused:
        form.refuse(refused.message)
        return _ask(request, reader, found, bar, form)


@require_http_methods(["GET", "HEAD", "POST"])
def delegate(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand one's seat to a colleague."""
    reader = get_reader(request, pk, "review.decide")
    assignment = reader.reviewer
    if assignment is None:
        raise PermissionDenied
    found = approval_status.status_of(reader.review)
    form = DelegateForm(form_data(request), _taken(found, is_approver=assignment.is_approver))
    if request.method == "POST" and form.is_valid():
        to, reason = form.cleaned_data["to"], form.cleaned_data["reason"]

        def action() -> str:
            by = Actor(person(request), assignment)
            assignments.delegate(reviewer=assignment, to=to, reason=reason, by=by)
            messages.success(request, _("%s is asked in your place.") % to)
            return reverse("reviews")

        try:
            return redirect(run_once(request, action))
        except drafts.ActionRefused as refused:
            form.refuse(refused.message)
    context = {
        "review": reader.review,
        "description": reader.review.description,
        "title": reader.title(found.round.version),
        "form": form,
        "bar": decision_bar.decision_bar(reader, found),
    }
    status = 422 if form.errors else 200
    return render(request, "reviews/delegate.html", context, status=status)


def _decide(reader: Reader, decided: dict[str, Any]) -> str:
    """Take the decision; the address of the page that says thanks."""
    review, assignment = reader.review, reader.reviewer
    assert assignment is not None  # noqa: S101  # narrows the type: review.decide is for reviewers
    round = review.rounds.select_related("version").filter(number=decided["round"]).first()
    if round is None:
        raise drafts.ActionRefused(_("This round is not there. Open the review again."))
    decisions.decide(
        reviewer=assignment,
        round=round,
        kind=decided["kind"],
        text=decided["text"],
        by=Actor(reader.user, assignment),
    )
    return review.get_absolute_url()


def _ask(
    request: HttpRequest,
    reader: Reader,
    found: ApprovalStatus,
    bar: DecisionBar,
    form: DecisionForm,
) -> HttpResponse:
    """The step before a decision: a page, or with htmx what opens in the bar."""
    is_section = "HX-Request" in request.headers
    view = reader_view.reader_view(reader, found, None)
    context = {
        "review": reader.review,
        "description": reader.review.description,
        "version": found.round.version,
        "title": reader.title(found.round.version),
        "form": form,
        "bar": bar,
        "asked_about": decision_bar.asked_about(bar.assignment, view)
        if bar.assignment and view
        else [],
        "open_words": view.new.open_words() if view else [],
        "is_part": is_section,
    }
    template = "reviews/_decide_form.html" if is_section else "reviews/decide.html"
    status = 422 if form.errors else 200
    return render(request, template, context, status=status)


def _again(
    request: HttpRequest, reader: Reader, bar: DecisionBar, superseded: decisions.Superseded
) -> HttpResponse:
    """The new round, with what changed in it and what was typed about the one before."""
    fresh = request.POST.copy()
    fresh["round"] = str(_newest(reader).number)
    form = DecisionForm(fresh, _kinds(bar))
    form.is_valid()
    form.refuse(superseded.message)
    return review_page.respond(request, reader, form=form, status=409)


def _newest(reader: Reader) -> Round:
    return reader.review.rounds.order_by("-number")[0]


def _kinds(bar: DecisionBar) -> tuple[str, ...]:
    """What may be chosen; where nothing may, the deed says why."""
    if bar.kinds or bar.assignment is None:
        return bar.kinds
    return decisions.KINDS[bar.assignment.reviewer.role]


def _taken(found: ApprovalStatus, *, is_approver: bool) -> set[int]:
    """Accounts that have a seat, and those who may not approve the version."""
    known = {assignment.reviewer.user_id for assignment in found.assignments} - {None}
    authors = approval_eligibility.authors(found.round.version) if is_approver else set()
    return {key for key in known | authors if key is not None}
