"""Forms of a rollout: the job descriptions, the approver, and answers for the batch."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from roles import vocabulary
from roles.models import (
    EffectivePeriod,
    JobDescription,
    Location,
    User,
)
from roles.models.job_description import JobDescriptionQuerySet
from roles.web.shared import filters
from roles.web.shared.dates import DayField, EffectiveDateForm, refuse_far
from roles.web.shared.fields import ParagraphField


class RolloutFilter(filters.PlacedFilter):
    """Which of those that hold the wording before, each filter a parameter of the URL."""

    sort_words: ClassVar = {"reference": _("Reference, up"), "title": _("Title, A to Z")}
    default_sort = "reference"

    location = django_filters.ModelChoiceFilter(
        field_name="locations",
        queryset=Location.objects.all(),
        label=_("Location"),
        empty_label=_("All"),
    )
    language = django_filters.AllValuesFilter(label=_("Language"), empty_label=_("All"))
    holds = django_filters.ChoiceFilter(
        choices=[("today", _("With a version in effect"))],
        method="holding",
        label=_("In effect"),
        empty_label=_("All"),
    )

    def holding(
        self, found: JobDescriptionQuerySet, name: str, when: str
    ) -> JobDescriptionQuerySet:
        today = EffectivePeriod.objects.on(timezone.localdate())
        return found.filter(Exists(today.filter(description=OuterRef("pk"))))

    @property
    def said(self) -> list[tuple[str, str, Any]]:
        """What the URL says beside the fields: which text of the library it is about."""
        words = _("Only those with the wording before.")
        return [("snippet", self.data.get("snippet", ""), words)]

    @property
    def found(self) -> QuerySet[JobDescription]:
        """Those that pass, but for the archived ones, in order."""
        chosen: QuerySet[JobDescription] = self.qs
        return chosen.exclude(status="archived").order_by(self.sort, "pk")


class RolloutForm(forms.Form):
    """The approver of the new wording for the whole batch, the due date and a note. `revision` is
    the one that the page showed."""

    revision = forms.IntegerField(min_value=1, max_value=2**31, widget=forms.HiddenInput)
    approver = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label=_("Approver"),
        empty_label=_("Choose a person"),
        help_text=_("Approves this wording once, for all of them. It cannot be you."),
        error_messages={"required": _("Choose who approves it.")},
    )
    due = DayField(label=_("Wanted by"), required=False)
    note = ParagraphField(
        label=_("Note to the approver"),
        required=False,
        max_length=vocabulary.COMMENT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any, *, by: User, revision: int) -> None:
        super().__init__(data, initial={"revision": revision})
        field = self.fields["approver"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  # narrows the type
        people = User.objects.filter(is_active=True).exclude(pk=by.pk)
        field.queryset = people.order_by("first_name", "last_name", "username")

    def clean_due(self) -> date | None:
        due: date | None = self.cleaned_data["due"]
        if due and due < timezone.localdate():
            raise ValidationError(_("This day is over. Choose today or a later one."))
        refuse_far(due)
        return due


class RequestChangesForm(forms.Form):
    """The changes that the approver asks for."""

    reason = ParagraphField(
        label=_("What should read otherwise?"),
        max_length=vocabulary.COMMENT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what should read otherwise.")},
    )


class WithdrawRolloutForm(forms.Form):
    """The reason for withdrawing the batch."""

    reason = ParagraphField(
        label=_("Why, if the approver should know"),
        required=False,
        max_length=vocabulary.COMMENT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RolloutPageForms:
    """The forms on the page of a rollout; the one whose button was pressed is bound."""

    def __init__(self, request: HttpRequest) -> None:
        action = request.POST.get("action") if request.method == "POST" else None

        def data(name: str) -> Any:
            return request.POST if action == name else None

        self.changes = RequestChangesForm(data("ask_for_changes"))
        self.effective = EffectiveDateForm(data("current"))
        self.withdraw = WithdrawRolloutForm(data("withdraw"))

    @property
    def by_action(self) -> dict[str, forms.Form]:
        """The form that each button sends; the other buttons send none."""
        return {
            "ask_for_changes": self.changes,
            "current": self.effective,
            "withdraw": self.withdraw,
        }

    @property
    def has_errors(self) -> bool:
        return any(form.errors for form in self.by_action.values())

    def context(self) -> dict[str, Any]:
        """The forms under the names that the templates use."""
        return {
            "changes_form": self.changes,
            "effective_form": self.effective,
            "withdraw_form": self.withdraw,
        }
