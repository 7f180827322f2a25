"""Access for reviewers without an account: the link, the code, and the session.

Email scanners follow links, so opening a link changes and sends nothing; a button does. Invalid,
expired, revoked and replaced links all return 404, because a 410 would help people who guess links.
"""

from __future__ import annotations

import time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from roles import drafts
from roles.models import Organization, Reviewer
from roles.reviews import assignments, guest_codes, guest_links, review_access
from roles.web.reviews.guest_access_forms import CodeForm
from roles.web.shared import rate_limits
from roles.web.shared.discretion import discreet
from roles.web.shared.guest_session import SESSION_KEY, guest_reviewer
from roles.web.shared.idempotency import form_data

SESSION_HOURS = 8  # until a guest needs another code; less if they close the browser


@discreet
@require_http_methods(["GET", "HEAD", "POST"])
def guest(request: HttpRequest, token: str) -> HttpResponse:
    """Shows the page of a guest's link; on POST, emails a code."""
    reviewer = guest_links.reviewer_by_token(token)
    if reviewer is None:
        return _page(request, "closed", status=404)
    if aside := _aside(request, reviewer, token):
        return aside
    if request.method != "POST":
        return _page(request, "link", reviewer, token)
    try:
        guest_codes.send(reviewer=reviewer)
    except drafts.ActionRefused as refused:
        has_valid_code = guest_codes.has_valid_code(Reviewer.objects.get(pk=reviewer.pk))
        context = {"problem": str(refused), "has_code": has_valid_code}
        return _page(request, "link", reviewer, token, status=422, **context)
    return redirect("guest_code", token)


@discreet
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def guest_code(request: HttpRequest, token: str) -> HttpResponse:
    """Shows the form for the code; on POST, checks the code and starts a session."""
    reviewer = guest_links.reviewer_by_token(token)
    if reviewer is None:
        return _page(request, "closed", status=404)
    if aside := _aside(request, reviewer, token):
        return aside
    form = CodeForm(form_data(request))
    if form.is_valid() and not rate_limits.is_allowed(request, "guest_code", reviewer.email):
        form.add_error("code", _("Too many attempts. Wait an hour, then request a new code."))
    elif form.is_valid():
        try:
            guest_codes.confirm(reviewer=reviewer, code=form.cleaned_data["code"])
        except drafts.ActionRefused as refused:
            form.add_error("code", str(refused))
        else:
            _enter(request, reviewer)
            return redirect(reviewer.review)
    elif not form.is_bound and not guest_codes.has_valid_code(reviewer):
        return redirect("guest", token)
    status = 422 if form.is_bound else 200
    return _page(
        request,
        "code",
        reviewer,
        token,
        status=status,
        form=form,
        minutes=guest_codes.VALID_MINUTES,
        interval=guest_codes.INTERVAL_MINUTES,
        digits=guest_codes.DIGITS,
    )


@discreet
@require_http_methods(["GET", "HEAD", "POST"])
def guest_leave(request: HttpRequest) -> HttpResponse:
    """On POST, ends the session; on GET, confirms that it has ended."""
    if request.method == "POST":
        if not request.user.is_authenticated:
            request.session.flush()
        return redirect("guest_leave")
    return _page(request, "left")


def _enter(request: HttpRequest, reviewer: Reviewer) -> None:
    """Starts a session for this reviewer."""
    request.session.flush()
    until = int(time.time()) + SESSION_HOURS * 3600
    known = {"reviewer": reviewer.pk, "key": reviewer.link_key, "until": until}
    request.session[SESSION_KEY] = known
    request.session.set_expiry(0)
    rotate_token(request)


def _aside(request: HttpRequest, reviewer: Reviewer, token: str) -> HttpResponse | None:
    """Returns the response for people who don't need a code, or None: guests with a session are
    redirected to the review, and people with an account review with that."""
    account = guest_links.account(reviewer)
    if not request.user.is_authenticated:
        if account is not None:
            return _page(request, "account", reviewer, token)
        known = guest_reviewer(request)
        return redirect(reviewer.review) if known and known.pk == reviewer.pk else None
    user = request.user
    is_own = account is not None and account.pk == user.pk
    if is_own and request.method == "POST":
        try:
            assignments.join(reviewer=reviewer, user=user)
        except drafts.ActionRefused as refused:
            return _page(request, "account", reviewer, token, status=422, problem=str(refused))
        return redirect(reviewer.review)
    reads = review_access.reader(reviewer.review, user) is not None
    return _page(request, "account", reviewer, token, is_own=is_own, reads=reads)


def _page(
    request: HttpRequest,
    name: str,
    reviewer: Reviewer | None = None,
    token: str = "",
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """Renders a guest page, which shows nothing of the job description."""
    names = Organization.objects.filter(pk=1).values_list("name", flat=True)
    context |= {"organization": names.first(), "token": token}
    if reviewer is not None:
        context |= {"address": masked(reviewer.email), "review": reviewer.review}
    return render(request, f"reviews/guest_{name}.html", context, status=status)


def masked(address: str) -> str:
    """Returns an email address with all but its first letter and domain hidden."""
    local, _at, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"
