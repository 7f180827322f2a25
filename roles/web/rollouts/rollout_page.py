"""The page of a roll-out: how far it is, approve, ask for changes, let it hold, withdraw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from roles import permissions, tasks
from roles.models import Rollout, RolloutEntry, Version
from roles.reviews import review_access
from roles.rollouts import batch_approval, impact
from roles.rollouts.batch_approval import BatchResult
from roles.web.rollouts import rollout_redline
from roles.web.rollouts.rollout_forms import RequestChangesForm, WithdrawRolloutForm
from roles.web.rollouts.rollout_rows import rows, wanted
from roles.web.shared.access import person
from roles.web.shared.dates import EffectiveDateForm

TOLD = 5  # of those that could not be, in a message

require_form = require_http_methods(["GET", "HEAD", "POST"])


@require_form
def rollout(request: HttpRequest, rollout: int) -> HttpResponseBase:
    """How far it is; whoever approves it approves it here. For htmx the progress alone."""
    found = _get(request, rollout)
    user = person(request)
    may_make = permissions.may(user, "rollout.start")
    forms: dict[str, Any] = {
        "changes_form": RequestChangesForm(_typed(request, "ask_for_changes")),
        "effective_form": EffectiveDateForm(_typed(request, "current")),
        "withdraw_form": WithdrawRolloutForm(_typed(request, "withdraw")),
    }
    if request.method == "POST":
        done = _do(request, found, forms)
        if done is not None:
            return done
    waiting = RolloutEntry.objects.filter(rollout=found, version=None, reason="").count()
    if found.is_unfinished and found.is_expired:  # its process was killed
        tasks.resume()
    every = rows(found, user)
    entries = found.entries.all()
    context = {
        **forms,
        "rollout": found,
        "wording": rollout_redline.wording(
            impact.replaced(found.revision, _before(found)), found.revision
        ),
        "made": [row for row in every if row.entry.version_id],
        "wanted": wanted(every),
        "left_out": [row for row in every if row.state == "left_out"],
        "hidden": entries.count() - len(every) if may_make else 0,
        "total": entries.count(),
        "waiting": waiting,
        "approved": sum(row.state in ("approved", "current") for row in every),
        "to_decide": [row for row in every if row.is_asked],
        "to_change": batch_approval.awaiting_decision(found, user, "ask_for_changes").count(),
        "to_hold": batch_approval.awaiting_effective_date(found, user).count() if may_make else 0,
        "to_withdraw": sum(_is_open(row.entry) for row in every) if may_make else 0,
        "may_make": may_make,
    }
    context["done"] = context["total"] - context["waiting"]
    is_section = bool(getattr(request, "htmx", False))
    template = "rollouts/_progress.html" if is_section else "rollouts/rollout.html"
    status = 422 if any(form.errors for form in forms.values()) else 200
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    patch_cache_control(response, private=True, no_store=True)
    return response


@require_safe
def entry(request: HttpRequest, rollout: int, reference: str) -> HttpResponse:
    """What the roll-out changed in one job description, cut to what the person may read of it;
    for htmx the part alone."""
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
        context |= _read(request, shown)
    return rollout_redline.section(request, context)


def _read(request: HttpRequest, shown: RolloutEntry) -> dict[str, Any]:
    assert shown.review is not None  # noqa: S101  # narrows the type
    assert shown.version is not None  # noqa: S101
    shown.review.description = shown.version.description = shown.description
    reader = review_access.reader(shown.review, person(request))
    if reader is None:
        raise Http404
    earlier = shown.description.versions.filter(number__lt=shown.version.number)
    approved = earlier.filter(approval__isnull=False).order_by("-number").first()
    before = approved or earlier.order_by("-number")[0]  # nobody approves what they do not see
    old, new = reader.document(before), reader.document(shown.version)
    sections = impact.changed_sections(old, new)
    review_access.record_view(reader, shown.version)
    return {"title": new.title, "sections": rollout_redline.changed(old, new, sections)}


def _get(request: HttpRequest, pk: int) -> Rollout:
    """The roll-out, for those who make some and for those whom a review of it asks."""
    related = ("revision__snippet", "by", "approver")
    found = get_object_or_404(Rollout.objects.select_related(*related), pk=pk)
    user = person(request)
    if (
        not permissions.may(user, "rollout.start")
        and not batch_approval.shown_to(found, user).exists()
    ):
        raise Http404
    return found


def _do(request: HttpRequest, found: Rollout, forms: dict[str, Any]) -> HttpResponseBase | None:
    """What a button of the page asks for; None where its form is not valid."""
    user, do = person(request), request.POST.get("action", "")
    if do in ("current", "withdraw", "go_on") and not permissions.may(user, "rollout.start"):
        raise PermissionDenied
    if do in ("approve", "approve_all", "ask_for_changes"):
        _require_reviewer(request, found)
    if do == "go_on":
        tasks.continue_rollout(found)
    elif do in ("approve", "approve_all"):
        names = None if do == "approve_all" else request.POST.getlist("jd")
        outcomes = batch_approval.approve_all(rollout=found, by=user, references=names)
        _tell(request, outcomes, _approved)
    elif do == "ask_for_changes":
        form = forms["changes_form"]
        if not form.is_valid():
            return None
        asked = batch_approval.ask_for_changes(rollout=found, by=user, **form.cleaned_data)
        _tell(request, asked, _asked)
    elif do == "current":
        form = forms["effective_form"]
        if not form.is_valid():
            return None
        held = batch_approval.make_effective(rollout=found, by=user, **form.cleaned_data)
        _tell(request, held, _held)
    elif do == "withdraw":
        form = forms["withdraw_form"]
        if not form.is_valid():
            return None
        ended = batch_approval.withdraw(rollout=found, by=user, **form.cleaned_data)
        _tell(request, ended, _ended)
    return redirect(found)


def _require_reviewer(request: HttpRequest, found: Rollout) -> None:
    if not found.reviews.filter(
        reviewers__user=person(request), reviewers__removal_reason=""
    ).exists():
        raise PermissionDenied


def _approved(count: int) -> str:
    words = ngettext(
        "You approved it in %d job description.", "You approved it in %d job descriptions.", count
    )
    return words % count


def _asked(count: int) -> str:
    words = ngettext(
        "You asked for changes in %d job description.",
        "You asked for changes in %d job descriptions.",
        count,
    )
    return words % count


def _held(count: int) -> str:
    words = ngettext("%d version holds from that day.", "%d versions hold from that day.", count)
    return words % count


def _ended(count: int) -> str:
    return ngettext("%d review withdrawn.", "%d reviews withdrawn.", count) % count


def _tell(
    request: HttpRequest, outcomes: Sequence[BatchResult], words: Callable[[int], str]
) -> None:
    """How many it was done for; and what else there is to say, with whom it is about."""
    done = sum(outcome.is_done for outcome in outcomes)
    if done:
        messages.success(request, words(done))
    about: dict[str, list[str]] = {}
    for outcome in outcomes:
        if outcome.reason:
            about.setdefault(outcome.reason, []).append(outcome.description.reference)
    for reason, references in about.items():
        named = ", ".join(references[:TOLD])
        more = len(references) - TOLD
        named += _(" and %d more") % more if more > 0 else ""
        messages.warning(request, f"{reason} ({named})")
    if not outcomes:
        messages.info(request, _("There was nothing left to do."))


def _before(found: Rollout) -> QuerySet[Version]:
    """The versions that the roll-out went out from."""
    made = F("description__rollout_entries__version__number")
    return Version.objects.filter(description__rollout_entries__rollout=found, number=made - 1)


def _typed(request: HttpRequest, do: str) -> Any:
    """What the form of that button is bound to."""
    return request.POST if request.POST.get("action") == do else None


def _is_open(entry: RolloutEntry) -> bool:
    return entry.review is not None and entry.review.is_open
