"""The revisions of a template: a list, and one compared with the one before it, to restore."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_safe

from roles.library import template_content, template_samples, template_sections
from roles.models import Template, TemplateRevision
from roles.web.library import template_redline
from roles.web.library.template_access import get_template
from roles.web.shared import idempotency
from roles.web.shared.access import person, requires
from roles.web.shared.document_html import article
from roles.web.shared.post_data import number, single

PAGE_SIZE = 50
# What a revision did: `about` is the heading of a section, or the number of another revision.
CHANGES_MADE: dict[str, str | Promise] = {
    "earlier": _lazy("Before it was edited here"),
    "saved": _lazy("Template created"),
    "added": _lazy("Added “%s”"),
    "changed": _lazy("Changed “%s”"),
    "moved": _lazy("Moved “%s”"),
    "removed": _lazy("Removed “%s”"),
    "restored": _lazy("Restored revision %s"),
}


@require_safe
@requires("template.change")
def list_revisions(request: HttpRequest, code: str) -> HttpResponse:
    """Lists the revisions, newest first."""
    template = get_template(code)
    rows = template.revisions.defer("content").select_related("author").order_by("-number")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    entries = [(revision, _words(revision)) for revision in page.object_list]
    context = {"template": template, "page": page, "entries": entries}
    return render(request, "library/template_revisions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("template.change")
def show_revision(request: HttpRequest, code: str, revision: int) -> HttpResponse:
    """Shows what a revision changed, or the whole template as of then; restores it."""
    template = get_template(code)
    found = get_object_or_404(template.revisions.select_related("author"), number=revision)
    if request.method != "POST":
        return _revision_page(request, template, found)
    latest = number(single(request.POST, "latest"))
    restored: list[bool] = []

    def action() -> str:
        done = template_sections.restore_revision(
            template=template, number=revision, latest=latest, by=person(request)
        )
        restored.append(done)
        return template.get_absolute_url()

    try:
        address = idempotency.run_once(request, action)
    except template_sections.StaleTemplate:
        messages.error(
            request,
            _("Not restored. Someone else changed this template since you opened this page."),
        )
        return _revision_page(request, template, found, status=409)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return _revision_page(request, template, found, status=422)
    if restored == [False]:
        messages.info(request, _("The template is already the same as this revision."))
    else:
        messages.success(request, _("Revision %d restored.") % revision)
    return redirect(address)


def _revision_page(
    request: HttpRequest, template: Template, found: TemplateRevision, status: int = 200
) -> HttpResponse:
    sections = template_content.from_json(found.content)
    others = template.revisions.order_by("-number")
    before = others.filter(number__lt=found.number).first()
    latest = others.values_list("number", flat=True)[0]
    show_all = request.GET.get("show") == "all" or before is None
    context: dict[str, Any] = {
        "template": template,
        "revision": found,
        "words": _words(found),
        "before": before,
        "latest": latest,
        "show_all": show_all,
        "is_current": template_content.stored(template) == sections,
    }
    if show_all:
        document = template_samples.document_of(template, sections)
        context["paper"] = article(document, template_samples.edition())
    elif before is not None:
        old = template_content.from_json(before.content)
        context["redline"] = template_redline.compare(template, old, sections)
    return render(request, "library/template_revision.html", context, status=status)


def _words(revision: TemplateRevision) -> str:
    sentence = str(CHANGES_MADE[revision.change])
    return sentence % revision.about if "%s" in sentence else sentence
