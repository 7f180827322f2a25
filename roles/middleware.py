"""What was typed is kept when a form arrives after its sender's sign-in has expired."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render


class KeepTyped(LoginRequiredMiddleware):
    """Asks for sign-in as Django does; a form sent after the sign-in expired is carried
    through the sign-in page and can be sent again from there. Who is there is not even looked
    up for what needs no sign-in: such a page has no session, and caches may keep it."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., Any],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(  # type: ignore[override]  # Django's may answer anything
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        if request.method != "POST" or "HX-Request" in request.headers:
            return super().handle_no_permission(request, view_func)
        context = {
            "form": AuthenticationForm(request),
            "carried_path": request.get_full_path(),
            "carried": carried(request),
        }
        return render(request, "sign_in.html", context, status=401)


def carried(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of a posted form as pairs, without those that belong to one page."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
