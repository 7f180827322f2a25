"""Views of templates: list, page, edit, status, and saving a job description as a template."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from roles import bounded_work, permissions
from roles.exporters import TooCostly, thumbnail
from roles.library import template_actions, template_samples
from roles.models import Template
from roles.web.library.template_access import get_template
from roles.web.library.template_forms import SaveTemplateForm, TemplateForm
from roles.web.shared import idempotency, key_pages
from roles.web.shared.access import get_description, person, requires
from roles.web.shared.document_html import article
from roles.web.shared.sort_order import SortOrder
from roles.web.shared.start_query import carried

PAGE_SIZE = 100
FIVE_MINUTES = 5 * 60


@require_safe
@requires("template.change")
def templates(request: HttpRequest) -> HttpResponse:
    """Lists templates with their usage, retired ones last."""
    rows = Template.objects.with_usage().select_related("family", "level")
    order = SortOrder("", ("status", "position", "title"))
    page = key_pages.page_of(request, rows, order, PAGE_SIZE)
    return render(request, "library/templates.html", {"page": page})


@require_safe
@requires("template.view")
def template(request: HttpRequest, code: str) -> HttpResponse:
    """Shows a preview of the template, and the guidance of its sections."""
    found = get_template(code)
    context = {
        "template": found,
        "sections": found.sections.order_by("position", "pk"),
        "paper": article(template_samples.document_of(found), template_samples.edition()),
        "carried": carried(request.GET),
    }
    return render(request, "library/template.html", context)


@require_safe
@requires("template.view")
def page_picture(request: HttpRequest, code: str) -> HttpResponseBase:
    """Returns the first page as an image, rendered on the first request. While too much is waiting
    to be rendered, it's an empty page: a gallery asks for a dozen pictures at once."""
    shown = template_samples.picture_of(get_template(code))
    etag = f'"{shown.digest}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            response = HttpResponse(shown.content(), thumbnail.CONTENT_TYPE)
        except TooCostly:
            raise Http404 from None
        except bounded_work.Busy:
            response = redirect(static("img/blank_page.svg"))
            patch_cache_control(response, private=True, no_store=True)
            return response
    response["ETag"] = etag
    patch_cache_control(response, private=True, max_age=FIVE_MINUTES)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@requires("template.change")
def add(request: HttpRequest) -> HttpResponseBase:
    """Adds a template with blank sections, and opens them."""
    form = TemplateForm(idempotency.form_data(request))

    def action() -> str:
        added = template_actions.add_template(by=person(request), **form.cleaned_data)
        return reverse("template_sections", args=[added.code])

    message = _("Template added. Authors can’t use it until you activate it.")
    done = idempotency.submit(request, form, action, message)
    return done or idempotency.form_page(request, "library/template_new.html", form, {})


@require_http_methods(["GET", "HEAD", "POST"])
@requires("template.change")
def edit(request: HttpRequest, code: str) -> HttpResponseBase:
    """Changes the title, description, family, and level."""
    found = get_template(code)
    names = ("title", "role", "description", "family", "level")
    initial = {name: getattr(found, name) for name in names}
    form = TemplateForm(idempotency.form_data(request), initial=initial)

    def action() -> str:
        template_actions.change_template(template=found, by=person(request), **form.cleaned_data)
        return found.get_absolute_url()

    done = idempotency.submit(request, form, action, _("Template saved."))
    return done or idempotency.form_page(
        request, "library/template_edit.html", form, {"template": found}
    )


@require_POST
@requires("template.change")
def status(request: HttpRequest, code: str) -> HttpResponse:
    """Retires or activates a template."""
    found = get_template(code)
    wanted = request.POST.get("status", "")

    def action() -> str:
        template_actions.set_status(template=found, status=wanted, by=person(request))
        return found.get_absolute_url()

    try:
        address = idempotency.run_once(request, action)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(found)
    message = _("Template “%s” retired.") if wanted == "retired" else _("Template “%s” activated.")
    messages.success(request, message % found)
    return redirect(address)


@require_http_methods(["GET", "HEAD", "POST"])
def save(request: HttpRequest, reference: str) -> HttpResponseBase:
    """Saves the draft of a job description as a template."""
    source = get_description(request, reference, "description.view")
    user = person(request)
    if not permissions.may(user, "template.change"):
        raise PermissionDenied
    audience = permissions.audience(user, source.relations_of(user))
    audiences = permissions.audiences_within(audience)
    every_section = source.sections.order_by("position", "pk")
    sections = [section for section in every_section if section.shown_to in audiences]
    initial = {
        "title": source.title,
        "role": source.title,
        "family": source.job_family,
        "level": source.job_level,
    }
    form = SaveTemplateForm(idempotency.form_data(request), sections=sections, initial=initial)

    def action() -> str:
        saved = template_actions.save_template(
            source=source, by=user, audience=audience, **form.chosen()
        )
        return saved.get_absolute_url()

    done = idempotency.submit(request, form, action, _("Template saved."))
    return done or idempotency.form_page(
        request, "library/template_save.html", form, {"description": source}
    )
