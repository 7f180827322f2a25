"""The form of the people of a job description."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from roles import people
from roles.models import JobDescription, User
from roles.models.review_date import DUE_DAYS
from roles.web.shared.dates import DayField
from roles.web.shared.embedded_form import EmbeddedForm
from roles.web.shared.fields import CheckboxList, MultipleModelChoiceField

NO_MANAGERS = _("No hiring managers yet. An administrator can add their accounts.")


class PeopleForm(EmbeddedForm):
    """The owner, the hiring managers and the review date of a job description. `owner_base` is
    the id of the owner that the page showed, to notice a change since."""

    owner_base = forms.IntegerField(required=False, widget=forms.HiddenInput)
    owner = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label=_("Owner"),
        empty_label=None,
        help_text=_("Writes and maintains this job description."),
    )
    hiring_managers = MultipleModelChoiceField(
        queryset=User.objects.none(),
        label=_("Hiring managers"),
        required=False,
        widget=CheckboxList(NO_MANAGERS),
        help_text=_("They can read everything, including pay, and download the PDF."),
    )
    confidential = forms.BooleanField(
        label=_("Confidential"),
        required=False,
        help_text=_(
            "Only the owner and these hiring managers can see it. If that doesn’t include you,"
            " you’ll lose access when you save."
        ),
    )
    review_by = DayField(
        label=_("Review date"),
        required=False,
        help_text=format_lazy(
            _(
                "The owner is reminded on their home page {days} days before this date."
                " Leave blank for no reminder."
            ),
            days=DUE_DAYS,
        ),
    )

    def __init__(self, data: Any, *, description: JobDescription) -> None:
        self.description = description
        managers = [user.pk for user in description.hiring_managers.all()]
        super().__init__(
            data,
            initial={
                "owner": description.owner_id,
                "hiring_managers": managers,
                "confidential": description.confidential,
                "review_by": description.review_by,
            },
        )
        self._offer("owner", people.possible_owners(), [description.owner_id])
        self._offer("hiring_managers", people.possible_hiring_managers(), managers)

    def layout(self) -> Layout:
        # Without `owner_base`: the page shows the present owner's, not the posted one.
        return Layout("owner", "hiring_managers", "confidential", "review_by")

    def _offer(self, name: str, possible: QuerySet[User], present: list[int]) -> None:
        """Offers these accounts and the present ones (ids), as this field's choices."""
        offered = Q(pk__in=possible.order_by().values("pk")) | Q(pk__in=present)
        self.set_queryset(
            name, User.objects.filter(offered).order_by("first_name", "last_name", "username")
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        base = cleaned.pop("owner_base", None)
        if base is not None and base != self.description.owner_id:
            message = _("The owner was changed to %s after you opened this page. Choose again.")
            self.add_error("owner", ValidationError(message % self.description.owner))
        for name in ("owner", "hiring_managers"):
            chosen = cleaned.get(name) or []
            accounts = [chosen] if isinstance(chosen, User) else chosen
            closed = [str(user) for user in accounts if not user.is_active]
            if closed:
                message = _("This account is deactivated: %s. Choose someone else.")
                self.add_error(name, ValidationError(message % ", ".join(closed)))
        if cleaned.get("confidential") and self.description.is_public:
            message = _("It has a public page. To remove the page, select More, then Publish.")
            self.add_error("confidential", ValidationError(message))
        return cleaned
