"""The comparison of two versions, or of a version and the draft, as one marked text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from roles import assembly, comparison, permissions
from roles.document import Document
from roles.editions import Edition
from roles.exporters import REDLINES, CannotExport, file_names, redline
from roles.models import JobDescription
from roles.versions import rendered_files
from roles.web.shared.access import audience_of, get_description, get_version, person
from roles.web.shared.document_html import export_choices, logo_address, style_address
from roles.web.versions import compare_forms

SHOW_ALL_LIMIT = 25  # lines; a longer comparison shows only changes by default


@dataclass(frozen=True)
class Side:
    """One of the two documents, for the audience of its reader, and its edition."""

    document: Document
    edition: Edition


@require_safe
def compare(request: HttpRequest, reference: str) -> HttpResponse:
    """The comparison page."""
    description = get_description(request, reference, "description.view")
    sides = _RequestedSides(request, description)
    context: dict[str, Any] = {
        "description": description,
        "form": sides.form,
        "has_versions": bool(sides.versions),
        "audience": sides.audience,
        "exports": export_choices(request, description),
    }
    if sides.form is None:
        return render(request, "versions/compare.html", context)
    if not sides.form.is_valid():
        return render(request, "versions/compare.html", context, status=422)
    old, new = sides.pair()
    found = comparison.compare(old.document, new.document)
    show = _show(request, found)
    may_export = permissions.may(
        person(request), "description.export", description.relations_of(person(request))
    )
    context |= {
        "found": found,
        "show": show,
        "paper": _paper(found, old, new, show),
        "style_address": style_address(new.edition),
        "redlines": REDLINES if may_export else {},
        "query": urlencode({**sides.chosen, "audience": sides.audience}),
        "swapped": urlencode({"from": sides.chosen["to"], "to": sides.chosen["from"]}),
    }
    return render(request, "versions/compare.html", context)


@require_safe
def redline_file(request: HttpRequest, reference: str, format: str) -> HttpResponse:
    """The comparison in a format, made for this request and not stored."""
    description = get_description(request, reference, "description.export")
    sides = _RequestedSides(request, description)
    form = REDLINES.get(format)
    if form is None or sides.form is None or not sides.form.is_valid():
        raise Http404
    old, new = sides.pair()
    found = comparison.compare(old.document, new.document)
    try:
        content = form.render(found, old.edition, new.edition)
    except CannotExport as problem:
        messages.error(request, problem.message)
        return redirect(description)
    response = HttpResponse(content, form.content_type)
    chosen = sides.audience if "audience" in request.GET else ""
    name = file_names.redline_name(
        found.new.title, old.edition, new.edition, form.extension, chosen
    )
    response["Content-Disposition"] = file_names.attachment(name)
    patch_cache_control(response, private=True, no_store=True)
    return response


class _RequestedSides:
    """The two sides that a request names, for its audience."""

    def __init__(self, request: HttpRequest, description: JobDescription) -> None:
        self.description = description
        self.audience = audience_of(request, description)
        self.versions = list(
            description.versions.order_by("-number").values_list("number", "label")
        )
        self.chosen: dict[str, str] = {}
        self.form: compare_forms.ComparisonForm | None = None
        if self.versions:
            self.chosen = self._chosen(request.GET.get("from", ""), request.GET.get("to", ""))
            self.form = compare_forms.ComparisonForm(self.chosen, self.versions)

    def _chosen(self, old: str, new: str) -> dict[str, str]:
        numbers = [number for number, _label in self.versions]
        if not old and not new:
            old, new = compare_forms.default_sides(numbers, is_changed=self._is_changed())
        return {
            "from": old or compare_forms.previous_side(numbers, new),
            "to": new or compare_forms.DRAFT,
        }

    def _is_changed(self) -> bool:
        """Whether the draft differs from the newest version."""
        newest = self.description.versions.defer("text").order_by("-number")[0]
        return not newest.has(self._draft)

    @cached_property
    def _draft(self) -> Document:
        return assembly.assemble(self.description)

    def pair(self) -> tuple[Side, Side]:
        assert self.form is not None  # noqa: S101  # narrows the type
        cleaned = self.form.cleaned_data
        return self._side(cleaned["from"]), self._side(cleaned["to"])

    def _side(self, which: str) -> Side:
        if which == compare_forms.DRAFT:
            edition = assembly.draft_edition(self.description)
            return Side(self._draft.for_audience(self.audience), edition)
        version = get_version(self.description, int(which))
        return Side(version.document.for_audience(self.audience), rendered_files.edition(version))


def _show(request: HttpRequest, found: comparison.Comparison) -> str:
    wanted = request.GET.get("show")
    if wanted in ("all", "changes"):
        return str(wanted)
    return "changes" if sum(1 for _line in found.every_line()) > SHOW_ALL_LIMIT else "all"


def _paper(found: comparison.Comparison, old: Side, new: Side, show: str) -> SafeString:
    html = redline.article_html(
        found,
        old.edition,
        new.edition,
        logo_url=logo_address(new.edition),
        only_changed=show == "changes",
    )
    return mark_safe(html)  # noqa: S308  # the exporter escapes
