"""Sign-in. A form submitted after the session expired is carried along, to be submitted again."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView
from allauth.mfa.webauthn import views as passkey_views
from allauth.socialaccount.models import SocialApp
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST, require_safe

from roles import first_run
from roles.models import SignInPolicy
from roles.web.accounts import carried_form
from roles.web.accounts.carried_form import CarriedForm
from roles.web.accounts.sign_in_forms import SignInForm
from roles.web.shared import post_data


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
        carried = carried_form.posted(self.request)
        return {**super().get_context_data(**kwargs), **page_context(self.request, carried)}

    def form_valid(self, form: SignInForm) -> HttpResponse:
        carried = carried_form.posted(self.request)
        if carried.path:  # the password is right, so the fields can be stored
            self.success_url = carried_form.keep(self.request, carried)
        response: HttpResponse = super().form_valid(form)
        return response

    def get_success_url(self) -> str | None:
        return self.success_url or super().get_success_url()


def page_context(request: HttpRequest, carried: CarriedForm) -> dict[str, Any]:
    """Return what the sign-in page needs beside its form: the ways to sign in, where it leads, and
    the carried form."""
    next_path = request.POST.get("next") or request.GET.get("next", "")
    providers = [app.get_provider(request) for app in SocialApp.objects.order_by("name")]
    query = {"next": next_path} if next_path.startswith("/") else {}
    return {
        "carried": carried,
        "is_kept": carried_form.is_kept(request, next_path),
        "next": next_path,
        "has_password_sign_in": SignInPolicy.objects.the().has_password_sign_in,
        "providers": [(one.app, one.get_login_url(request, **query)) for one in providers],
    }


@login_not_required
@require_POST
def carry_to_provider(request: HttpRequest) -> HttpResponse:
    """Keep the carried form in the session, and continue to a provider. The page in between is
    there because a form can't lead to another site (`form-action` of the content security
    policy)."""
    carried = carried_form.posted(request)
    app = get_object_or_404(SocialApp, pk=post_data.number(post_data.single(request.POST, "way")))
    if not carried.path:
        return redirect("account_login")
    if request.user.is_authenticated:  # by now, in another tab
        return redirect(carried_form.keep(request, carried))
    again = carried_form.keep_for_visitor(request, carried)
    if not again:
        context = {"form": SignInForm(request=request), "is_too_long": True}
        context |= page_context(request, carried)
        return render(request, "accounts/sign_in.html", context, status=413)
    address = app.get_provider(request).get_login_url(request, next=again)
    context = {"name": app.name, "address": address}
    return render(request, "accounts/continue_to_provider.html", context)


@login_not_required
def sign_in_with_passkey(request: HttpRequest) -> HttpResponseBase:
    """allauth's view, which the carried form passes as well."""
    carried = carried_form.posted(request)
    again = carried_form.keep_for_visitor(request, carried) if carried.path else ""
    if again:
        fields = request.POST.copy()
        fields["next"] = again
        request.POST = fields  # type: ignore[assignment]
    response: HttpResponseBase = passkey_views.login_webauthn(request)
    if again and response.headers.get("Location") == reverse("account_login"):  # another attempt
        return redirect(carried_form.sign_in_address(request))
    return response


@require_safe
def resubmit(request: HttpRequest) -> HttpResponse:
    """Offer to submit the form that was carried through the sign-in. It is shown once."""
    carried = carried_form.take(request)
    if not carried.path:
        return redirect("home")
    return render(request, "accounts/resubmit.html", {"carried": carried})
