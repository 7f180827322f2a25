"""Which version a printed or mailed copy is of: asked and answered without sign-in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from roles.forms.verify import FingerprintForm
from roles.models import Organisation
from roles.versioning import verifying
from roles.views.access import person


@login_not_required
@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """The form; what is typed leads to the answer's own address."""
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
    by = person(request) if request.user.is_authenticated else None
    try:
        found = verifying.carriers(digits, by)
    except verifying.Ambiguous:
        return _page({"form": form, "digits": digits, "is_ambiguous": True}, status=422)
    context = {"form": form, "digits": digits, "carriers": found}
    return _page(context, status=200 if found else 404)


def _page(context: dict[str, Any], status: int) -> HttpResponse:
    """Made without the request, so that it sets no cookie."""
    names = Organisation.objects.filter(pk=1).values_list("name", flat=True)
    content = render_to_string(
        "roles/public/verify.html", {**context, "organisation": names.first()}
    )
    response = HttpResponse(content, status=status)
    response["X-Robots-Tag"] = "noindex"
    patch_cache_control(response, private=True, no_store=True)
    return response
