"""A new wording of the library brought to many job descriptions: choose, see, make, approve."""

from __future__ import annotations

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from roles import permissions
from roles.models import Review, Rollout
from roles.views.access import person, requires

SHOWN = 100  # of the list


@require_safe
@requires("rollout.make")
def rollouts(request: HttpRequest) -> HttpResponse:
    """All of them, the newest first, and how far each is."""
    found = Rollout.objects.select_related("revision__snippet", "by", "approver").annotate(
        made=Count("entries", Q(entries__review__isnull=False)),
        approved=Count("entries", Q(entries__review__state="approved")),
        waiting=Count("entries", Q(entries__review=None, entries__reason="")),
    )
    return render(request, "roles/rollouts/list.html", {"rollouts": found[:SHOWN]})


@require_safe
def rollout(request: HttpRequest, rollout: int) -> HttpResponse:
    """How far it is; whoever approves it approves it here."""
    found = get_object_or_404(Rollout.objects.select_related("revision__snippet"), pk=rollout)
    user = person(request)
    asked = Review.objects.asking(user).filter(rollout=found)
    if not (permissions.may(user, "rollout.make") or asked.exists()):
        raise Http404
    return render(request, "roles/rollouts/rollout.html", {"rollout": found})
