"""The page of the level comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from roles import assembly, levels, permissions
from roles.document import Document
from roles.models import EffectivePeriod, JobDescription, JobFamily, JobLevel, User, Version
from roles.models.job_description import JobDescriptionQuerySet
from roles.web.levels import level_columns
from roles.web.shared import references
from roles.web.shared.access import person, requires

MIN_COMPARED, MAX_COMPARED = 2, 5
MAX_CHOICES = 100  # job descriptions of a family to choose from
TEXTS = {  # the text to compare; if a job description has none, the next one is used
    "current": gettext_lazy("Current version"),
    "newest": gettext_lazy("Latest version"),
    "draft": gettext_lazy("Draft"),
}


@dataclass(frozen=True)
class ComparedText:
    """The compared text of a job description; `number` is None for the draft."""

    document: Document
    label: str
    number: int | None = None


@require_safe
@requires("description.list")
def show(request: HttpRequest) -> HttpResponse:
    """Compares the selected job descriptions, and shows the form to select them."""
    user = person(request)
    visible = JobDescription.objects.visible_to(user)
    chosen = list(dict.fromkeys(request.GET.getlist("jd")))
    selected = _selected(visible, chosen, user)
    text = request.GET.get("text", "current")
    text = text if text in TEXTS else "current"
    family = _family(request, selected)
    context: dict[str, Any] = {
        "selected": [one.reference for one in selected],
        "problem": _problem(chosen, selected, is_sent="text" in request.GET and family is not None),
        "text": text,
        "texts": TEXTS,
        "family": family,
        "choices": _choices(visible, family),
        "families": [] if family else _families(visible),
        "least": MIN_COMPARED,
        "most": MAX_COMPARED,
    }
    if MIN_COMPARED <= len(selected) <= MAX_COMPARED:
        context |= _comparison(user, selected, _texts(selected, text))
        context["is_mixed"] = len({one.job_family_id for one in selected}) > 1
    return render(request, "levels/level_comparison.html", context)


def _selected(
    visible: JobDescriptionQuerySet, chosen: Sequence[str], user: User
) -> list[JobDescription]:
    """Returns the job descriptions that the person can view, in the order of the references."""
    valid = references.valid(chosen)[: MAX_COMPARED * 10]
    found = visible.filter(reference__in=valid).select_related(
        "owner", "job_family", "job_level", "department"
    )
    rows = {
        one.reference: one
        for one in found.prefetch_related("hiring_managers", "locations")
        if permissions.may(user, "description.view", one.relations_of(user))
    }
    return [rows[reference] for reference in valid if reference in rows]


def _problem(chosen: Sequence[str], selected: Sequence[JobDescription], *, is_sent: bool) -> str:
    """Returns an error message for the selection, or ""."""
    found = {one.reference for one in selected}
    missing = [reference[:16] for reference in chosen if reference not in found]
    if missing:
        return _(
            "You don’t have access to these job descriptions, or they don’t exist: %s."
        ) % ", ".join(missing[:MAX_COMPARED])
    if len(selected) > MAX_COMPARED:
        return _("You selected %(count)d. Select up to %(most)d job descriptions.") % {
            "count": len(selected),
            "most": MAX_COMPARED,
        }
    if is_sent and not selected:
        return _("Select at least two job descriptions.")
    return _("Select at least one more.") if len(selected) == 1 else ""


def _family(request: HttpRequest, selected: Sequence[JobDescription]) -> JobFamily | None:
    """Returns the family in the URL, or else that of the first selected job description."""
    key = request.GET.get("family", "")
    if key.isdecimal() and len(key) < 10:
        return JobFamily.objects.filter(pk=int(key)).first()
    return next((one.job_family for one in selected if one.job_family), None)


def _choices(
    visible: JobDescriptionQuerySet, family: JobFamily | None
) -> QuerySet[JobDescription, JobDescription]:
    of_family = visible.not_archived().filter(job_family=family) if family else visible.none()
    ordered = of_family.order_by("job_level__position", "title", "pk").select_related("job_level")
    return ordered.defer("search_text")[:MAX_CHOICES]


def _families(visible: JobDescriptionQuerySet) -> QuerySet[JobFamily, JobFamily]:
    """Returns the families with enough visible job descriptions to compare."""
    of_visible = JobFamily.objects.filter(descriptions__in=visible.not_archived())
    counted = of_visible.annotate(count=Count("descriptions", distinct=True))
    return counted.filter(count__gte=MIN_COMPARED)


def _texts(selected: Sequence[JobDescription], wanted: str) -> dict[int, ComparedText]:
    """Returns the text to compare for each job description id (see TEXTS)."""
    found: dict[int, ComparedText] = {}
    if wanted == "current":
        rows = EffectivePeriod.objects.on(timezone.localdate()).filter(description__in=selected)
        for row in rows.select_related("version"):
            since = formats.date_format(row.since, "DATE_FORMAT")
            label = _("Version %(number)d, current since %(since)s")
            label %= {"number": row.version.number, "since": since}
            found[row.description_id] = ComparedText(
                row.version.document, label, row.version.number
            )
    rest = [one for one in selected if one.pk not in found]
    if wanted != "draft" and rest:
        of_same = Version.objects.filter(description=OuterRef("description")).order_by("-number")
        newest = Subquery(of_same.values("number")[:1])
        for version in Version.objects.filter(description__in=rest, number=newest):
            label = _("Version %d (latest)") % version.number
            found[version.description_id] = ComparedText(version.document, label, version.number)
    rest = [one for one in selected if one.pk not in found]
    if rest:
        for draft in assembly.load_all_rows(rest):
            document = assembly.assemble(draft.description, draft)
            found[draft.description.pk] = ComparedText(document, _("Draft"))
    return found


def _comparison(
    user: User, selected: Sequence[JobDescription], texts: dict[int, ComparedText]
) -> dict[str, Any]:
    """Returns the template context of the comparison. Each document is limited to the person's
    audience; pay is left out unless they can see it in every document."""
    full = {one.reference: texts[one.pk].document for one in selected}
    seen = {
        one.reference: texts[one.pk].document.for_audience(
            permissions.audience(user, one.relations_of(user))
        )
        for one in selected
    }
    hides_pay = any(_pay(full[key]) != _pay(seen[key]) for key in full)
    places = dict(JobLevel.objects.values_list("name", "position"))
    compared = []
    for key, document in seen.items():
        level = document.fact("job_level")
        rank = places.get(level.values[0]) if level and level.values else None
        compared.append(
            levels.ComparedLevel(
                key, level_columns.without_pay(document) if hides_pay else document, rank
            )
        )
    comparison = levels.compare_levels(compared)
    by_key = {one.reference: one for one in selected}
    return {
        "columns": [
            level_columns.column(compared_level, by_key[compared_level.key], texts)
            for compared_level in comparison.compared_levels
        ],
        "sections": level_columns.sections(comparison),
        "inversions": level_columns.inversions(comparison),
        "by": comparison.by,
        "hides_pay": hides_pay,
    }


def _pay(document: Document) -> list[str]:
    return [section.uid for section in document.sections if section.kind == "pay"]
