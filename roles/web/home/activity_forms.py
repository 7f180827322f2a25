"""The filters of the activity."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django import forms
from django.core.validators import MinValueValidator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from roles.models import Event, Reviewer, User
from roles.models.job_description import JobDescriptionQuerySet
from roles.permissions import GROUPS
from roles.web.shared import filters
from roles.web.shared.dates import DateInput, refuse_far

FIRST_DAY = date(1900, 1, 1)
# Type of activity: value in the URL -> its label, and the verbs of its events.
KINDS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "reviews": (
        _("Reviews and decisions"),
        (
            *("review.asked", "review.round", "review.added", "review.released"),
            *("review.replaced", "review.delegated", "review.joined", "review.decided"),
            *("review.rescheduled", "review.withdrawn", "version.approved"),
        ),
    ),
    "said": (
        _("Comments and suggestions"),
        (
            *("review.commented", "review.suggested", "review.answered"),
            *("review.resolved", "review.reopened"),
        ),
    ),
    "versions": (_("Saved versions"), ("version.saved", "version.restored")),
    "current": (
        _("Current and public"),
        ("version.effective", "description.published", "description.unpublished"),
    ),
    "drafts": (_("Draft edits"), ("draft.changed", "draft.undone", "draft.redone")),
    "begun": (
        _("Created and archived"),
        (
            *("description.started", "description.imported"),
            *("description.archived", "description.unarchived"),
        ),
    ),
    "taken": (_("Exports and audit records"), ("version.exported", "evidence.taken")),
    "people": (
        _("Owners and hiring managers"),
        ("people.assigned", "description.transferred", "description.manager_left"),
    ),
}


class ActivityFilterForm(forms.Form):
    """Checks that the end date isn't before the start date."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, to = cleaned.get("since"), cleaned.get("to")
        if since and to and to < since:
            self.add_error("to", _("The end date is before the start date. Choose a later date."))
        return cleaned


class ActivityFilter(filters.ListFilter):
    """The filters of the activity of the job descriptions in `visible`. `is_wide`: the person
    can see most job descriptions, so visibility is checked event by event."""

    is_empty_when_invalid = True

    q = filters.search_filter(_("Title or reference"), _("Job description"))
    by = django_filters.ModelChoiceFilter(
        method="filter_actor",
        queryset=User.objects.none(),
        label=_("Person"),
        empty_label=_("Everyone"),
    )
    kind = django_filters.ChoiceFilter(
        choices=[(code, label) for code, (label, _verbs) in KINDS.items()],
        method="filter_kind",
        label=_("Type"),
        empty_label=_("All"),
    )
    since = django_filters.DateFilter(
        method="filter_since",
        label=_("From"),
        validators=[MinValueValidator(FIRST_DAY)],
        widget=DateInput,
    )
    to = django_filters.DateFilter(
        method="filter_to", label=_("To"), validators=[refuse_far], widget=DateInput
    )

    class Meta:
        model = Event
        fields: list[str] = []
        form = ActivityFilterForm

    def __init__(self, data: Any, visible: JobDescriptionQuerySet, *, is_wide: bool) -> None:
        super().__init__(data, Event.objects.all())
        self.visible, self.is_wide = visible, is_wide
        people = _possible_actors() if is_wide else _actors(visible)
        self.filters["by"].queryset = people.distinct().order_by("first_name", "username")

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        words = self.value("q")
        if words or not self.is_wide:
            visible = self.visible.matching(words or "").order_by()
            events = queryset.filter(chain__in=visible.values("reference"))
        else:  # checks event by event, newest first: the database stops after one page
            visible = self.visible.order_by().filter(reference=OuterRef("chain"))
            events = queryset.filter(Exists(visible))
        return super().filter_queryset(events)

    def search(self, events: QuerySet[Event], name: str, words: str) -> QuerySet[Event]:
        return events  # `filter_queryset` has searched the job descriptions

    def filter_actor(self, events: QuerySet[Event], name: str, actor: User) -> QuerySet[Event]:
        return events.filter(actor_id=actor.pk)

    def filter_kind(self, events: QuerySet[Event], name: str, kind: str) -> QuerySet[Event]:
        return events.filter(verb__in=KINDS[kind][1])

    def filter_since(self, events: QuerySet[Event], name: str, day: date) -> QuerySet[Event]:
        return events.filter(at__gte=_midnight(day))

    def filter_to(self, events: QuerySet[Event], name: str, day: date) -> QuerySet[Event]:
        return events.filter(at__lt=self.until)

    @property
    def until(self) -> datetime | None:
        """Returns the end of the last day (exclusive), or None without one."""
        to = self.value("to")
        return _midnight(to + timedelta(days=1)) if to else None

    @property
    def results(self) -> QuerySet[Event]:
        """The events that pass the filters, in no order."""
        events: QuerySet[Event] = self.qs
        return events


def _possible_actors() -> QuerySet[User]:
    """Return the accounts that might have changed or reviewed a job description."""
    writes = Q(is_staff=True) | Q(groups__name__in=[GROUPS["hr"], GROUPS["manager"]])
    reviews = Exists(Reviewer.objects.order_by().filter(user=OuterRef("pk")))
    return User.objects.filter(writes | reviews)


def _actors(visible: JobDescriptionQuerySet) -> QuerySet[User]:
    """Return the actors in the events of these job descriptions. A person who can see only a few
    doesn't learn the names of other people."""
    events = Event.objects.filter(chain__in=visible.order_by().values("reference"))
    return User.objects.filter(pk__in=events.order_by().values("actor_id"))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
