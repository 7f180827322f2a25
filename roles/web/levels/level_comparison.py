"""The level comparison: job descriptions of one family side by side, level by level."""

from __future__ import annotations

import re
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
from roles.web.shared.access import person, requires

FEWEST, MOST = 2, 5
OFFERED = 100  # job descriptions of a family to choose from
TEXTS = {  # what is compared: the first of these that there is, from the one asked for on
    "current": gettext_lazy("Effective version"),
    "newest": gettext_lazy("Newest version"),
    "draft": gettext_lazy("Draft"),
}
_REFERENCE = re.compile(r"[A-Z]{2,6}-[0-9]{1,8}\Z")


@dataclass(frozen=True)
class ComparedText:
    """Which text of a job description is compared: the document, what it is called, and its
    version's number (none: the draft)."""

    document: Document
    words: str
    number: int | None = None


@require_safe
@requires("description.list")
def show(request: HttpRequest) -> HttpResponse:
    """The level comparison of those asked for; else, or besides, the choice of them."""
    user = person(request)
    visible = JobDescription.objects.visible_to(user)
    asked = list(dict.fromkeys(request.GET.getlist("jd")))
    chosen = _chosen(visible, asked, user)
    text = request.GET.get("text", "current")
    text = text if text in TEXTS else "current"
    family = _family(request, chosen)
    context: dict[str, Any] = {
        "chosen": [one.reference for one in chosen],
        "problem": _problem(asked, chosen),
        "text": text,
        "texts": TEXTS,
        "family": family,
        "offered": _offered(visible, family),
        "families": [] if family else _families(visible),
    }
    if FEWEST <= len(chosen) <= MOST:
        context |= _comparison(user, chosen, _texts(chosen, text))
        context["is_mixed"] = len({one.job_family_id for one in chosen}) > 1
    return render(request, "levels/level_comparison.html", context)


def _chosen(
    visible: JobDescriptionQuerySet, asked: Sequence[str], user: User
) -> list[JobDescription]:
    """Those asked for that the person may read, in the order asked for."""
    wanted = [reference for reference in asked if _REFERENCE.match(reference)][: MOST * 10]
    found = visible.filter(reference__in=wanted).select_related(
        "owner", "job_family", "job_level", "department"
    )
    rows = {
        one.reference: one
        for one in found.prefetch_related("hiring_managers", "locations")
        if permissions.may(user, "description.view", one.relations_of(user))
    }
    return [rows[reference] for reference in wanted if reference in rows]


def _problem(asked: Sequence[str], chosen: Sequence[JobDescription]) -> str:
    """What is wrong with what was asked for, for the person."""
    found = {one.reference for one in chosen}
    missing = [reference[:16] for reference in asked if reference not in found]
    if missing:
        return _("These are not among those that you may see: %s.") % ", ".join(missing[:MOST])
    if len(chosen) > MOST:
        return _("You chose %(count)d. Choose %(most)d at most: a page has no room for more.") % {
            "count": len(chosen),
            "most": MOST,
        }
    return _("Choose at least one more.") if len(chosen) == 1 else ""


def _family(request: HttpRequest, chosen: Sequence[JobDescription]) -> JobFamily | None:
    """The family to choose from: the one asked for, else that of the first one chosen."""
    asked = request.GET.get("family", "")
    if asked.isdecimal() and len(asked) < 10:
        return JobFamily.objects.filter(pk=int(asked)).first()
    return next((one.job_family for one in chosen if one.job_family), None)


def _offered(
    visible: JobDescriptionQuerySet, family: JobFamily | None
) -> QuerySet[JobDescription, JobDescription]:
    of_family = visible.not_archived().filter(job_family=family) if family else visible.none()
    ordered = of_family.order_by("job_level__position", "title", "pk").select_related("job_level")
    return ordered.defer("search_text")[:OFFERED]


def _families(visible: JobDescriptionQuerySet) -> QuerySet[JobFamily, JobFamily]:
    """Families with enough job descriptions that the person may see."""
    of_visible = JobFamily.objects.filter(descriptions__in=visible.not_archived())
    counted = of_visible.annotate(count=Count("descriptions", distinct=True))
    return counted.filter(count__gte=FEWEST)


def _texts(chosen: Sequence[JobDescription], wanted: str) -> dict[int, ComparedText]:
    """The text of each, by its id: the one wanted or the next that there is."""
    found: dict[int, ComparedText] = {}
    if wanted == "current":
        rows = EffectivePeriod.objects.on(timezone.localdate()).filter(description__in=chosen)
        for row in rows.select_related("version"):
            since = formats.date_format(row.since, "DATE_FORMAT")
            words = _("Version %(number)d, effective since %(since)s")
            words %= {"number": row.version.number, "since": since}
            found[row.description_id] = ComparedText(
                row.version.document, words, row.version.number
            )
    rest = [one for one in chosen if one.pk not in found]
    if wanted != "draft" and rest:
        of_same = Version.objects.filter(description=OuterRef("description")).order_by("-number")
        newest = Subquery(of_same.values("number")[:1])
        for version in Version.objects.filter(description__in=rest, number=newest):
            words = _("Version %d, the newest") % version.number
            found[version.description_id] = ComparedText(version.document, words, version.number)
    rest = [one for one in chosen if one.pk not in found]
    if rest:
        for draft in assembly.load_all_rows(rest):
            whole = assembly.assemble(draft.description, draft)
            found[draft.description.pk] = ComparedText(whole, _("Draft"))
    return found


def _comparison(
    user: User, chosen: Sequence[JobDescription], texts: dict[int, ComparedText]
) -> dict[str, Any]:
    """The level comparison as this person can read it: each level for their audience, and pay
    only where they can read that of all levels."""
    whole = {one.reference: texts[one.pk].document for one in chosen}
    seen = {
        one.reference: texts[one.pk].document.for_audience(
            permissions.audience(user, one.relations_of(user))
        )
        for one in chosen
    }
    hides_pay = any(_pay(whole[key]) != _pay(seen[key]) for key in whole)
    places = dict(JobLevel.objects.values_list("name", "position"))
    made = []
    for key, document in seen.items():
        level = document.fact("job_level")
        rank = places.get(level.values[0]) if level and level.values else None
        made.append(
            levels.ComparedLevel(
                key, level_columns.without_pay(document) if hides_pay else document, rank
            )
        )
    climbed = levels.compare_levels(made)
    by_key = {one.reference: one for one in chosen}
    return {
        "columns": [
            level_columns.column(compared_level, by_key[compared_level.key], texts)
            for compared_level in climbed.compared_levels
        ],
        "sections": level_columns.sections(climbed),
        "inversions": level_columns.inversions(climbed),
        "by": climbed.by,
        "hides_pay": hides_pay,
    }


def _pay(document: Document) -> list[str]:
    return [section.uid for section in document.sections if section.kind == "pay"]
