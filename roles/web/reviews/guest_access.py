"""Who reviews without an account: the link, the code, and what the session remembers of them.

Mail scanners follow links, so that opening one changes nothing and sends nothing; that is for
the button. A link that is wrong, over, revoked or changed gets one and the same answer, 404: a
410 for those that were right once would tell whoever guesses that they guessed a part of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from roles import drafts
from roles.models import Organization, Reviewer
from roles.reviews import assignments, guest_codes, guest_links, review_access
from roles.web.reviews.guest_access_forms import CodeForm
from roles.web.shared.guest_session import SESSION_KEY, guest_reviewer

HOURS = 8  # after which a guest confirms another code; sooner where they close the browser


def _discreet(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For everybody, kept by nobody, and its address handed on to nobody. (The policy is not
    `no-referrer`: browsers then hide where a form comes from, and it is refused.)"""

    @wraps(view)
    def discreet(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        response["Referrer-Policy"] = "strict-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return login_not_required(discreet)


@_discreet
@require_http_methods(["GET", "HEAD", "POST"])
def guest(request: HttpRequest, token: str) -> HttpResponse:
    """What the link opens: a button that has a code sent."""
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
        is_waiting = guest_codes.is_waiting(Reviewer.objects.get(pk=reviewer.pk))
        context = {"problem": str(refused), "has_code": is_waiting}
        return _page(request, "link", reviewer, token, status=422, **context)
    return redirect("guest_code", token)


@_discreet
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def guest_code(request: HttpRequest, token: str) -> HttpResponse:
    """Where the code is typed."""
    reviewer = guest_links.reviewer_by_token(token)
    if reviewer is None:
        return _page(request, "closed", status=404)
    if aside := _aside(request, reviewer, token):
        return aside
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            guest_codes.confirm(reviewer=reviewer, code=form.cleaned_data["code"])
        except drafts.ActionRefused as refused:
            form.add_error("code", str(refused))
        else:
            _enter(request, reviewer)
            return redirect(reviewer.review)
    elif not form.is_bound and not guest_codes.is_waiting(reviewer):
        return redirect("guest", token)
    status = 422 if form.is_bound else 200
    return _page(
        request, "code", reviewer, token, status=status, form=form, minutes=guest_codes.MINUTES
    )


@_discreet
@require_http_methods(["GET", "HEAD", "POST"])
def guest_leave(request: HttpRequest) -> HttpResponse:
    """Posted, the session forgets the link; then the page says so."""
    if request.method == "POST":
        if not request.user.is_authenticated:
            request.session.flush()
        return redirect("guest_leave")
    return _page(request, "left")


def _enter(request: HttpRequest, reviewer: Reviewer) -> None:
    """A session of its own for this seat."""
    request.session.flush()
    until = int(time.time()) + HOURS * 3600
    known = {"reviewer": reviewer.pk, "key": reviewer.link_key, "until": until}
    request.session[SESSION_KEY] = known
    request.session.set_expiry(0)
    rotate_token(request)


def _aside(request: HttpRequest, reviewer: Reviewer, token: str) -> HttpResponse | None:
    """The answer to those who need no code: guests who confirmed one, and people with an
    account, who review with that."""
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
    """A page that says nothing of the job description."""
    names = Organization.objects.filter(pk=1).values_list("name", flat=True)
    context |= {"organization": names.first(), "token": token}
    if reviewer is not None:
        context |= {"address": masked(reviewer.email), "review": reviewer.review}
    return render(request, f"reviews/guest_{name}.html", context, status=status)


def masked(address: str) -> str:
    """Enough of a mail address for its owner."""
    local, _at, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"
