"""The filters of the list of job descriptions, also used by bulk exports."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Case, Exists, OuterRef, QuerySet, Value, When
from django.db.models.functions import Lower
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from roles.models import JobDescription, Review, Reviewer, User
from roles.models.job_description import STATUSES, JobDescriptionQuerySet
from roles.models.review_date import DUE_DAYS
from roles.search import description_search
from roles.web.shared import filters
from roles.web.shared.sort_order import SortOrder

WAITING_CHOICES = {
    "any": _("All in review"),
    "me": _("Needs your review"),
    "author": _("Awaiting the author"),
    "overdue": _("Overdue"),
}


# From draft to archived, in the order of STATUSES.
STATUS_RANK = Case(
    *(When(shown_status=code, then=Value(rank)) for rank, code in enumerate(STATUSES))
)
# Of one status: the newest first. The statuses are parts of the list.
STATUS_ORDERS = {name: SortOrder(name, (), is_descending=True) for name in ("status", "-status")}


def in_order(
    rows: QuerySet[JobDescription], listed: filters.ListFilter
) -> QuerySet[JobDescription]:
    """Returns the rows in the order of a list that offers these sorts, by status as well."""
    if listed.sort in STATUS_ORDERS:
        is_descending = listed.sort.startswith("-")
        return rows.order_by(STATUS_RANK.desc() if is_descending else STATUS_RANK.asc(), "-pk")
    return listed.order.applied(rows)


class DescriptionFilter(filters.BaseDescriptionFilter):
    """The filters of the list of job descriptions. Archived ones are listed only when the
    filter asks for them."""

    sort_columns = {
        "title": Lower("title"),
        "reference": "reference",
        "changed": "changed_at",
    }
    sort_labels = {
        filters.BEST: _("Best match"),
        "-changed": _("Changed, newest first"),
        "changed": _("Changed, oldest first"),
        "title": _("Title, A to Z"),
        "-title": _("Title, Z to A"),
        "reference": _("Reference, ascending"),
        "-reference": _("Reference, descending"),
        "status": _("Status, draft first"),
        "-status": _("Status, archived first"),
    }
    default_sort = "-changed"

    status = django_filters.ChoiceFilter(
        method="filter_status",
        choices=list(STATUSES.items()),
        label=_("Status"),
        empty_label=_("All except archived"),
    )
    owner = django_filters.ModelChoiceFilter(
        queryset=User.objects.none(), label=_("Owner"), empty_label=_("All")
    )
    waiting = django_filters.ChoiceFilter(
        method="filter_waiting", label=_("In review"), empty_label=_("All")
    )
    # Set by links of the home page; the form has no field for them.
    hiring_manager = django_filters.ChoiceFilter(
        choices=[("me", _("You’re the hiring manager"))],
        method="filter_hiring_manager",
        widget=forms.HiddenInput,
    )
    review = django_filters.ChoiceFilter(
        choices=[
            (
                "due",
                format_lazy(_("Due for review within {days} days"), days=DUE_DAYS),
            )
        ],
        method="filter_due",
        widget=forms.HiddenInput,
    )

    def __init__(self, data: Any, queryset: JobDescriptionQuerySet, user: User) -> None:
        super().__init__(data, queryset.with_shown_status())
        self.user = user
        visible = queryset.order_by()
        owners = User.objects.filter(Exists(visible.filter(owner=OuterRef("pk"))))
        self.filters["owner"].queryset = owners.order_by("first_name", "username")
        choices = [*WAITING_CHOICES.items(), *_pending_reviewer_choices(visible)]
        self.filters["waiting"].extra["choices"] = choices

    def filter_status(
        self, descriptions: JobDescriptionQuerySet, name: str, status: str
    ) -> JobDescriptionQuerySet:
        return descriptions.shown_as(status)

    def filter_waiting(
        self, descriptions: JobDescriptionQuerySet, name: str, value: str
    ) -> JobDescriptionQuerySet:
        """Keep those with an open review that is awaiting the chosen person."""
        reviews = Review.objects.open()
        if value == "me":
            reviews = reviews.turn_of(self.user)
        elif value == "author":
            reviews = reviews.waiting_for_authors()
        elif value == "overdue":
            reviews = reviews.overdue()
        elif value.startswith("user-"):
            reviews = reviews.awaiting(User(pk=int(value.removeprefix("user-"))))
        return descriptions.filter(pk__in=reviews.order_by().values("description"))

    def filter_hiring_manager(
        self, descriptions: JobDescriptionQuerySet, name: str, value: str
    ) -> JobDescriptionQuerySet:
        return descriptions.with_hiring_manager(self.user)

    def filter_due(
        self, descriptions: JobDescriptionQuerySet, name: str, value: str
    ) -> JobDescriptionQuerySet:
        return descriptions.due()

    @property
    def results(self) -> JobDescriptionQuerySet:
        """The job descriptions that pass the filters, in no order."""
        descriptions: JobDescriptionQuerySet = self.qs
        return descriptions if self.value("status") else descriptions.not_archived()

    @property
    def ordered(self) -> QuerySet[JobDescription]:
        """All that pass the filters, in order. A page of them is read in `parts`."""
        return in_order(self.results, self)

    @property
    def order(self) -> SortOrder:
        return STATUS_ORDERS.get(self.sort) or super().order

    @property
    def parts(self) -> list[JobDescriptionQuerySet]:
        """The job descriptions in the parts of their order: one for each status, from draft to
        archived, if they are sorted by it; the best matches first, if words are searched."""
        results = self.results
        if self.sort == filters.BEST:
            return description_search.drafts_by_fit(results, self.words)
        if self.sort not in STATUS_ORDERS:
            return [results]
        statuses = reversed(STATUSES) if self.sort.startswith("-") else STATUSES
        return [results.shown_as(status) for status in statuses]


def _pending_reviewer_choices(visible: JobDescriptionQuerySet) -> list[tuple[str, str]]:
    """Return the people whose approval of one of these job descriptions is pending, as choices."""
    reviewers = Reviewer.objects.awaited().filter(user=OuterRef("pk"), review__state="open")
    of_visible = Exists(visible.filter(pk=OuterRef("review__description")))
    found = User.objects.filter(Exists(reviewers.filter(of_visible)))
    people = found.order_by("first_name", "username")
    return [(f"user-{user.pk}", _("Awaiting %s") % user) for user in people]
