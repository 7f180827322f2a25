"""The page of a rollout: progress, job descriptions, and actions."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods, require_safe

from roles import outages, permissions, tasks
from roles.models import Rollout, RolloutEntry, User, Version
from roles.reviews import review_access
from roles.rollouts import batch_approval, impact
from roles.web.rollouts import rollout_actions, rollout_redline, rollout_rows
from roles.web.rollouts.rollout_forms import RolloutPageForms
from roles.web.shared.access import person
from roles.web.shared.fragments import is_fragment, page_or_fragment


@require_http_methods(["GET", "HEAD", "POST"])
@page_or_fragment
def rollout(request: HttpRequest, rollout: int) -> HttpResponseBase:
    """Shows the progress and the job descriptions; only the progress for htmx. POST performs the
    action of a button (see rollout_actions)."""
    found = _get(request, rollout)
    forms = RolloutPageForms(request)
    if request.method == "POST":
        response = rollout_actions.perform(request, found, forms)
        if response is not None:
            return response
    context = _context(found, person(request)) | forms.context()
    if found.is_unfinished and found.is_expired:  # its process was killed
        outages.tolerate("Resumed background work", tasks.resume)
    context["is_fragment"] = is_fragment(request)
    template = "rollouts/_progress.html" if is_fragment(request) else "rollouts/rollout.html"
    page = render(request, template, context, status=422 if forms.has_errors else 200)
    patch_cache_control(page, private=True, no_store=True)
    return page


@require_safe
@page_or_fragment
def entry(request: HttpRequest, rollout: int, reference: str) -> HttpResponse:
    """Shows the changes to one job description that the person can see; only the redline for
    htmx."""
    found = _get(request, rollout)
    user = person(request)
    entries = batch_approval.shown_to(found, user).select_related("version", "review__requested_by")
    shown = get_object_or_404(
        entries.select_related("description__owner"), description__reference=reference
    )
    context: dict[str, Any] = {
        "rollout": found,
        "reference": reference,
        "reason": shown.reason,
        "title": shown.description.title,
        "review": shown.review,
    }
    if shown.review is not None and shown.version is not None:
        context |= _redline(request, shown)
    return rollout_redline.section(request, context)


def _get(request: HttpRequest, pk: int) -> Rollout:
    """Returns the rollout. Raises Http404 unless the person can start rollouts or reviews it."""
    related = ("revision__snippet", "by", "approver")
    found = get_object_or_404(Rollout.objects.select_related(*related), pk=pk)
    user = person(request)
    if (
        not permissions.may(user, "rollout.start")
        and not batch_approval.shown_to(found, user).exists()
    ):
        raise Http404
    return found


def _context(rollout: Rollout, user: User) -> dict[str, Any]:
    may_start = permissions.may(user, "rollout.start")
    rows = rollout_rows.rows(rollout, user)
    total = rollout.entries.count()
    waiting = rollout.entries.filter(version=None, reason="").count()
    return {
        "rollout": rollout,
        "wording": rollout_redline.wording(
            impact.replaced(rollout.revision, _versions_before(rollout)), rollout.revision
        ),
        "made": [row for row in rows if row.entry.version_id],
        "change_requests": rollout_rows.change_requests(rows),
        "left_out": [row for row in rows if row.state == "left_out"],
        "hidden": total - len(rows) if may_start else 0,
        "total": total,
        "waiting": waiting,
        "done": total - waiting,
        "approved": sum(row.state in ("approved", "current") for row in rows),
        "may_start": may_start,
        **_available_actions(rollout, user, rows, may_start=may_start),
    }


def _available_actions(
    rollout: Rollout, user: User, rows: list[rollout_rows.RolloutRow], *, may_start: bool
) -> dict[str, Any]:
    """Returns, for each action, the job descriptions (or their number) it is available for."""
    to_change = batch_approval.awaiting_decision(rollout, user, "ask_for_changes")
    to_make_current = batch_approval.awaiting_effective_date(rollout, user)
    open_reviews = [row for row in rows if row.entry.review and row.entry.review.is_open]
    return {
        "to_decide": [row for row in rows if row.is_asked],
        "to_change": to_change.count(),
        "to_make_current": to_make_current.count() if may_start else 0,
        "to_withdraw": len(open_reviews) if may_start else 0,
    }


def _versions_before(rollout: Rollout) -> QuerySet[Version]:
    """Returns the versions before the rollout."""
    made = F("description__rollout_entries__version__number")
    return Version.objects.filter(description__rollout_entries__rollout=rollout, number=made - 1)


def _redline(request: HttpRequest, shown: RolloutEntry) -> dict[str, Any]:
    """Returns the changes to one job description, for its reviewer. Records the view."""
    assert shown.review is not None  # noqa: S101  # narrows the type
    assert shown.version is not None  # noqa: S101
    shown.review.description = shown.version.description = shown.description
    reader = review_access.reader(shown.review, person(request))
    if reader is None:
        raise Http404
    earlier = shown.description.versions.filter(number__lt=shown.version.number)
    approved = earlier.filter(approval__isnull=False).order_by("-number").first()
    before = approved or earlier.order_by("-number")[0]  # reviewers must see all unapproved changes
    old, new = reader.document(before), reader.document(shown.version)
    sections = impact.changed_sections(old, new)
    review_access.record_view(reader, shown.version)
    return {"title": new.title, "sections": rollout_redline.changed(old, new, sections)}
