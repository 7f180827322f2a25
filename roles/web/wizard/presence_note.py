"""The note of the wizard about who else is editing the draft, and where."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from roles.drafts import presence
from roles.drafts.draft import is_uid
from roles.models import JobDescription
from roles.web.shared.access import get_description, person
from roles.web.shared.post_data import single
from roles.web.shared.wizard_steps import BY_SLUG

SHOWN = 3  # people named; the others are counted


@require_safe
def note(request: HttpRequest, reference: str, step: str) -> HttpResponse:
    """The note, which an open page of a step polls with the uid of the section in `?section=`."""
    description = get_description(request, reference, "description.edit", alone=True)
    if step not in BY_SLUG:
        raise Http404
    section = single(request.GET, "section")
    context = editors(request, description, step, section if is_uid(section) else "")
    return render(request, "wizard/_presence.html", context)


def editors(
    request: HttpRequest, description: JobDescription, step: str, section: str | None = None
) -> dict[str, Any]:
    """Records that the person has this step open (presence.record). Returns the context of the
    note: the names of the others, each with the heading of the section or the title of the step,
    and how many more there are."""
    others = presence.record(
        description=description, user=person(request), step=step, section=section
    )
    named = others[:SHOWN]
    uids = {row.section for row in named if row.section}
    found = description.sections.filter(uid__in=uids).values_list("uid", "heading") if uids else ()
    headings = dict(found)
    return {
        "editors": [
            {"name": str(row.user), "place": headings.get(row.section) or BY_SLUG[row.step].title}
            for row in named
        ],
        "more_editors": len(others) - len(named),
    }
