"""A reviewer decides on the version of a round."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from roles import drafts
from roles.models import Reviewer
from roles.reviews import decision_options, decisions, reader_view
from roles.reviews.actor import Actor
from roles.reviews.review_access import Reader
from roles.web.reviews import review_page
from roles.web.reviews.decide_forms import DecisionForm
from roles.web.shared.access import get_reader
from roles.web.shared.fragments import is_fragment, page_or_fragment
from roles.web.shared.guest_session import open_to_guests
from roles.web.shared.idempotency import run_once


@open_to_guests
@require_http_methods(["GET", "HEAD", "POST"])
@page_or_fragment
def decide(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Shows the decision form; on POST, records the decision."""
    reader = get_reader(request, pk, "review.decide")
    reviewer = reader.reviewer
    if reviewer is None:
        raise PermissionDenied
    if request.method != "POST":
        return _form_page(request, reader, None)
    form = DecisionForm(request.POST, reviewer.role)
    if not form.is_valid():
        return _form_page(request, reader, form)
    try:
        return redirect(run_once(request, lambda: _decide(reader, reviewer, form)))
    except decisions.Superseded as superseded:
        return _newer_round(request, reader, reviewer, superseded)
    except drafts.ActionRefused as refused:
        form.refuse(refused.message)
        return _form_page(request, reader, form)


def _decide(reader: Reader, reviewer: Reviewer, form: DecisionForm) -> str:
    """Records the decision. Returns the URL of the review."""
    decisions.decide(reviewer=reviewer, by=Actor(reader.user, reviewer), **form.cleaned_data)
    return reader.review.get_absolute_url()


def _form_page(request: HttpRequest, reader: Reader, form: DecisionForm | None) -> HttpResponse:
    """Renders the form as a page, or as a fragment for htmx; `form` is an invalid one."""
    options = decision_options.options(reader)
    round, view = options.status.round, reader_view.reader_view(reader, options.status)
    if form is None:
        initial = {"kind": request.GET.get("kind", ""), "round": round.number}
        form = DecisionForm(initial=initial)
    about = view.asked_about(options.progress) if view else []
    form.show(options.kinds, version=round.version.number, sections=about)
    context = {
        "review": reader.review,
        "description": reader.review.description,
        "version": round.version,
        "title": reader.title(round.version),
        "form": form,
        "options": options,
        "is_fragment": is_fragment(request),
    }
    template = "reviews/_decide_form.html" if is_fragment(request) else "reviews/decide.html"
    return render(request, template, context, status=422 if form.errors else 200)


def _newer_round(
    request: HttpRequest, reader: Reader, reviewer: Reviewer, superseded: decisions.Superseded
) -> HttpResponse:
    """Shows the newer round of the review with the input for the previous round."""
    data = request.POST.copy()
    data["round"] = str(superseded.current_round)
    form = DecisionForm(data, reviewer.role)
    form.is_valid()
    form.refuse(superseded.message)
    return review_page.respond(request, reader, form=form, status=409)
