"""The form that changes the selected job descriptions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from roles import people
from roles.drafts.bulk_change import BulkChange
from roles.models import Department, JobFamily, User, department_access
from roles.web.descriptions.description_forms import NO_MANAGERS
from roles.web.shared.dates import DayField, refuse_far
from roles.web.shared.embedded_form import EmbeddedForm
from roles.web.shared.fields import CheckboxList, MultipleModelChoiceField

NO_CHANGE = _("No change")
REMOVE = "remove"  # no row has this id
MODELS: dict[str, type[Department | JobFamily]] = {
    "department": Department,
    "job_family": JobFamily,
}


class ChangeSelectedForm(EmbeddedForm):
    """What to change in all of the selected job descriptions. A blank field changes nothing."""

    department = forms.ChoiceField(label=_("Department"), required=False)
    job_family = forms.ChoiceField(
        label=_("Job family"),
        required=False,
        help_text=_("References stay the same."),
    )
    added_managers = MultipleModelChoiceField(
        queryset=User.objects.none(),
        label=_("Add hiring managers"),
        required=False,
        widget=CheckboxList(NO_MANAGERS),
    )
    removed_managers = MultipleModelChoiceField(
        queryset=User.objects.none(),
        label=_("Remove hiring managers"),
        required=False,
        widget=CheckboxList(_("The selected job descriptions have no hiring managers.")),
    )
    review_by = DayField(label=_("New review date"), required=False, validators=[refuse_far])
    removes_review_date = forms.BooleanField(label=_("Remove the review date"), required=False)
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", NO_CHANGE), ("archive", _("Archive")), ("restore", _("Restore"))],
        help_text=_("Archiving withdraws open reviews and removes public pages."),
    )

    def __init__(self, data: Any, *, user: User, managers: set[User]) -> None:
        """`user` makes the change, and can choose only departments that they see; `managers` can
        be removed."""
        super().__init__(data)
        is_limited = department_access.is_limited(user)
        for name, model in MODELS.items():
            rows = [
                (str(row.pk), str(row))
                for row in model._default_manager.all()
                if not (is_limited and name == "department" and row.pk not in user.department_ids)
            ]
            remove = (REMOVE, _("None (remove)"))
            self.set_choices(name, [("", NO_CHANGE), remove, *rows])
        self.set_queryset("added_managers", people.possible_hiring_managers())
        present = User.objects.filter(pk__in=[user.pk for user in managers])
        self.set_queryset("removed_managers", present.order_by("first_name", "last_name"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("review_by") and cleaned.get("removes_review_date"):
            message = _("Enter a new date or remove the date, not both.")
            self.add_error("review_by", ValidationError(message))
        both = {*cleaned.get("added_managers", ())} & {*cleaned.get("removed_managers", ())}
        if both:
            names = ", ".join(sorted(map(str, both)))
            message = _("Add or remove these people, not both: %s.")
            self.add_error("removed_managers", ValidationError(message % names))
        if not self.errors and not any(cleaned.values()):
            raise ValidationError(_("Nothing to change yet. Fill in at least one field."))
        return cleaned

    def change(self) -> BulkChange:
        """Returns the change of a valid form."""
        cleaned = self.cleaned_data
        facts = {
            name: None if cleaned[name] == REMOVE else model._default_manager.get(pk=cleaned[name])
            for name, model in MODELS.items()
            if cleaned[name]
        }
        return BulkChange(
            facts,
            added_managers=frozenset(cleaned["added_managers"]),
            removed_managers=frozenset(cleaned["removed_managers"]),
            review_by=cleaned["review_by"],
            removes_review_date=cleaned["removes_review_date"],
            archives=cleaned["status"] == "archive",
            restores=cleaned["status"] == "restore",
        )
