"""Verification of a copy, printed or a file, without sign-in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from roles.models import Organization, User
from roles.versions import verification
from roles.web.public.verify_copy_forms import COPY_LIMIT, CopyForm, FingerprintForm
from roles.web.shared.access import person


@login_not_required
@csrf_exempt  # nothing is changed or stored, and no cookie is needed
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The forms. A fingerprint redirects to the result's own address; a file is compared here."""
    if request.method == "POST":
        return _compare(request)
    form = FingerprintForm(request.GET if "fingerprint" in request.GET else None)
    if form.is_valid():
        return redirect("verify_copy", form.cleaned_data["fingerprint"])
    return _page({"form": form}, status=422 if form.is_bound else 200)


@login_not_required
@require_safe
def result(request: HttpRequest, digits: str) -> HttpResponse:
    """The versions with the fingerprint, and their states."""
    form = FingerprintForm({"fingerprint": digits})
    if not form.is_valid():
        return _page({"form": form}, status=404)
    digits = form.cleaned_data["fingerprint"]
    try:
        found = verification.matching_versions(digits, _signed_in(request))
    except verification.Ambiguous:
        return _page({"form": form, "digits": digits, "is_ambiguous": True}, status=422)
    shown = FingerprintForm() if found else form
    context = {"form": shown, "digits": digits, "matching_versions": found}
    return _page(context, status=200 if found else 404)


def _compare(request: HttpRequest) -> HttpResponse:
    """The result of comparing a file; one that is far too large isn't received."""
    is_too_large = _length(request) > 2 * COPY_LIMIT
    form = CopyForm({}, None if is_too_large else request.FILES)
    if not form.is_valid():
        if is_too_large:
            form.errors["file"] = form.error_class([str(CopyForm.TOO_LARGE)])
        return _page({"copy_form": form}, status=422)
    file = form.cleaned_data["file"]
    found = verification.compare(file.name, file.read(), _signed_in(request))
    context = {
        "comparison": found,
        "file_name": file.name,
        "matching_versions": found.matching_versions,
    }
    return _page(context, status=200)


def _length(request: HttpRequest) -> int:
    """Return the announced size in bytes; 0 where it isn't a number, because then none are read."""
    try:
        return int(request.headers.get("Content-Length") or 0)
    except ValueError:
        return 0


def _signed_in(request: HttpRequest) -> User | None:
    """Return the signed-in person, or None."""
    return person(request) if request.user.is_authenticated else None


def _page(context: dict[str, Any], status: int) -> HttpResponse:
    """Render without the request, so that no cookie is set."""
    names = Organization.objects.filter(pk=1).values_list("name", flat=True)
    forms = {"form": FingerprintForm(), "copy_form": CopyForm()}
    whole = {**forms, "organization": names.first(), **context}
    response = HttpResponse(render_to_string("public/verify.html", whole), status=status)
    response["X-Robots-Tag"] = "noindex"
    patch_cache_control(response, private=True, no_store=True)
    return response
