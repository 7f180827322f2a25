"""Carries forms through sign-in after a session expired; requires second factors; answers outages;
refuses requests while too many wait for work in child processes; starts background work."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseBase, UnreadablePostError
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control
from django.utils.deprecation import MiddlewareMixin

from roles import bounded_work, outages, wake
from roles.tasks import background
from roles.web.accounts import carried_form, sign_in
from roles.web.accounts.sign_in_forms import SignInForm
from roles.web.shared import unavailable


class ResubmitAfterLogin(LoginRequiredMiddleware):
    """Requires sign-in, as Django does. Forms submitted after the session expired are carried
    through the sign-in page and can be submitted again. Views without sign-in don't touch the
    session, so caches can store their pages."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., Any],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        if getattr(view_func, "is_open_to_guests", False) and is_guest(request):
            return None  # the view checks the reviewer and the link
        return super().process_view(request, view_func, view_args, view_kwargs)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Prevents storing what depends on who is signed in: others might use the same device."""
        is_shared = "max-age" in response.get("Cache-Control", "")  # the view says who can store it
        if request.session.accessed and not is_shared:
            patch_cache_control(response, private=True, no_store=True)
        return response

    def handle_no_permission(  # type: ignore[override]  # Django's returns any response
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        if request.method != "POST" or "HX-Request" in request.headers:
            return super().handle_no_permission(request, view_func)
        context = {
            "form": SignInForm(request=request),
            **sign_in.page_context(request, carried_form.refused(request)),
        }
        return render(request, "accounts/sign_in.html", context, status=401)


class RequireSecondFactor(MiddlewareMixin):
    """Lets people who must set up a second factor (AccountAdapter.login) do nothing else."""

    ALLOWED_NAMES = frozenset({"account_security", "account_logout", "account_reauthenticate"})

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., Any],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True) or not request.user.is_authenticated:
            return None
        name = (request.resolver_match and request.resolver_match.url_name) or ""
        is_allowed = name in self.ALLOWED_NAMES or name.startswith("mfa_")
        if is_allowed or not request.session.get("lacks_factor"):
            return None
        return redirect("account_security")


def is_guest(request: HttpRequest) -> bool:
    """Whether a reviewer without an account has entered a code, and the session hasn't expired
    (web.reviews.guest_access)."""
    session = request.session.get("guest")
    return isinstance(session, dict) and session.get("until", 0) > time.time()


class SessionsDuringOutages(SessionMiddleware):
    """Django's sessions. A page that was only read is served although its session can't be
    stored."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except (Error, OSError, SessionInterrupted) as error:
            unavailable_page = unavailable.answer(request, _database_error(error))
            if unavailable_page is None:
                raise
            is_read = request.method in ("GET", "HEAD") and response.status_code < 500
            return response if is_read else unavailable_page


def _database_error(error: BaseException) -> BaseException:
    """Returns the error of the database behind a SessionInterrupted, which Django also raises when
    the session was deleted. Other errors are returned themselves."""
    behind: BaseException | None = error
    while behind is not None and not outages.reason_of(behind):
        behind = behind.__cause__ or behind.__context__
    return behind or error


class AnswerOutages(MiddlewareMixin):
    """Answers 503 with everything that was typed, while the database or the disk fails
    (roles.outages). Comes after the CSRF middleware, so that no other site's form is carried."""

    def process_request(self, request: HttpRequest) -> None:
        outages.hold_wal_index()

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., Any],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """Reads the upload and the account. Errors of later middleware would end as 500."""
        try:
            with suppress(UnreadablePostError):  # the view meets it too
                _ = request.POST
            if lost := getattr(request, "lost_upload", None):
                raise lost
            if getattr(view_func, "login_required", True):
                _ = request.user.is_authenticated
        except (Error, OSError) as error:
            response = unavailable.answer(request, error)
            if response is None:
                raise
            return response
        return None

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        return unavailable.answer(request, exception)


class StartBackgroundWork:
    """Starts background work in this process: after each commit with new work (roles.wake), and at
    its first request and then every CHECK_SECONDS, for work of killed processes."""

    CHECK_SECONDS = 300

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.due = 0.0
        wake.register(tasks=background.wake_tasks, email=background.wake_email)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = time.monotonic()
        if now >= self.due:
            self.due = now + self.CHECK_SECONDS
            background.wake_all()
        return self.get_response(request)


class LimitWork:
    """Chooses who waits for a child process (bounded_work): visitors of pages without sign-in, or
    people. A request that can't wait is answered with 429."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.is_to_start = settings.WORK_STARTS_EARLY

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self.is_to_start:
            self.is_to_start = False
            bounded_work.start()
        with bounded_work.in_lane("people"):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], *_arguments: Any
    ) -> None:
        if not getattr(view_func, "login_required", True):
            bounded_work.choose_lane("visitors")

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, bounded_work.Busy):
            return None
        # Without the request, so that a page without sign-in sets no cookie.
        page = render_to_string("429.html", {"seconds": bounded_work.RETRY_SECONDS})
        response = HttpResponse(page, status=429)
        response["Retry-After"] = str(bounded_work.RETRY_SECONDS)
        patch_cache_control(response, private=True, no_store=True)
        return response
