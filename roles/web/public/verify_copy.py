"""Which version a copy is of, printed or a file: asked and answered without sign-in."""

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
@csrf_exempt  # a file is looked at and forgotten: nothing takes effect, and no cookie is needed
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The forms; a fingerprint leads to the answer's own address, a file is answered here."""
    if request.method == "POST":
        return _compare(request)
    form = FingerprintForm(request.GET if "fingerprint" in request.GET else None)
    if form.is_valid():
        return redirect("verify_copy", form.cleaned_data["fingerprint"])
    return _page({"form": form}, status=422 if form.is_bound else 200)


@login_not_required
@require_safe
def answer(request: HttpRequest, digits: str) -> HttpResponse:
    """The versions that carry the fingerprint, and what became of them: nothing else."""
    form = FingerprintForm({"fingerprint": digits})
    if not form.is_valid():
        return _page({"form": form}, status=404)
    digits = form.cleaned_data["fingerprint"]
    try:
        found = verification.matching_versions(digits, _asking(request))
    except verification.Ambiguous:
        return _page({"form": form, "digits": digits, "is_ambiguous": True}, status=422)
    context = {"form": form, "digits": digits, "matching_versions": found}
    return _page(context, status=200 if found else 404)


def _compare(request: HttpRequest) -> HttpResponse:
    """What a file turned out to be; one that is far too large is not even received."""
    is_vast = _length(request) > 2 * COPY_LIMIT
    form = CopyForm({}, None if is_vast else request.FILES)
    if not form.is_valid():
        if is_vast:
            form.errors["file"] = form.error_class([str(CopyForm.TOO_LARGE)])
        return _page({"copy_form": form}, status=422)
    file = form.cleaned_data["file"]
    found = verification.compare(file.name, file.read(), _asking(request))
    context = {
        "comparison": found,
        "file_name": file.name,
        "matching_versions": found.matching_versions,
    }
    return _page(context, status=200)


def _length(request: HttpRequest) -> int:
    """How many bytes it says that it sends; none where that is no number, for none are read."""
    try:
        return int(request.headers.get("Content-Length") or 0)
    except ValueError:
        return 0


def _asking(request: HttpRequest) -> User | None:
    """Who asks, where they are signed in."""
    return person(request) if request.user.is_authenticated else None


def _page(context: dict[str, Any], status: int) -> HttpResponse:
    """Made without the request, so that it sets no cookie."""
    names = Organization.objects.filter(pk=1).values_list("name", flat=True)
    forms = {"form": FingerprintForm(), "copy_form": CopyForm()}
    whole = {**forms, "organization": names.first(), **context}
    response = HttpResponse(render_to_string("public/verify.html", whole), status=status)
    response["X-Robots-Tag"] = "noindex"
    patch_cache_control(response, private=True, no_store=True)
    return response
