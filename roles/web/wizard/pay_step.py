"""The pay section in the wizard: ranges, market figures that fit them, chart and issues."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from roles import document, permissions
from roles.exporters import fact_labels, pay_labels
from roles.models import JobDescription, JobLevel, PayRange, PayReference, Section
from roles.models.pay_range import PAY_FIELDS
from roles.quality import pay_checks, pay_periods
from roles.web.shared.access import get_description, person
from roles.web.wizard import pay_chart, pay_form
from roles.web.wizard.post_parser import PostedPage
from roles.web.wizard.row_fields import RowView, pay_view, references_view

FIGURES_SHOWN = 60
# Fields that are typed, not chosen.
TYPED_FIELDS = [name for name in PAY_FIELDS if name not in ("currency", "period")]


def pay_context(
    description: JobDescription,
    place: Section,
    sections: Iterable[Section],
    submitted: PostedPage,
    new: RowView,
) -> dict[str, Any]:
    """The context of a pay section beside its lines; `new` are the fields of a new range."""
    rows = list(place.pay_ranges.all())
    others = [pay for other in sections for pay in other.pay_ranges.all()]
    if not new.values:
        offered = pay_form.offered_values(rows or others)
        new.values = {name: [value] for name, value in offered.items()}
    fitting, further = figures(description, place)
    compared = _compared(description, rows, fitting)
    remarks = compared["remarks"]
    token = description.edit_token
    return {
        "pays": [
            {"view": submitted.show(pay_view(row, token)), "remarks": remarks[row.uid]}
            for row in rows
        ],
        "new_pay": new,
        "is_adding": any("".join(new.values.get(name, [])) for name in TYPED_FIELDS),
        "references": submitted.show(references_view(place, token)),
        "fitting": [_choice(figure) for figure in fitting],
        "further": [_choice(figure) for figure in further],
        "chart": compared["chart"],
        "pay_places": _places(description, (*fitting, *further)),
        "pay_levels": list(JobLevel.objects.values_list("name", flat=True)),
    }


@require_safe
def chart(request: HttpRequest, reference: str, pay: str) -> HttpResponse:
    """The current chart, table and issues of a pay section, which the page loads after an
    autosave."""
    description = get_description(request, reference, "description.edit")
    sections = description.sections.prefetch_related("pay_ranges", "pay_references")
    place = sections.filter(uid=pay, kind="pay").first()
    widest = permissions.audience(person(request), description.relations_of(person(request)))
    if place is None or place.shown_to not in permissions.audiences_within(widest):
        raise Http404
    fitting, _further = figures(description, place)
    context = _compared(description, list(place.pay_ranges.all()), fitting)
    return render(request, "wizard/pay_chart.html", {"section": place, **context})


def _compared(
    description: JobDescription, rows: Sequence[PayRange], fitting: Iterable[PayReference]
) -> dict[str, Any]:
    """The chart, and the issues of each range by its uid."""
    hours = pay_periods.hours_a_year(description.weekly_hours)
    market = [figure.value() for figure in fitting]
    ranges = [
        document.DocumentPayRange(uid=row.uid, **{name: getattr(row, name) for name in PAY_FIELDS})
        for row in rows
    ]
    return {
        "chart": pay_chart.chart(ranges, market, hours),
        "remarks": {pay.uid: list(pay_checks.pay_issues(pay, market, hours)) for pay in ranges},
    }


def figures(
    description: JobDescription, place: Section
) -> tuple[list[PayReference], list[PayReference]]:
    """The market figures for this job with those that are shown already, and all others.

    A figure fits if the job title contains its role, and if its location, level and years, if
    any, match the job description or one of the section's ranges."""
    prefetch_related_objects([description], "locations")
    rows = list(place.pay_ranges.all())
    shown = {figure.pk for figure in place.pay_references.all()}
    fitting: list[PayReference] = []
    further: list[PayReference] = []
    for figure in PayReference.objects.all():
        is_listed = figure.pk in shown or _fits(figure, description, rows)
        (fitting if is_listed else further).append(figure)
    return fitting[:FIGURES_SHOWN], further[: max(FIGURES_SHOWN - len(fitting), 0)]


def _fits(figure: PayReference, description: JobDescription, rows: Sequence[PayRange]) -> bool:
    places = [str(location) for location in description.locations.all()]
    places += [row.location for row in rows]
    level = description.job_level
    levels = [description.title, *([level.name, level.code] if level else [])]
    levels += [row.level for row in rows]
    spans = [(row.years_from, row.years_to) for row in rows]
    own = description if (description.years_from, description.years_to) != (None, None) else level
    spans += [(own.years_from, own.years_to)] if own else []
    countries = {location.country for location in description.locations.all()} - {""}
    return (
        figure.role.casefold() in description.title.casefold()
        and _matches_any(figure.location, places)
        and _matches_any(figure.level, levels)
        and _overlaps(figure, spans)
        and (not figure.country or not countries or figure.country in countries)
    )


def _matches_any(words: str, texts: Iterable[str]) -> bool:
    """Whether one of the texts has all the words, or there are no words."""
    wanted = _words(words)
    return not wanted or any(wanted <= _words(text) for text in texts)


def _words(text: str) -> set[str]:
    """The words of a text without "level": a senior title matches "senior level"."""
    return set(re.findall(r"\w+", text.casefold())) - {"level"}


def _overlaps(figure: PayReference, spans: Iterable[tuple[int | None, int | None]]) -> bool:
    """Whether the figure's years of experience, if any, overlap one of the spans."""
    if figure.years_from is None and figure.years_to is None:
        return True
    first, last = figure.years_from or 0, figure.years_to
    return any(
        (start or 0) <= (last if last is not None else first + 60)
        and first <= (end if end is not None else first)
        for start, end in spans
        if (start, end) != (None, None)
    )


def _choice(figure: PayReference) -> dict[str, Any]:
    """A market figure with its checkbox, worded as in the document."""
    value = figure.value()
    years = fact_labels.years(value.years_from, value.years_to)
    parts = (value.role, value.location, value.level, years)
    return {
        "pk": str(figure.pk),
        "name": ", ".join(part for part in parts if part),
        "figure": pay_labels.pay_figure(value),
        "source": pay_labels.pay_source(value),
    }


def _places(description: JobDescription, known: Iterable[PayReference]) -> list[str]:
    """Locations to suggest for a range: those of the job, then those of the market figures."""
    own = [location.city for location in description.locations.all()]
    return list(dict.fromkeys([*own, *(figure.location for figure in known if figure.location)]))
