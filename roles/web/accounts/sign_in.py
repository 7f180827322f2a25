"""Sign-in. A form submitted after the session expired is carried along, to be submitted again."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from roles.web.accounts.sign_in_forms import SignInForm

CARRIED_PREFIX = "carried-"  # of the names of fields that belong to the carried form


class SignIn(LoginView):
    """Django's view. After sign-in, the person can submit the carried form again."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        response = super().render_to_response(context, **kwargs)
        if "/g/" in self.request.get_full_path():  # the link of a reviewer with an account
            response["Referrer-Policy"] = "strict-origin"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["carried_path"], context["carried"] = self.carried()
        return context

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        path, carried = self.carried()
        if not path:
            return super().form_valid(form)
        login(self.request, form.get_user())
        context = {"carried_path": path, "carried": carried}
        return render(self.request, "accounts/resubmit.html", context)

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
