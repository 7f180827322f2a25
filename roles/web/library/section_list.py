"""The sections of a template as a list: add, move, remove."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from roles import vocabulary
from roles.library import template_content, template_samples, template_sections
from roles.library.template_content import Sections, SectionValue
from roles.models import Template
from roles.web.library.section_forms import NewSectionForm
from roles.web.library.template_access import get_template
from roles.web.shared import idempotency
from roles.web.shared.access import person, requires
from roles.web.shared.document_html import article
from roles.web.shared.post_data import single

require_form = require_http_methods(["GET", "HEAD", "POST"])
SECTION_ACTIONS = {"section-up": -1, "section-down": 1}  # places that a section moves


@require_form
@requires("template.change")
def sections(request: HttpRequest, code: str) -> HttpResponseBase:
    """Lists the sections in order beside a preview; adds one, or moves one by a place."""
    found = get_template(code)
    action, _colon, uid = single(request.POST, "action").partition(":")
    if action in SECTION_ACTIONS:
        return _move(request, found, uid, SECTION_ACTIONS[action])
    present = template_content.stored(found)
    form = NewSectionForm(idempotency.form_data(request), sections=present)

    def add() -> str:
        chosen = form.cleaned_data
        uid = template_sections.add_section(template=found, by=person(request), **chosen)
        return reverse("template_section", args=[found.code, uid])

    done = idempotency.submit(request, form, add, _("Section added."))
    return done or idempotency.form_page(
        request, "library/template_sections.html", form, _context(found, present)
    )


def _move(request: HttpRequest, template: Template, uid: str, steps: int) -> HttpResponse:
    template_sections.move_section(template=template, uid=uid, steps=steps, by=person(request))
    moved = _("Section moved up.") if steps < 0 else _("Section moved down.")
    messages.info(request, moved, extra_tags="quiet")
    return redirect(f"{reverse('template_sections', args=[template.code])}#section-{uid}")


def _context(template: Template, present: Sections) -> dict[str, Any]:
    retired = template.retired_snippets()
    entries = [
        {
            "section": section,
            "kind_label": _(vocabulary.SECTION_KINDS[section.kind].label),
            "audience_label": _(vocabulary.AUDIENCES[section.audience]),
            "count": len(list(section.every_line())),
            "retired": sum(line.snippet in retired for line in section.every_line()),
        }
        for section in present
    ]
    document = template_samples.document_of(template)
    return {
        "template": template,
        "entries": entries,
        "paper": article(document, template_samples.edition()),
        "revision_count": template.revisions.count(),
    }


@require_form
@requires("template.change")
def remove_section(request: HttpRequest, code: str, section_uid: str) -> HttpResponse:
    """Asks before a section is removed with its lines."""
    found = get_template(code)
    address = reverse("template_sections", args=[code])
    section = find_section(found, section_uid)
    if request.method == "POST" and section is None:
        messages.info(request, _("Someone else already removed this section."))
        return redirect(address)
    if section is None:
        raise Http404
    if request.method != "POST":
        return _removal_page(request, found, section)
    base = single(request.POST, "base")
    try:
        template_sections.remove_section(
            template=found, uid=section_uid, base=base, by=person(request)
        )
    except template_sections.StaleTemplate as stale:
        current = stale.section or section
        return _removal_page(request, found, current, changed_by=stale.latest, status=409)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(address)
    messages.success(request, _("Section removed."))
    return redirect(address)


def _removal_page(
    request: HttpRequest,
    template: Template,
    section: SectionValue,
    changed_by: Any = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "template": template,
        "section": section,
        "count": len(list(section.every_line())),
        "base": template_content.state_of(section),
        "is_stale": status == 409,
        "latest": changed_by,
    }
    return render(request, "library/template_section_remove.html", context, status=status)


def find_section(template: Template, uid: str) -> SectionValue | None:
    """Returns the stored section with this uid, or None."""
    present = template_content.stored(template)
    return next((section for section in present if section.uid == uid), None)
