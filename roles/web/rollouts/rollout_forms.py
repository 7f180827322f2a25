"""Forms of rollouts: filters, start, request changes, and withdraw."""

from __future__ import annotations

from operator import itemgetter
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from roles import languages, limits
from roles.exporters import localized
from roles.models import (
    EffectivePeriod,
    JobDescription,
    Location,
    User,
)
from roles.models.job_description import JobDescriptionQuerySet
from roles.web.shared import filters
from roles.web.shared.dates import DueDateField, EffectiveDateForm
from roles.web.shared.embedded_form import EmbeddedForm
from roles.web.shared.fields import ParagraphField


def _languages() -> list[tuple[str, str]]:
    """Returns the languages of all job descriptions, by name. Those whose language is detected
    count as English, the default."""
    codes = JobDescription.objects.order_by("language").values_list("language", flat=True)
    used = {code or languages.DEFAULT for code in codes.distinct()}
    return sorted(((code, localized.language_name(code)) for code in used), key=itemgetter(1))


class RolloutFilter(filters.BaseDescriptionFilter):
    """The job descriptions that use the previous wording of a snippet."""

    sort_columns: ClassVar = {"reference": "reference", "title": Lower("title")}
    sort_labels: ClassVar = {"reference": _("Reference, ascending"), "title": _("Title, A to Z")}
    default_sort = "reference"

    location = django_filters.ModelChoiceFilter(
        field_name="locations",
        queryset=Location.objects.all(),
        label=_("Location"),
        empty_label=_("All"),
    )
    language = django_filters.ChoiceFilter(
        choices=_languages, method="filter_language", label=_("Language"), empty_label=_("All")
    )
    current = django_filters.ChoiceFilter(
        choices=[("today", _("Has a current version"))],
        method="filter_current",
        label=_("Current version"),
        empty_label=_("All"),
    )

    def filter_language(
        self, descriptions: JobDescriptionQuerySet, name: str, value: str
    ) -> JobDescriptionQuerySet:
        detected = [""] if value == languages.DEFAULT else []
        return descriptions.filter(language__in=[value, *detected])

    def filter_current(
        self, descriptions: JobDescriptionQuerySet, name: str, value: str
    ) -> JobDescriptionQuerySet:
        today = EffectivePeriod.objects.on(timezone.localdate())
        return descriptions.filter(Exists(today.filter(description=OuterRef("pk"))))

    @property
    def hidden_filters(self) -> list[tuple[str, str, Any]]:
        """The snippet in the URL."""
        label = _("With an earlier wording")
        return [("snippet", self.data.get("snippet", ""), label)]

    @property
    def results(self) -> QuerySet[JobDescription]:
        """The filtered job descriptions in order, without archived ones."""
        descriptions: QuerySet[JobDescription] = self.qs
        return self.order.applied(descriptions.exclude(status="archived"))


class RolloutForm(EmbeddedForm):
    """Starts a rollout: approver, due date, and note. `revision` is the id of the revision that
    the page showed."""

    error_summary = _(
        "Rollout not started. Fix the errors below. Your changes are still on the page."
    )

    revision = forms.IntegerField(min_value=1, max_value=2**31, widget=forms.HiddenInput)
    approver = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label=_("Approver"),
        empty_label=_("Select a person"),
        help_text=_("Approves the change for all job descriptions. You can’t choose yourself."),
        error_messages={"required": _("Select an approver.")},
    )
    due = DueDateField(
        label=_("Due date"),
        required=False,
        help_text=_("Optional. The approver is reminded around this date."),
    )
    note = ParagraphField(
        label=_("Note to the approver"),
        required=False,
        max_length=limits.COMMENT_LIMIT,
    )

    def __init__(self, data: Any, *, by: User, revision: int) -> None:
        super().__init__(data, initial={"revision": revision})
        people = User.objects.filter(is_active=True).exclude(pk=by.pk)
        self.set_queryset("approver", people.order_by("first_name", "last_name", "username"))


class RequestChangesForm(EmbeddedForm):
    """The changes that an approver requests."""

    reason = ParagraphField(
        label=_("What should change?"),
        max_length=limits.COMMENT_LIMIT,
        rows=3,
        error_messages={"required": _("Enter what should change.")},
    )


class WithdrawRolloutForm(EmbeddedForm):
    """The reason for withdrawing a rollout."""

    reason = ParagraphField(
        label=_("Reason (optional)"),
        required=False,
        max_length=limits.COMMENT_LIMIT,
    )


class RolloutPageForms:
    """The forms on the page of a rollout; the submitted one is bound."""

    def __init__(self, request: HttpRequest) -> None:
        action = request.POST.get("action") if request.method == "POST" else None

        def data(name: str) -> Any:
            return request.POST if action == name else None

        self.changes = RequestChangesForm(data("ask_for_changes"), auto_id="changes_%s")
        self.effective = EffectiveDateForm(data("current"))
        self.effective.fields["since"].help_text = _(
            "Today or later. Only owners and administrators can make versions current."
        )
        self.withdraw = WithdrawRolloutForm(data("withdraw"), auto_id="withdraw_%s")

    @property
    def by_action(self) -> dict[str, forms.Form]:
        """The form of each button; other buttons have none."""
        return {
            "ask_for_changes": self.changes,
            "current": self.effective,
            "withdraw": self.withdraw,
        }

    @property
    def has_errors(self) -> bool:
        return any(form.errors for form in self.by_action.values())

    def context(self) -> dict[str, Any]:
        """Returns the forms by their name in the templates."""
        return {
            "changes_form": self.changes,
            "effective_form": self.effective,
            "withdraw_form": self.withdraw,
        }
