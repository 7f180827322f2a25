"""The filters of the list of job descriptions."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Case, F, QuerySet, Value, When
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from roles.models import (
    JobDescription,
    Review,
    Reviewer,
    User,
)
from roles.models.job_description import STATUSES, JobDescriptionQuerySet
from roles.web.shared import filters

# What the list can be sorted by: name in the URL -> order.
SORTS: dict[str, Lower | F | Case] = {
    "title": Lower("title"),
    "reference": F("reference"),
    # From draft to archived, in the order of the table of statuses.
    "status": Case(
        *(When(shown_status=code, then=Value(place)) for place, code in enumerate(STATUSES))
    ),
    "changed": F("changed_at"),
}


DEFAULT_SORT = "-changed"


SORT_WORDS = {
    "-changed": _("Changed, newest first"),
    "changed": _("Changed, oldest first"),
    "title": _("Title, A to Z"),
    "-title": _("Title, Z to A"),
    "reference": _("Reference, up"),
    "-reference": _("Reference, down"),
    "status": _("Status, A to Z"),
    "-status": _("Status, Z to A"),
}


WAITING = {
    "any": _("All in review"),
    "me": _("Waiting for you"),
    "author": _("Waiting for their authors"),
    "overdue": _("Overdue"),
}


class DescriptionFilter(filters.PlacedFilter):
    """The filters of the list, each a parameter of its URL. Archived ones are shown only
    when asked for."""

    sort_words = SORT_WORDS
    default_sort = DEFAULT_SORT

    status = django_filters.ChoiceFilter(
        field_name="shown_status",
        choices=list(STATUSES.items()),
        label=_("Status"),
        empty_label=_("All but archived"),
    )
    owner = django_filters.ModelChoiceFilter(
        queryset=User.objects.none(), label=_("Owner"), empty_label=_("All")
    )
    waiting = django_filters.ChoiceFilter(
        method="waiting_for", label=_("In review"), empty_label=_("All")
    )
    # Set by links of the home page, not in the form.
    named = django_filters.ChoiceFilter(
        choices=[("me", _("Only those that name you as hiring manager."))],
        method="with_hiring_manager",
        widget=forms.HiddenInput,
    )
    review = django_filters.ChoiceFilter(
        choices=[("due", _("Only those to be looked at again within 30 days."))],
        method="due",
        widget=forms.HiddenInput,
    )

    def __init__(self, data: Any, queryset: JobDescriptionQuerySet, user: User) -> None:
        super().__init__(data, queryset.with_shown_status())
        self.user = user
        owners = User.objects.filter(pk__in=queryset.order_by().values("owner"))
        self.filters["owner"].queryset = owners.order_by("first_name", "username")
        self.filters["waiting"].extra["choices"] = [*WAITING.items(), *_waited_for(queryset)]

    def waiting_for(
        self, found: JobDescriptionQuerySet, name: str, whom: str
    ) -> JobDescriptionQuerySet:
        reviews = Review.objects.open()
        if whom == "me":
            reviews = reviews.turn_of(self.user)
        elif whom == "author":
            reviews = reviews.waiting_for_authors()
        elif whom == "overdue":
            reviews = reviews.overdue()
        elif whom.startswith("user-"):
            reviews = reviews.waiting_for(User(pk=int(whom.removeprefix("user-"))))
        return found.filter(pk__in=reviews.order_by().values("description"))

    def with_hiring_manager(
        self, found: JobDescriptionQuerySet, name: str, who: str
    ) -> JobDescriptionQuerySet:
        return found.with_hiring_manager(self.user)

    def due(self, found: JobDescriptionQuerySet, name: str, when: str) -> JobDescriptionQuerySet:
        return found.due()

    @property
    def found(self) -> QuerySet[JobDescription]:
        """The job descriptions that pass the filters, in order."""
        chosen: QuerySet[JobDescription] = self.qs
        if not (self.form.is_valid() and self.form.cleaned_data["status"]):
            chosen = chosen.exclude(status="archived")
        column = SORTS[self.sort.removeprefix("-")]
        order = column.desc() if self.sort.startswith("-") else column.asc()
        return chosen.order_by(order, "-pk")


def _waited_for(queryset: JobDescriptionQuerySet) -> list[tuple[str, str]]:
    """The people that reviews of these wait for, as choices."""
    reviewers = Reviewer.objects.filter(
        removal_reason="", waiting_since__isnull=False, review__state="open"
    )
    within = reviewers.filter(review__description__in=queryset.order_by().values("pk"))
    people = User.objects.filter(pk__in=within.values("user")).order_by("first_name", "username")
    return [(f"user-{user.pk}", _("Waiting for %s") % user) for user in people]
