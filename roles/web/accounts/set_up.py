"""The first run: who has the code of the log creates the first administrator."""

from __future__ import annotations

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from roles import first_run
from roles.models import User
from roles.web.accounts.set_up_forms import SetUpForm
from roles.web.shared import rate_limits
from roles.web.shared.idempotency import form_data, form_page


@login_not_required
@never_cache
@sensitive_post_parameters("code", "password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """The form of the first run. Without accounts, all pages lead here; later it is not found."""
    if not first_run.is_needed():
        raise Http404
    first_run.log_code_if_none()
    form = SetUpForm(form_data(request))
    if form.is_valid() and _has_right_code(request, form):
        try:
            user = first_run.complete(**form.values())
        except first_run.AlreadySetUp:
            return redirect("account_login")
        return _sign_in(request, user)
    return form_page(request, "accounts/set_up.html", form, {"hours": first_run.VALID_HOURS})


def _has_right_code(request: HttpRequest, form: SetUpForm) -> bool:
    """Whether the code is right; otherwise the form says so."""
    if not rate_limits.is_allowed(request, "set_up"):
        form.add_error("code", _("Too many attempts. Wait a few minutes, then try again."))
        return False
    if not first_run.is_right(form.cleaned_data["code"]):
        form.add_error("code", _("This code is incorrect or has expired."))
        return False
    return True


def _sign_in(request: HttpRequest, user: User) -> HttpResponse:
    messages.success(request, _("JD Builder is set up. Next, add the lists that authors use."))
    record_authentication(request, user, "password")
    response: HttpResponse = perform_login(
        request, Login(user=user, redirect_url=reverse("settings"))
    )
    return response
