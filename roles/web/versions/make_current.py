"""Make a version current; publish a job description."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from roles import drafts
from roles.document import Document
from roles.models import JobDescription, Organization
from roles.versions import effective_periods, publication
from roles.web.shared.access import get_description, get_version, person
from roles.web.shared.dates import EffectiveDateForm
from roles.web.shared.idempotency import form_data, form_page, run_once
from roles.web.versions.version_forms import PublishForm


@require_http_methods(["GET", "HEAD", "POST"])
def make_current(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Make a version current from a date."""
    description = get_description(request, reference, "version.make_current")
    found = get_version(description, number)
    today = timezone.localdate()
    form = EffectiveDateForm(form_data(request), initial={"since": today})

    def action() -> str:
        since = form.cleaned_data["since"]
        row = effective_periods.make_effective(version=found, since=since, by=person(request))
        words = {"number": number, "day": formats.date_format(row.since, "DATE_FORMAT")}
        message = _("Version %(number)d made current as of %(day)s.")
        if row.since > today:
            message = _("Version %(number)d scheduled for %(day)s.")
        messages.success(request, message % words)
        return reverse("version", args=[reference, number])

    if form.is_valid():
        try:
            return redirect(run_once(request, action))
        except drafts.ActionRefused as refused:
            form.add_error("since", refused.message)
    context = {
        "description": description,
        "version": found,
        "obstacle": effective_periods.obstacle(found, description),
        **effective_periods.current_and_planned(effective_periods.statuses(description, today)),
    }
    return form_page(request, "versions/make_current.html", form, context)


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, reference: str) -> HttpResponse:
    """Set whether the current version has a public page, and when people can apply."""
    description = get_description(request, reference, "description.publish")
    names = ("is_public", "date_posted", "valid_through")
    form = PublishForm(
        form_data(request), initial={name: getattr(description, name) for name in names}
    )

    def action() -> str:
        publication.publish(description=description, by=person(request), **form.cleaned_data)
        messages.success(request, _published_message(form.cleaned_data["is_public"], reference))
        return description.get_absolute_url()

    if form.is_valid():
        try:
            return redirect(run_once(request, action))
        except drafts.ActionRefused as refused:
            form.add_error(None, refused.message)
    context = {"description": description, "obstacles": _obstacles(description)}
    return form_page(request, "versions/publish.html", form, context)


def _published_message(is_public: bool, reference: str) -> str:
    if is_public:
        return _("%s published.") % reference
    return _("%s saved. It has no public page.") % reference


def _is_blank(shown: Document) -> bool:
    return all(shown.is_empty(section) for section in shown.sections)


def _obstacles(description: JobDescription) -> list[str]:
    """Return what is missing for a useful public page, as sentences."""
    obstacles = []
    current = effective_periods.current_on(description, timezone.localdate())
    if current is None:
        obstacles.append(_("No version is current today. The page appears when one is."))
    elif _is_blank(current.document.for_audience("public")):
        obstacles.append(
            _("Version %d has no public sections, so the page shows only the title.")
            % current.number
        )
    if not Organization.objects.the().name:
        obstacles.append(_("Your organization has no name yet. Ask an administrator to add it."))
    return obstacles
