"""The home page: the lists for each kind of account that the person has."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from roles import assembly, permissions, versions
from roles.models import JobDescription, Organization, Snippet, User, draft_row
from roles.models.snippet import SnippetQuerySet
from roles.versions import effective_periods
from roles.web.home import home_reviews
from roles.web.home.home_page_forms import DraftSort
from roles.web.home.home_reviews import ShortList
from roles.web.shared import description_filter, pending_reviews, wizard_steps
from roles.web.shared.access import person

SHOWN = home_reviews.ROWS_SHOWN  # rows of each list; a link shows all
RECORDS = ("job_family", "job_level", "department")  # that the text of a draft names
LISTS_OF_DRAFTS = (("author", "writing"), ("manager", "hiring_manager"))
LISTS_WITH_REVIEWS = (("author", "writing"), ("author", "others"), ("manager", "hiring_manager"))


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The lists for the person, or a page that explains how to get access."""
    user = person(request)
    parts: dict[str, Any] = {
        "reviewing": home_reviews.reviewing(user),
        "author_reviews": home_reviews.author_reviews(user),
        "author": _author(user, request.GET),
        "manager": _manager(user),
        "curator": _curator(user),
        "employee": _employee(user),
        "missing": _missing(user),
    }
    if not any(parts.values()):
        return render(request, "home/no_access.html")
    _annotate_reviews(user, parts)
    _annotate_drafts(parts)
    return render(request, "home/home.html", {**parts, "today": timezone.localdate()})


def _annotate_reviews(user: User, parts: dict[str, Any]) -> None:
    """Set `pending_review` on the job descriptions of these lists."""
    lists = [parts[part].get(name) for part, name in LISTS_WITH_REVIEWS if parts[part]]
    pending_reviews.annotate_descriptions(
        [row for short in lists if short for row in short.rows], user
    )


def _annotate_drafts(parts: dict[str, Any]) -> None:
    """Set on the job descriptions of these lists `saved_as`, the number of the newest version with
    the text of the draft (None: it has changed), and `open_count`, the blank placeholders. Times
    don't tell: a restored or reverted draft was written later than its version."""
    lists = [parts[part][name] for part, name in LISTS_OF_DRAFTS if parts[part]]
    rows = [row for short in lists for row in short.rows]
    prefetch_related_objects(rows, "locations")
    loaded = assembly.load_all_rows(rows) if rows else []
    documents = {
        draft.description.pk: assembly.assemble(draft.description, draft) for draft in loaded
    }
    saved_as = versions.saved_as(documents)
    for row in rows:
        row.saved_as = saved_as.get(row.pk)
        row.open_count = documents[row.pk].open_count()


def _author(user: User, query: QueryDict) -> dict[str, Any] | None:
    """Return the lists for HR and for anyone who owns a job description."""
    own = JobDescription.objects.not_archived().filter(owner=user)
    sort = DraftSort(query, own)
    writing = draft_row.with_worked_on(own).with_newest_version().with_shown_status()
    writing = writing.select_related(*RECORDS)
    parts: dict[str, Any] = {
        "sort": sort,
        "writing": _descriptions(
            user, description_filter.in_order(writing, sort), f"owner={user.pk}"
        ),
    }
    if not (parts["writing"].rows or permissions.may(user, "description.create")):
        return None
    for row in parts["writing"].rows:  # the wizard step to continue at
        row.step = wizard_steps.step_of(row.worked_on).slug if row.worked_on else "details"
    due = own.due().order_by("review_by", "pk")
    parts["due"] = _descriptions(user, due, f"owner={user.pk}&review=due")
    if permissions.may(user, "description.create"):
        visible = JobDescription.objects.visible_to(user).not_archived().exclude(owner=user)
        others = visible.select_related("owner").order_by("-changed_at", "-pk")
        recent = _descriptions(user, others)
        parts["others"] = recent if recent.rows else None
    return parts


def _manager(user: User) -> dict[str, ShortList] | None:
    """Return the job descriptions with the person as hiring manager."""
    managed = JobDescription.objects.with_hiring_manager(user).not_archived()
    managed = managed.select_related("owner", *RECORDS)
    newest = managed.with_newest_version().with_shown_status().order_by("-changed_at", "-pk")
    short_list = _descriptions(user, newest, "hiring_manager=me")
    return {"hiring_manager": short_list} if short_list.rows or "manager" in user.kinds else None


def _curator(user: User) -> dict[str, Any] | None:
    """Return the lists of a curator."""
    if not permissions.may(user, "library.change"):
        return None
    in_use = Snippet.objects.not_retired()
    proposed = in_use.filter(status="proposed").select_related("owner")
    return {
        "proposed": _snippets(proposed.order_by("changed_at", "pk"), "status=proposed"),
        "due": _snippets(in_use.due().order_by("review_by", "pk"), "review=due"),
        "changed": _snippets(
            in_use.filter(edited=True).order_by("-changed_at", "-pk"), "sort=-changed"
        ),
        "used": _snippets(
            in_use.filter(used_lines__gt=0).order_by("-used_lines", "-pk"), "sort=-used"
        ),
    }


def _employee(user: User) -> dict[str, Any] | None:
    """Return the latest current job descriptions, those of the employee's departments first."""
    if "employee" not in user.kinds:
        return None
    latest = effective_periods.readable_today(user).listed().order_by("-since", "-pk")
    url = f"{reverse('catalog')}?sort=-since"
    if not user.department_ids:
        return {"lately": ShortList(list(latest[:SHOWN]), url)}
    within = Q(description__department__in=user.department_ids)
    return {
        "departments": list(user.departments.values_list("name", flat=True)),
        "own": ShortList(list(latest.filter(within)[:SHOWN]), url),
        "lately": ShortList(list(latest.exclude(within)[:SHOWN]), url),
    }


def _missing(user: User) -> list[str]:
    """Return the organization details that exports show but that aren't set; for administrators."""
    if not permissions.may(user, "settings.change"):
        return []
    organization = Organization.objects.the()
    facts = {_("name"): organization.name, _("logo"): organization.logo_id}
    return [what for what, value in facts.items() if not value]


def _descriptions(user: User, rows: QuerySet[JobDescription], query: str = "") -> ShortList:
    """Return the first rows, and the URL of the list with the same filter."""
    url = f"{reverse('descriptions')}?{query}" if permissions.may(user, "description.list") else ""
    return ShortList(list(rows.defer("search_text")[:SHOWN]), url)


def _snippets(rows: SnippetQuerySet, query: str) -> ShortList:
    return ShortList(list(rows.defer("search_text")[:SHOWN]), f"{reverse('library')}?{query}")
