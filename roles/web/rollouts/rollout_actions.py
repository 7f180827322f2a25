"""The actions of the buttons on a rollout's page, and their messages."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from roles import permissions, tasks
from roles.models import Rollout
from roles.rollouts import batch_approval
from roles.rollouts.batch_approval import BatchResult
from roles.web.rollouts.rollout_forms import RolloutPageForms
from roles.web.shared import references
from roles.web.shared.access import person

REFERENCES_SHOWN = 5  # references in one message


def perform(
    request: HttpRequest, rollout: Rollout, forms: RolloutPageForms
) -> HttpResponseBase | None:
    """Performs the action of the pressed button. Returns a redirect to the page, or None if the
    form isn't valid. Raises PermissionDenied if the person can't use the button."""
    name = request.POST.get("action", "")
    if name in AUTHOR_ACTIONS and not permissions.may(person(request), "rollout.start"):
        raise PermissionDenied
    if name in REVIEWER_ACTIONS and not _is_reviewer(request, rollout):
        raise PermissionDenied
    action = (AUTHOR_ACTIONS | REVIEWER_ACTIONS).get(name)
    form = forms.by_action.get(name)
    if action is not None:
        if form is not None and not form.is_valid():
            return None
        action(request, rollout, forms)
    return redirect(rollout)


def _is_reviewer(request: HttpRequest, rollout: Rollout) -> bool:
    own = rollout.reviews.filter(reviewers__user=person(request), reviewers__removal_reason="")
    return own.exists()


def _go_on(request: HttpRequest, rollout: Rollout, forms: RolloutPageForms) -> None:
    tasks.continue_rollout(rollout)


def _approve(request: HttpRequest, rollout: Rollout, forms: RolloutPageForms) -> None:
    _approve_references(request, rollout, references.valid(request.POST.getlist("jd")))


def _approve_all(request: HttpRequest, rollout: Rollout, forms: RolloutPageForms) -> None:
    _approve_references(request, rollout, None)


def _approve_references(request: HttpRequest, rollout: Rollout, chosen: list[str] | None) -> None:
    results = batch_approval.approve_all(rollout=rollout, by=person(request), references=chosen)
    _report(
        request,
        results,
        lambda count: ngettext(
            "Approved in %d job description.",
            "Approved in %d job descriptions.",
            count,
        ),
    )


def _ask_for_changes(request: HttpRequest, rollout: Rollout, forms: RolloutPageForms) -> None:
    results = batch_approval.ask_for_changes(
        rollout=rollout, by=person(request), **forms.changes.cleaned_data
    )
    _report(
        request,
        results,
        lambda count: ngettext(
            "Changes requested in %d job description.",
            "Changes requested in %d job descriptions.",
            count,
        ),
    )


def _make_current(request: HttpRequest, rollout: Rollout, forms: RolloutPageForms) -> None:
    results = batch_approval.make_effective(
        rollout=rollout, by=person(request), **forms.effective.cleaned_data
    )
    _report(
        request,
        results,
        lambda count: ngettext("%d version made current.", "%d versions made current.", count),
    )


def _withdraw(request: HttpRequest, rollout: Rollout, forms: RolloutPageForms) -> None:
    results = batch_approval.withdraw(
        rollout=rollout, by=person(request), **forms.withdraw.cleaned_data
    )
    _report(
        request,
        results,
        lambda count: ngettext("%d review withdrawn.", "%d reviews withdrawn.", count),
    )


Action = Callable[[HttpRequest, Rollout, RolloutPageForms], None]
AUTHOR_ACTIONS: dict[str, Action] = {
    "go_on": _go_on,
    "current": _make_current,
    "withdraw": _withdraw,
}
REVIEWER_ACTIONS: dict[str, Action] = {
    "approve": _approve,
    "approve_all": _approve_all,
    "ask_for_changes": _ask_for_changes,
}


def _report(
    request: HttpRequest, results: Sequence[BatchResult], message: Callable[[int], str]
) -> None:
    """Adds a message with the number of successful results, and one for each reason with its
    references."""
    done = sum(result.is_done for result in results)
    if done:
        messages.success(request, message(done) % done)
    by_reason: dict[str, list[str]] = {}
    for result in results:
        if result.reason:
            by_reason.setdefault(result.reason, []).append(result.description.reference)
    for reason, refused in by_reason.items():
        shown = ", ".join(refused[:REFERENCES_SHOWN])
        more = len(refused) - REFERENCES_SHOWN
        shown += _(" and %d more") % more if more > 0 else ""
        messages.warning(request, f"{reason} ({shown})")
    if not results:
        messages.info(request, _("Nothing left to do."))
