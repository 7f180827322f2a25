"""The pages of the organization: overview, name, brand, audiences of facts, and prefixes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from roles.models import (
    CustomFact,
    Department,
    JobFamily,
    JobLevel,
    Location,
    Organization,
    PayGrade,
    ReferenceCounter,
    Snippet,
)
from roles.organization import organization_settings
from roles.web.settings import organization_forms, sample_document
from roles.web.settings.list_registry import PAGES
from roles.web.shared import idempotency
from roles.web.shared.access import person, requires
from roles.web.shared.settings_form import respond
from roles.web.shared.settings_navigation import navigation

require_form = require_http_methods(["GET", "HEAD", "POST"])
LISTS_SHOWN: dict[str, Any] = {
    "departments": Department,
    "locations": Location,
    "families": JobFamily,
    "levels": JobLevel,
    "pay-grades": PayGrade,
    "custom-facts": CustomFact,
}

OPTIONAL = ("pay-grades", "custom-facts")


@dataclass(frozen=True)
class SetupStep:
    """A step of setting up: its label and link, what there is, whether that's enough, and whether
    the organization might not need it."""

    label: str
    url: str
    state: str
    is_done: bool
    is_optional: bool = False


@require_safe
@requires("settings.change")
def overview(request: HttpRequest) -> HttpResponse:
    """What is set up and what is missing; on a phone with the navigation."""
    context = {"steps": _steps(), "is_overview": True, **navigation(request)}
    return render(request, "settings/overview.html", context)


def _steps() -> list[SetupStep]:
    row = Organization.objects.the()
    missing = _("Missing")
    statements = Snippet.objects.statements().count()
    steps = [
        SetupStep(_("Name"), reverse("settings_organization"), row.name or missing, bool(row.name)),
        SetupStep(
            _("Logo"),
            reverse("settings_brand"),
            _("Uploaded") if row.logo_id else missing,
            bool(row.logo_id),
        ),
        SetupStep(
            _("Where to apply"),
            reverse("settings_organization"),
            row.apply_to or missing,
            bool(row.apply_to),
        ),
        SetupStep(
            _("Statements"),
            reverse("settings_statements"),
            _in_words(statements) if statements else missing,
            bool(statements),
        ),
    ]
    for slug, model in LISTS_SHOWN.items():
        count = model.objects.count()
        label, url = str(PAGES[slug].words.title), reverse("settings_list", args=[slug])
        steps.append(SetupStep(label, url, _in_words(count), bool(count), slug in OPTIONAL))
    return steps


def _in_words(count: int) -> str:
    return ngettext("%d entry", "%d entries", count) % count if count else _("None yet")


@require_form
@requires("settings.change")
def organization_page(request: HttpRequest) -> HttpResponseBase:
    """The name, the address to apply, and whether HR adds to lists."""
    form = organization_forms.OrganizationForm(idempotency.form_data(request))

    def action() -> str:
        organization_settings.change_organization(
            values=form.values(), base=form.cleaned_data["base"], by=person(request)
        )
        return reverse("settings_organization")

    context = {
        "time_zone": settings.TIME_ZONE,
        **navigation(request),
    }
    template = "settings/organization.html"
    return respond(request, form, action, _("Organization saved."), template, context)


@require_form
@requires("settings.change")
def brand_page(request: HttpRequest) -> HttpResponseBase:
    """The logo, color, and paper, with a sample page."""
    files = request.FILES if request.method == "POST" else None
    form = organization_forms.BrandForm(idempotency.form_data(request), files)

    def action() -> str:
        organization_settings.change_brand(
            **form.values(), base=form.cleaned_data["base"], by=person(request)
        )
        return reverse("settings_brand")

    context = {
        "logo_digest": form.row.logo_id,
        **_sample(form["brand_color"].value(), form["paper"].value()),
        **navigation(request),
    }
    template = "settings/brand.html"
    return respond(request, form, action, _("Brand saved."), template, context)


@require_safe
@requires("settings.change")
def brand_sample(request: HttpRequest) -> HttpResponse:
    """The sample page and the contrast in the color and paper of the query, while they are being
    chosen."""
    context = _sample(request.GET.get("brand_color"), request.GET.get("paper"))
    return render(request, "settings/_brand_sample.html", context)


def _sample(brand_color: Any, paper: Any) -> dict[str, Any]:
    chosen = organization_forms.ColorForm({"brand_color": brand_color, "paper": paper})
    chosen.is_valid()
    row = Organization.objects.select_related("logo").the()
    shown = chosen.cleaned_data.get("brand_color") or row.brand_color
    is_readable, words = organization_forms.contrast_words(shown)
    return {
        "paper_size": chosen.cleaned_data.get("paper") or row.paper,
        "style_url": reverse("version_css", args=[shown.removeprefix("#").lower()]),
        "contrast": words,
        "is_readable": is_readable,
        "sample": sample_document.article_of_sample(row),
    }


@require_form
@requires("settings.change")
def audiences_page(request: HttpRequest) -> HttpResponseBase:
    """The audience of each fact."""
    form = organization_forms.AudiencesForm(idempotency.form_data(request))

    def action() -> str:
        organization_settings.change_audiences(
            chosen=form.values(), base=form.cleaned_data["base"], by=person(request)
        )
        return reverse("settings_audiences")

    template = "settings/audiences.html"
    return respond(request, form, action, _("Audiences saved."), template, navigation(request))


@require_form
@requires("settings.change")
def prefixes_page(request: HttpRequest) -> HttpResponseBase:
    """The prefixes of references, each with the last reference that has it."""
    form = organization_forms.PrefixesForm(idempotency.form_data(request))

    def action() -> str:
        organization_settings.change_prefixes(
            chosen=form.chosen(), base=form.cleaned_data["base"], by=person(request)
        )
        return reverse("settings_prefixes")

    last = {counter.prefix: str(counter) for counter in ReferenceCounter.objects.all()}
    rows = [(form[f"of-{code}"], last.get(prefix, "")) for code, prefix in form.prefixes.items()]
    context = {"rows": rows, **navigation(request)}
    template = "settings/prefixes.html"
    return respond(request, form, action, _("Prefixes saved."), template, context)
