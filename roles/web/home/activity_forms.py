"""The filters of the activity."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from roles.models import Event, Reviewer, User
from roles.models.job_description import JobDescriptionQuerySet
from roles.permissions import GROUPS
from roles.web.shared import filters
from roles.web.shared.dates import refuse_far

FIRST_DAY = date(1900, 1, 1)
# What was done: name in the URL -> its words, and the verbs of its events.
KINDS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "reviews": (
        _("Reviews: asked and decided"),
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
    "versions": (_("Versions saved"), ("version.saved", "version.restored")),
    "current": (
        _("Effective and public"),
        ("version.effective", "description.published", "description.unpublished"),
    ),
    "drafts": (_("Drafts edited"), ("draft.changed", "draft.undone", "draft.redone")),
    "begun": (
        _("Started, archived"),
        (
            *("description.started", "description.imported"),
            *("description.archived", "description.unarchived"),
        ),
    ),
    "taken": (_("Exports and evidence"), ("version.exported", "evidence.taken")),
    "people": (
        _("Owners and hiring managers"),
        ("people.assigned", "description.transferred", "description.manager_left"),
    ),
}


class ActivityForm(forms.Form):
    """Each field a parameter of the page's URL."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    by = forms.ModelChoiceField(
        label=_("Who"), required=False, queryset=User.objects.none(), empty_label=_("Everybody")
    )
    kind = forms.ChoiceField(
        label=_("What"),
        required=False,
        choices=[("", _("Everything")), *((code, words) for code, (words, _v) in KINDS.items())],
    )
    since = forms.DateField(
        label=_("From"), required=False, validators=[MinValueValidator(FIRST_DAY)]
    )
    to = forms.DateField(label=_("To"), required=False, validators=[refuse_far])

    def __init__(self, data: Any, people: QuerySet[User]) -> None:
        super().__init__(data)
        field = self.fields["by"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  # narrows the type
        field.queryset = people.distinct().order_by("first_name", "username")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, to = cleaned.get("since"), cleaned.get("to")
        if since and to and to < since:
            self.add_error("to", _("This day is before the first one."))
        return cleaned


class ActivityFilter(filters.ListFilter):
    """The events of the job descriptions that a person sees (`visible`) that pass the filters
    of the URL; nothing where a filter makes no sense. `is_wide`: the person sees most of all."""

    def __init__(self, data: Any, visible: JobDescriptionQuerySet, *, is_wide: bool) -> None:
        self.visible, self.is_wide = visible, is_wide
        self.form = ActivityForm(data, _everybody() if is_wide else _acting(visible))
        self.chosen: dict[str, Any] | None = None
        if self.form.is_valid():
            self.chosen = self.form.cleaned_data

    @property
    def until(self) -> datetime | None:
        """The moment at which the days asked for end."""
        to = self.chosen and self.chosen["to"]
        return _midnight(to + timedelta(days=1)) if to else None

    @property
    def found(self) -> QuerySet[Event]:
        chosen = self.chosen
        if chosen is None:
            return Event.objects.none()
        if chosen["q"] or not self.is_wide:
            seen = self.visible.matching(chosen["q"]).order_by()
            found = Event.objects.filter(chain__in=seen.values("reference"))
        else:  # asked event by event, newest first, a database stops after a page
            seen = self.visible.order_by().filter(reference=OuterRef("chain"))
            found = Event.objects.filter(Exists(seen))
        if chosen["by"]:
            found = found.filter(actor_id=chosen["by"].pk)
        if chosen["kind"]:
            found = found.filter(verb__in=KINDS[chosen["kind"]][1])
        if chosen["since"]:
            found = found.filter(at__gte=_midnight(chosen["since"]))
        return found.filter(at__lt=self.until) if self.until else found

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter that the form folds away is set, or makes no sense."""
        return super().is_narrowed or bool(self.form.errors)


def _everybody() -> QuerySet[User]:
    """All who may have done something."""
    writes = Q(is_staff=True) | Q(groups__name__in=[GROUPS["hr"], GROUPS["manager"]])
    return User.objects.filter(writes | Q(pk__in=Reviewer.objects.values("user")))


def _acting(visible: JobDescriptionQuerySet) -> QuerySet[User]:
    """Those who did something to these: who sees little is told of no one else."""
    events = Event.objects.filter(chain__in=visible.order_by().values("reference"))
    return User.objects.filter(pk__in=events.order_by().values("actor_id"))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
