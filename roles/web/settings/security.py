"""Sign-in settings: who needs a second factor, how long sessions last, and single sign-on."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.models import SocialApp
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from roles import mail, people
from roles.models import ClaimRule, SignInPolicy
from roles.people import sign_in_policy, single_sign_on
from roles.web.settings.security_forms import PROVIDER_FORMS, PolicyForm, RuleFormSet
from roles.web.shared.access import confirms_identity, person, requires
from roles.web.shared.idempotency import form_data, form_page, submit
from roles.web.shared.settings_navigation import navigation


@require_http_methods(["GET", "HEAD", "POST"])
@requires("sign_in.manage")
@confirms_identity
def security(request: HttpRequest) -> HttpResponseBase:
    """The sign-in policy, and the list of single sign-on providers."""
    form = PolicyForm(form_data(request), policy=SignInPolicy.objects.the())

    def change() -> str:
        sign_in_policy.change(by=person(request), **form.cleaned_data)
        return reverse("settings_security")

    if answer := submit(request, form, change, _("Sign-in settings saved.")):
        return answer
    providers = SocialApp.objects.order_by("name")
    kinds = [(kind, single_sign_on.KINDS[kind]) for kind in PROVIDER_FORMS]
    rows = [(app, single_sign_on.KINDS.get(app.provider, app.provider)) for app in providers]
    context = {"providers": rows, "kinds": kinds, **navigation(request)}
    return form_page(request, "settings/security.html", form, context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("sign_in.manage")
@confirms_identity
def add_provider(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Add a single sign-on provider."""
    if kind not in PROVIDER_FORMS:
        raise Http404
    return _provider_page(request, kind, None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("sign_in.manage")
@confirms_identity
def edit_provider(request: HttpRequest, key: int) -> HttpResponseBase:
    """Change a single sign-on provider and its rules."""
    app = get_object_or_404(SocialApp, pk=key, provider__in=PROVIDER_FORMS)
    return _provider_page(request, app.provider, app)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("sign_in.manage")
@confirms_identity
def remove_provider(request: HttpRequest, key: int) -> HttpResponse:
    """Remove a single sign-on provider, after a confirmation."""
    app = get_object_or_404(SocialApp, pk=key)
    problem = ""
    if request.method == "POST":
        try:
            single_sign_on.remove(by=person(request), app=app)
        except people.AccountChangeRefused as refused:
            problem = refused.message
        else:
            messages.success(request, _("%s removed.") % app.name)
            return redirect("settings_security")
    context = {"app": app, "problem": problem, **navigation(request)}
    status = 422 if problem else 200
    return render(request, "settings/provider_remove.html", context, status=status)


def _provider_page(request: HttpRequest, kind: str, app: SocialApp | None) -> HttpResponseBase:
    form = PROVIDER_FORMS[kind](form_data(request), app=app)
    stored = ClaimRule.objects.filter(provider=app).values("value", "grants", "department")
    rules = RuleFormSet(form_data(request), initial=list(stored), prefix="rules")
    if request.method == "POST" and form.is_valid() & rules.is_valid():
        grants = [grant for row in rules if (grant := row.grant())]
        saved = single_sign_on.save(by=person(request), app=form.provider(), grants=grants)
        messages.success(request, _("%s saved.") % saved.name)
        return redirect("provider_edit", saved.pk)
    status = 422 if form.is_bound else 200
    context: dict[str, Any] = {
        "form": form,
        "rules": rules,
        "app": app,
        "kind": single_sign_on.KINDS[kind],
        "addresses": _addresses(request, app) if app else [],
        **navigation(request),
    }
    return render(request, "settings/provider.html", context, status=status)


def _addresses(request: HttpRequest, app: SocialApp) -> list[tuple[str, str]]:
    """Return the addresses to enter at the provider, with their labels."""
    site = f"{request.scheme}://{request.get_host()}"
    slug = app.provider_id
    if app.provider == single_sign_on.SAML:
        named = [
            (_("Metadata"), "saml_metadata"),
            (_("Assertion consumer service"), "saml_acs"),
            (_("Entity ID"), "saml_metadata"),
        ]
    else:
        named = [(_("Redirect address"), "openid_connect_callback")]
    return [(label, mail.address(reverse(name, args=[slug]), site)) for label, name in named]
