"""The page of a version, and restoring the draft from one. (The wizard saves versions.)"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from roles import assembly, drafts, versions
from roles.models import Approval, JobDescription, Version
from roles.quality import unprintable
from roles.versions import effective_periods, rendered_files
from roles.web.shared.absolute_urls import absolute
from roles.web.shared.access import audience_of, get_description, get_version, person
from roles.web.shared.document_html import article, export_choices, style_address
from roles.web.shared.idempotency import run_once
from roles.web.versions.version_forms import TokenForm


@require_safe
def version(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """A version exactly as it was saved."""
    description = get_description(request, reference, "description.view")
    found = get_version(description, number)
    audience = audience_of(request, description)
    edition = rendered_files.edition(found)
    newest = description.versions.order_by("-number").values_list("number", flat=True)[0]
    shown = found.document.for_audience(audience)
    statuses = effective_periods.statuses(description, timezone.localdate())
    context = {
        "description": description,
        "version": found,
        "newest": newest,
        "audience": audience,
        "paper": article(shown, edition),
        "style_address": style_address(edition),
        "verify_url": absolute(request, "verify_copy", found.sha256),
        "open_words": shown.open_words(),
        "open_count": shown.open_count(),
        "exports": export_choices(request, description, found.document),
        "font_note": unprintable.export_note(shown),
        "status": statuses.get(found.pk),
        "approval": Approval.objects.filter(version=found).first(),
        "can_make_current": not effective_periods.obstacle(found, description),
        **effective_periods.current_and_planned(statuses),
    }
    return render(request, "versions/version.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def restore(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Replace the draft with the text of a version, after a confirmation."""
    description = get_description(request, reference, "description.edit")
    found = get_version(description, number)
    if request.method != "POST":
        return _confirm(request, description, found, 200)
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _confirm(request, description, found, 409)

    newest = _newest(description)

    def action() -> str:
        lost = versions.restore(
            description=description,
            version=found,
            by=person(request),
            token=form.cleaned_data["token"],
        )
        messages.success(request, _("Draft restored from version %d.") % found.number)
        if saved := description.versions.filter(number__gt=newest.number).first():
            messages.info(request, _("The previous draft is version %d.") % saved.number)
        if lost:
            words = _("These no longer exist in your organization, so they were left out: %s.")
            messages.warning(request, words % ", ".join(lost))
        return reverse("description", args=[reference])

    try:
        return redirect(run_once(request, action))
    except drafts.StaleDraft:
        description.refresh_from_db(fields=["edit_token"])
        return _confirm(request, description, found, 409)
    except drafts.ActionRefused as refused:
        messages.error(request, refused.message)
        return redirect(description)


def _confirm(
    request: HttpRequest, description: JobDescription, found: Version, status: int
) -> HttpResponse:
    """The confirmation; a draft that no version contains is saved first."""
    newest = _newest(description)
    draft = assembly.assemble(description)
    context = {
        "description": description,
        "version": found,
        "newest": newest,
        "next_number": newest.number + 1,
        "is_changed": not versions.is_kept(description, draft),
        "is_stale": status == 409,
    }
    return render(request, "versions/restore.html", context, status=status)


def _newest(description: JobDescription) -> Version:
    return description.versions.defer("text").order_by("-number")[0]
