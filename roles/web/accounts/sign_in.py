"""Sign-in. A form submitted after the session expired is carried along, to be submitted again."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView
from allauth.socialaccount.models import SocialApp
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from roles import first_run
from roles.models import SignInPolicy
from roles.web.accounts.sign_in_forms import SignInForm

CARRIED_PREFIX = "carried-"  # of the names of fields that belong to the carried form
CARRIED_KEY = "carried_form"  # in the session, from the password to the end of the sign-in


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):  # type: ignore[misc]
    """allauth's view. After sign-in, with whatever factors, the person can submit the carried form
    again."""

    template_name = "accounts/sign_in.html"
    form_class = SignInForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if first_run.is_needed():
            return redirect("set_up")
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().render_to_response(context, **kwargs)
        if "/g/" in self.request.get_full_path():  # the link of a reviewer with an account
            response["Referrer-Policy"] = "strict-origin"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        path, carried = self.carried()
        return {**super().get_context_data(**kwargs), **page_context(self.request, path, carried)}

    def form_valid(self, form: SignInForm) -> HttpResponse:
        path, carried = self.carried()
        if path:  # the password is right, so the fields can be stored
            self.request.session[CARRIED_KEY] = {"path": path, "fields": carried}
            self.success_url = reverse("resubmit")
        response: HttpResponse = super().form_valid(form)
        return response

    def get_success_url(self) -> str | None:
        return self.success_url or super().get_success_url()

    def carried(self) -> tuple[str, list[tuple[str, str]]]:
        """Return the path of the carried form, always on this site, and its fields."""
        path = self.request.POST.get("carried_path", "")
        if not (path.startswith("/") and url_has_allowed_host_and_scheme(path, None)):
            return "", []
        fields = [
            (name.removeprefix(CARRIED_PREFIX), value)
            for name, values in self.request.POST.lists()
            if name.startswith(CARRIED_PREFIX)
            for value in values
        ]
        return path, fields


def page_context(
    request: HttpRequest, carried_path: str = "", carried: list[tuple[str, str]] | None = None
) -> dict[str, Any]:
    """Return what the sign-in page needs beside its form: the ways to sign in, where it leads, and
    the carried form."""
    next_path = request.POST.get("next") or request.GET.get("next", "")
    providers = [app.get_provider(request) for app in SocialApp.objects.order_by("name")]
    query = {"next": next_path} if next_path.startswith("/") else {}
    return {
        "carried_path": carried_path,
        "carried": carried or [],
        "next": next_path,
        "has_password_sign_in": SignInPolicy.objects.the().has_password_sign_in,
        "providers": [(one.name, one.get_login_url(request, **query)) for one in providers],
    }


@require_safe
def resubmit(request: HttpRequest) -> HttpResponse:
    """Offer to submit the form that was carried through the sign-in. It is shown once."""
    kept = request.session.pop(CARRIED_KEY, None)
    if not isinstance(kept, dict):
        return redirect("home")
    context = {"carried_path": kept["path"], "carried": kept["fields"]}
    return render(request, "accounts/resubmit.html", context)
