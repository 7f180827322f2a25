"""The audit record of a job description on a day."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods

from roles import drafts, permissions
from roles.audit import audit_bundle
from roles.exporters import file_names
from roles.web.descriptions.audit_record_forms import AuditRecordForm
from roles.web.shared.access import get_description, person
from roles.web.shared.idempotency import form_data, form_page


@require_http_methods(["GET", "HEAD", "POST"])
def audit_record(request: HttpRequest, reference: str) -> HttpResponse:
    """The form; a valid POST answers with the ZIP."""
    description = get_description(request, reference, "audit_record.export")
    widest = permissions.audience(person(request), description.relations_of(person(request)))
    audiences = permissions.audiences_within(widest)
    form = AuditRecordForm(form_data(request), audiences=audiences)
    if form.is_valid():
        try:
            found = audit_bundle.bundle(
                description=description, by=person(request), **form.cleaned_data
            )
        except drafts.ActionRefused as refused:
            form.add_error("day", refused.message)
        else:
            response = HttpResponse(found.content, "application/zip")
            response["Content-Disposition"] = file_names.attachment(found.name)
            patch_cache_control(response, private=True, no_store=True)
            return response
    return form_page(request, "descriptions/audit_record.html", form, {"description": description})
