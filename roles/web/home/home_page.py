"""The home page: what waits for this person, for each kind of person that they are."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from roles import assembly, permissions
from roles.models import JobDescription, Organization, Snippet, User, draft_row
from roles.models.job_description import JobDescriptionQuerySet
from roles.models.snippet import SnippetQuerySet
from roles.versions import effective_periods
from roles.web.home import home_reviews
from roles.web.home.home_reviews import ShortList
from roles.web.shared import pending_reviews, wizard_steps
from roles.web.shared.access import person

SHOWN = home_reviews.ROWS_SHOWN  # of each list; the rest is behind its link
WITH_REVIEWS = (("author", "writing"), ("author", "others"), ("manager", "hiring_manager"))


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The parts of each kind of person; the page of those with nothing where there is none."""
    user = person(request)
    parts: dict[str, Any] = {
        "reviewing": home_reviews.reviewing(user),
        "answers": home_reviews.answers(user),
        "author": _author(user),
        "manager": _manager(user),
        "curator": _curator(user),
        "reader": _reader(user),
        "lacking": _lacking(user),
    }
    if not any(parts.values()):
        return render(request, "levels/nothing.html")
    _tell_whom_they_wait_for(user, parts)
    return render(request, "home/home.html", {**parts, "today": timezone.localdate()})


def _tell_whom_they_wait_for(user: User, parts: dict[str, Any]) -> None:
    """Give the job descriptions of these lists `waited`."""
    lists = [parts[part].get(name) for part, name in WITH_REVIEWS if parts[part]]
    pending_reviews.annotate_descriptions(
        [row for short in lists if short for row in short.rows], user
    )


def _author(user: User) -> dict[str, ShortList] | None:
    """What they write: for HR, and for anyone who owns a job description."""
    own = JobDescription.objects.not_archived().filter(owner=user)
    writing = draft_row.with_worked_on(own).with_newest_version().order_by("-changed_at", "-pk")
    writing = writing.with_shown_status().select_related("job_family", "job_level", "department")
    parts = {"writing": _descriptions(user, writing, f"owner={user.pk}")}
    if not (parts["writing"].rows or permissions.may(user, "description.create")):
        return None
    _tell_where_they_stand(parts["writing"].rows)
    due = own.due().order_by("review_by", "pk")
    parts["due"] = _descriptions(user, due, f"owner={user.pk}&review=due")
    if permissions.may(user, "description.create"):
        visible = JobDescription.objects.visible_to(user).not_archived().exclude(owner=user)
        others = visible.select_related("owner").order_by("-changed_at", "-pk")
        parts["others"] = _descriptions(user, others)
    return parts


def _tell_where_they_stand(drafts: list[Any]) -> None:
    """Give each the step of the wizard to go on at, and its number of open placeholders."""
    open_counts = assembly.open_counts(drafts)
    for draft in drafts:
        draft.step = wizard_steps.step_of(draft.worked_on).slug if draft.worked_on else "details"
        draft.open_count = open_counts[draft.pk]


def _manager(user: User) -> dict[str, ShortList] | None:
    """What names them: for hiring managers, and for anyone who is named."""
    named = JobDescription.objects.with_hiring_manager(user).not_archived().select_related("owner")
    newest = named.with_newest_version().with_shown_status().order_by("-changed_at", "-pk")
    found = _descriptions(user, newest, "named=me")
    return {"hiring_manager": found} if found.rows or "manager" in user.kinds else None


def _curator(user: User) -> dict[str, Any] | None:
    """What the library asks of those who keep it."""
    if not permissions.may(user, "library.change"):
        return None
    kept = Snippet.objects.not_retired()
    proposed = kept.filter(status="proposed").select_related("owner")
    used = Snippet.objects.filter(pk__in=kept.most_used(SHOWN)).with_usage()
    return {
        "proposed": _snippets(proposed.order_by("changed_at", "pk"), "status=proposed"),
        "due": _snippets(kept.due().order_by("review_by", "pk"), "review=due"),
        "changed": _snippets(
            kept.filter(edited=True).order_by("-changed_at", "-pk"), "sort=-changed"
        ),
        "used": ShortList(
            sorted(used, key=attrgetter("used"), reverse=True), f"{reverse('library')}?sort=-used"
        ),
    }


def _reader(user: User) -> dict[str, Any] | None:
    """What took effect lately, for those whom it is all about: of the departments of their
    account first, where it names any."""
    if "employee" not in user.kinds:
        return None
    found = effective_periods.readable_today(user).listed().order_by("-since", "-pk")
    url = f"{reverse('catalog')}?sort=-since"
    if not user.department_ids:
        return {"lately": ShortList(list(found[:SHOWN]), url)}
    within = Q(description__department__in=user.department_ids)
    return {
        "departments": list(user.departments.values_list("name", flat=True)),
        "own": ShortList(list(found.filter(within)[:SHOWN]), url),
        "lately": ShortList(list(found.exclude(within)[:SHOWN]), url),
    }


def _lacking(user: User) -> list[str]:
    """What every print shows of the organization and is not set; for administrators."""
    if not permissions.may(user, "admin"):
        return []
    organization = Organization.objects.the()
    stated = {_("its name"): organization.name, _("its logo"): organization.logo_id}
    return [what for what, value in stated.items() if not value]


def _descriptions(user: User, found: JobDescriptionQuerySet, query: str = "") -> ShortList:
    """The first of them; the list, where they may open it, filtered to the same."""
    url = f"{reverse('descriptions')}?{query}" if permissions.may(user, "description.list") else ""
    return ShortList(list(found.defer("search_text")[:SHOWN]), url)


def _snippets(found: SnippetQuerySet, query: str) -> ShortList:
    return ShortList(list(found.defer("search_text")[:SHOWN]), f"{reverse('library')}?{query}")
