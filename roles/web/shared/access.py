"""Loading objects with permission: 404 for what a person can't see, 403 for what they can't do."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.account.internal.flows import reauthentication
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from roles import permissions
from roles.models import JobDescription, Review, User, Version
from roles.reviews import review_access
from roles.web.shared import guest_session


def person(request: HttpRequest) -> User:
    """Returns the signed-in account."""
    return cast(User, request.user)


def requires(action: str) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., Any]]:
    """Returns a decorator that limits a view to people whose kind allows the action. Others get
    403."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not permissions.may(person(request), action):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return checked

    return decorate


def confirms_identity(
    view: Callable[..., HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Limits a view to people who signed in, or confirmed who they are, in the last minutes
    (settings.ACCOUNT_REAUTHENTICATION_TIMEOUT). Others do so first; a form is submitted then."""

    @wraps(view)
    def confirmed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        reauthentication.raise_if_reauthentication_required(request, app="roles")
        return view(request, *args, **kwargs)

    return confirmed


def get_description(
    request: HttpRequest, reference: str, action: str, *, alone: bool = False
) -> JobDescription:
    """Returns the job description with this reference. Raises Http404 where the person can't see
    it, PermissionDenied where they can't do `action`. `alone` leaves out related rows that only
    pages show, for responses that are files."""
    user = person(request)
    visible = JobDescription.objects.visible_to(user)
    if alone:
        visible = visible.defer("search_text", "similar_titles", "custom_facts")
    else:
        visible = visible.with_shown_status().select_related(
            "owner", "department", "job_family", "job_level", "template"
        )
    found = visible.prefetch_related("hiring_managers")
    description = get_object_or_404(found, reference=reference)
    if not permissions.may(user, action, description.relations_of(user)):
        raise PermissionDenied
    return description


def get_version(description: JobDescription, number: int, *, alone: bool = False) -> Version:
    """Returns a version of a job description that was loaded with permission, or raises Http404.
    `alone` defers its text and author."""
    found = Version.objects.all()
    found = found.defer("text") if alone else found.select_related("author")
    version = get_object_or_404(found, description=description, number=number)
    version.description = description
    return version


def get_reader(request: HttpRequest, pk: int, action: str) -> review_access.Reader:
    """Returns the reader of a review, an account or a guest. Raises Http404 where they can't see
    it, PermissionDenied where they can't do `action`."""
    found = Review.objects.select_related("description__owner", "requested_by")
    review = get_object_or_404(found, pk=pk)
    user = person(request) if request.user.is_authenticated else None
    reader = review_access.reader(review, user, guest_session.guest_reviewer(request))
    if reader is None:
        raise Http404
    if not reader.may(action):
        raise PermissionDenied
    return reader


def audience_of(request: HttpRequest, description: JobDescription) -> str:
    """Returns the audience requested with ?audience=, or the widest one that the person can see."""
    user = person(request)
    widest = permissions.audience(user, description.relations_of(user))
    requested = request.GET.get("audience", widest)
    return requested if requested in permissions.audiences_within(widest) else widest
